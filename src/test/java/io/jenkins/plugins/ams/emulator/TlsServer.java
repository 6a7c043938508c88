/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/**
 * An HTTP/1.1 server over TLS on the loopback address. The JDK's server is not suitable: it cannot reset connections,
 * changes the case of header names (MSAL4J is case-sensitive) and blocks a thread per connection during the handshake.
 */
final class TlsServer implements NetLoop.Ready, AutoCloseable {

    private static final Logger LOGGER = Logger.getLogger(TlsServer.class.getName());

    private final ServerSocketChannel server;
    private final SSLContext context;
    private final Function<Request, Response> handler;
    private final NetLoop[] loops;
    private int next;
    private volatile boolean http2;

    /**
     * Starts the server.
     *
     * @param port the port, or 0 for any free port
     * @param handler the function that responds to requests, which must not block
     */
    TlsServer(int port, SSLContext context, Function<Request, Response> handler) throws IOException {
        this.context = context;
        this.handler = handler;
        this.server = ServerSocketChannel.open();
        server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        server.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), 4096);
        server.configureBlocking(false);
        this.loops = new NetLoop[] {new NetLoop(), new NetLoop()};
        server.register(loops[0].selector(), SelectionKey.OP_ACCEPT, this);
        for (NetLoop loop : loops) {
            loop.start();
        }
    }

    int port() {
        return server.socket().getLocalPort();
    }

    /** Returns the number of open connections. */
    int connections() {
        int keys = 0;
        for (NetLoop loop : loops) {
            keys += loop.selector().keys().size();
        }
        return keys - 1; // without the server socket
    }

    /** Stops serving the open connections without closing them, and returns when this has taken effect. */
    void silenceConnections() {
        for (NetLoop loop : loops) {
            CompletableFuture<Void> done = new CompletableFuture<>();
            loop.execute(() -> {
                for (SelectionKey key : loop.selector().keys()) {
                    if (key.attachment() instanceof HttpConnection connection) {
                        connection.silence();
                    }
                }
                done.complete(null);
            });
            done.join();
        }
    }

    /** Makes new connections negotiate HTTP/2 with clients that support it, although the server cannot serve it. */
    void offerHttp2() {
        http2 = true;
    }

    @Override
    public void ready(SelectionKey key) throws IOException {
        for (SocketChannel channel = server.accept(); channel != null; channel = server.accept()) {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            NetLoop loop = loops[next++ % loops.length];
            SocketChannel accepted = channel;
            loop.execute(() -> register(loop, accepted));
        }
    }

    private void register(NetLoop loop, SocketChannel channel) {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        if (http2) {
            engine.setHandshakeApplicationProtocolSelector(
                    (connection, offered) -> offered.contains("h2") ? "h2" : offered.isEmpty() ? "" : offered.get(0));
        }
        try {
            SelectionKey key = channel.register(loop.selector(), SelectionKey.OP_READ);
            key.attach(new HttpConnection(loop, channel, key, engine, handler, port()));
        } catch (ClosedChannelException e) {
            LOGGER.log(Level.FINE, "the client closed the connection before it was served", e);
        }
    }

    /** Logs a failed accept, for example because of too many open files. Later connections can succeed. */
    @Override
    public void failed(SelectionKey key, IOException e) {
        LOGGER.log(Level.WARNING, "cannot accept a connection", e);
    }

    /** Closes all connections. */
    @Override
    public void close() {
        for (NetLoop loop : loops) {
            loop.close();
        }
    }
}
