/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;

/** The TLS layer of a connection. Used only by the thread of its loop. */
abstract class TlsConnection implements NetLoop.Ready {

    private static final Logger LOGGER = Logger.getLogger(TlsConnection.class.getName());
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final NetLoop loop;
    private final SocketChannel channel;
    private final SelectionKey key;
    private final SSLEngine engine;
    private final Deque<ByteBuffer> plain = new ArrayDeque<>();
    private final Deque<ByteBuffer> encrypted = new ArrayDeque<>();
    /** The start of a TLS record that has not arrived completely. */
    private ByteBuffer rest = NOTHING;

    private boolean closing;

    TlsConnection(NetLoop loop, SocketChannel channel, SelectionKey key, SSLEngine engine) {
        this.loop = loop;
        this.channel = channel;
        this.key = key;
        this.engine = engine;
    }

    /** Called with decrypted bytes. */
    abstract void received(ByteBuffer bytes) throws IOException;

    final NetLoop loop() {
        return loop;
    }

    final boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public final void ready(SelectionKey ready) throws IOException {
        if (ready.isReadable()) {
            read();
        }
        if (isOpen()) {
            flush();
        }
    }

    @Override
    public final void failed(SelectionKey ready, IOException e) {
        LOGGER.log(Level.FINE, "the client closed the connection", e);
        drop();
    }

    private void read() throws IOException {
        ByteBuffer net = loop.netBuffer().put(rest);
        rest = NOTHING;
        if (channel.read(net) < 0) {
            drop();
            return;
        }
        decrypt(net.flip());
        if (net.hasRemaining() && isOpen()) {
            rest = ByteBuffer.allocate(net.remaining()).put(net).flip();
        }
    }

    private void decrypt(ByteBuffer net) throws IOException {
        while (isOpen()) {
            HandshakeStatus handshake = engine.getHandshakeStatus();
            if (handshake == HandshakeStatus.NEED_TASK) {
                engine.getDelegatedTask().run();
            } else if (handshake == HandshakeStatus.NEED_WRAP) {
                encrypt(NOTHING.duplicate());
            } else if (!net.hasRemaining()) {
                return;
            } else {
                ByteBuffer app = loop.appBuffer();
                SSLEngineResult result = engine.unwrap(net, app);
                if (app.flip().hasRemaining()) {
                    received(ByteBuffer.allocate(app.remaining()).put(app).flip());
                }
                if (result.getStatus() == Status.BUFFER_UNDERFLOW) {
                    return;
                }
                if (result.getStatus() != Status.OK) {
                    drop();
                }
            }
        }
    }

    /** Encrypts as many bytes as fit into one record. */
    private void encrypt(ByteBuffer bytes) throws IOException {
        ByteBuffer out = loop.outBuffer();
        SSLEngineResult result = engine.wrap(bytes, out);
        if (result.getStatus() != Status.OK && result.getStatus() != Status.CLOSED) {
            throw new IOException("cannot encrypt: " + result);
        }
        if (out.flip().hasRemaining()) {
            encrypted.add(ByteBuffer.allocate(out.remaining()).put(out).flip());
        }
    }

    /** Sends bytes after all previous ones. */
    final void send(ByteBuffer bytes) throws IOException {
        plain.add(bytes);
        flush();
    }

    /** Closes the connection normally after everything was sent. */
    final void closeWhenSent() throws IOException {
        closing = true;
        flush();
    }

    /** Closes the connection with a TCP RST, which clients report as "connection reset". */
    final void reset() throws IOException {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        drop();
    }

    /** Closes the connection immediately. */
    final void drop() {
        plain.clear();
        encrypted.clear();
        try {
            channel.close();
        } catch (IOException e) {
            LOGGER.log(Level.FINE, "cannot close a connection", e);
        }
    }

    /** Encrypts and sends only as much as the client receives, so that a huge body is not in memory twice. */
    private void flush() throws IOException {
        while (isOpen()) {
            while (!encrypted.isEmpty()) {
                channel.write(encrypted.peek());
                if (encrypted.peek().hasRemaining()) {
                    key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
                    return;
                }
                encrypted.poll();
            }
            if (!plain.isEmpty()) {
                encrypt(plain.peek());
                if (!plain.peek().hasRemaining()) {
                    plain.poll();
                }
            } else if (closing && !engine.isOutboundDone()) {
                engine.closeOutbound();
                encrypt(NOTHING.duplicate());
            } else if (closing) {
                drop();
            } else {
                key.interestOps(SelectionKey.OP_READ);
                return;
            }
        }
    }
}
