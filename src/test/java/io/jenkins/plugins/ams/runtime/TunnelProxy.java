/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.runtime;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** An HTTP proxy on the loopback address that opens tunnels ({@code CONNECT}) for clients with the right password. */
public final class TunnelProxy implements AutoCloseable {

    private final ServerSocket server;
    private final String authorization;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final AtomicInteger tunnels = new AtomicInteger();

    private TunnelProxy(ServerSocket server, String authorization) {
        this.server = server;
        this.authorization = authorization;
        threads.execute(this::accept);
    }

    public static TunnelProxy start(String userName, String password) {
        try {
            String basic =
                    Base64.getEncoder().encodeToString((userName + ":" + password).getBytes(StandardCharsets.UTF_8));
            return new TunnelProxy(
                    new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), "proxy-authorization: basic " + basic);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public InetSocketAddress address() {
        return new InetSocketAddress(server.getInetAddress(), server.getLocalPort());
    }

    /** Returns the number of tunnels that were opened. */
    public int tunnels() {
        return tunnels.get();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                sockets.add(client);
                threads.execute(() -> serve(client));
            }
        } catch (SocketException closed) {
            threads.shutdown();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serve(Socket client) {
        try {
            while (true) {
                List<String> head = head(client.getInputStream());
                if (head.isEmpty()) {
                    client.close();
                    return;
                }
                OutputStream response = client.getOutputStream();
                if (head.stream().noneMatch(this::isAuthorization)) {
                    response.write(ascii("HTTP/1.1 407 Proxy Authentication Required\r\n"
                            + "Proxy-Authenticate: Basic realm=\"tests\"\r\nContent-Length: 0\r\n\r\n"));
                    continue;
                }
                String[] target = head.get(0).split(" ")[1].split(":");
                Socket origin = new Socket(target[0], Integer.parseInt(target[1]));
                sockets.add(origin);
                tunnels.incrementAndGet();
                response.write(ascii("HTTP/1.1 200 Connection established\r\n\r\n"));
                threads.execute(() -> pump(origin, client));
                pump(client, origin);
                return;
            }
        } catch (IOException e) {
            if (!server.isClosed()) { // otherwise, close() has closed the client's socket
                throw new UncheckedIOException(e);
            }
        }
    }

    private boolean isAuthorization(String header) {
        // the scheme and the header name are case-insensitive, the password is not
        int value = header.lastIndexOf(' ') + 1;
        return (header.substring(0, value).toLowerCase(Locale.ROOT) + header.substring(value)).equals(authorization);
    }

    private static List<String> head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                return List.of();
            }
            head.write(next);
        }
        return head.toString(StandardCharsets.US_ASCII).lines().toList();
    }

    /** Copies bytes until either side closes its connection, and closes the other one. */
    private static void pump(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (SocketException hungUp) {
            return;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
