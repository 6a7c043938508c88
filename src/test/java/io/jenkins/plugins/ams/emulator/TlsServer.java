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
 * An HTTP/1.1 server over TLS on the loopback address. It is not the JDK's own because that one cannot reset a
 * connection, rewrites the case of header names (which MSAL4J looks up by case) and holds a thread for every connection
 * in its handshake.
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
     * @param port 0 for a free one
     * @param handler called by the loops' threads; must not block
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

    /** How many connections are open. */
    int connections() {
        int keys = 0;
        for (NetLoop loop : loops) {
            keys += loop.selector().keys().size();
        }
        return keys - 1; // one is the door
    }

    /** Returns once no open connection is read or answered any more. They stay open; new ones are served. */
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

    /** From now on new connections may speak HTTP/2, which a client that does will regret: it is not spoken here. */
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
            LOGGER.log(Level.FINE, "the client is gone before it was served", e);
        }
    }

    /** Too many open files, say: the next connection may fare better. */
    @Override
    public void failed(SelectionKey key, IOException e) {
        LOGGER.log(Level.WARNING, "cannot accept a connection", e);
    }

    /** Drops all connections. */
    @Override
    public void close() {
        for (NetLoop loop : loops) {
            loop.close();
        }
    }
}
