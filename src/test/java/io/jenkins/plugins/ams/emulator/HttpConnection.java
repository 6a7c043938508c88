/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.SSLEngine;

/** The HTTP/1.1 layer of a connection. Serves one request at a time and delivers each response in its mode. */
final class HttpConnection extends TlsConnection {

    private static final Logger LOGGER = Logger.getLogger(HttpConnection.class.getName());
    private static final int MAX_REQUEST_BYTES = 1 << 20;

    private final Function<Request, Response> handler;
    private final String defaultHost;
    private byte[] input = new byte[0];
    private boolean responding;
    private boolean silent;

    HttpConnection(
            NetLoop loop,
            SocketChannel channel,
            SelectionKey key,
            SSLEngine engine,
            Function<Request, Response> handler,
            int port) {
        super(loop, channel, key, engine);
        this.handler = handler;
        this.defaultHost = "localhost:" + port;
    }

    /**
     * The request line and headers of a request.
     *
     * @param lines the request line and the header lines
     * @param length the length in bytes, including the empty line at the end
     */
    private record Head(List<String> lines, int length) {}

    /** Ignores all further bytes, like a firewall that has dropped the connection's state. */
    void silence() {
        silent = true;
    }

    @Override
    void received(ByteBuffer bytes) throws IOException {
        if (silent) {
            return;
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream(input.length + bytes.remaining());
        all.write(input);
        all.write(bytes.array(), bytes.position(), bytes.remaining());
        input = all.toByteArray();
        if (input.length > MAX_REQUEST_BYTES) {
            drop();
            return;
        }
        next();
    }

    /** Serves the next request if it has arrived completely and no response is in progress. */
    private void next() throws IOException {
        if (responding || !isOpen()) {
            return;
        }
        Head head = head();
        if (head == null) {
            return;
        }
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line : head.lines().subList(1, head.lines().size())) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.computeIfAbsent(line.substring(0, colon), name -> new ArrayList<>())
                        .add(line.substring(colon + 1).trim());
            }
        }
        String[] line = head.lines().get(0).split(" ");
        String length = first(headers, "Content-Length", "0");
        if (line.length != 3 || headers.containsKey("Transfer-Encoding") || !length.matches("\\d{1,7}")) {
            responding = true;
            start(Response.empty(line.length == 3 ? 411 : 400), "", false);
            return;
        }
        int end = head.length() + Integer.parseInt(length);
        if (input.length < end) {
            return;
        }
        String body = new String(input, head.length(), end - head.length(), StandardCharsets.UTF_8);
        input = Arrays.copyOfRange(input, end, input.length);
        boolean keep =
                !line[2].equals("HTTP/1.0") && !first(headers, "Connection", "").equalsIgnoreCase("close");
        String origin = "https://" + first(headers, "Host", defaultHost);
        responding = true;
        respond(new Request(line[0], line[1], headers, body, origin), keep);
    }

    private Head head() {
        for (int i = 3; i < input.length; i++) {
            if (input[i] == '\n' && input[i - 1] == '\r' && input[i - 2] == '\n' && input[i - 3] == '\r') {
                String text = new String(input, 0, i - 3, StandardCharsets.ISO_8859_1);
                return new Head(List.of(text.split("\r\n")), i + 1);
            }
        }
        return null;
    }

    private static String first(Map<String, List<String>> headers, String name, String defaultValue) {
        List<String> values = headers.get(name);
        return values == null ? defaultValue : values.get(0);
    }

    private void respond(Request request, boolean keep) throws IOException {
        Response response;
        try {
            response = handler.apply(request);
        } catch (RuntimeException e) {
            LOGGER.log(Level.WARNING, "cannot respond to " + request.target(), e);
            response = Response.of(500, "text/plain; charset=utf-8", "The emulator failed: " + e);
        }
        Response finalResponse = response;
        if (finalResponse.delivery().latency().isZero()) {
            start(finalResponse, request.method(), keep);
        } else {
            loop().schedule(
                            finalResponse.delivery().latency(),
                            () -> attempt(() -> start(finalResponse, request.method(), keep)));
        }
    }

    /** A step of delivering a response. */
    private interface Step {
        void run() throws IOException;
    }

    private void attempt(Step step) {
        if (isOpen()) {
            try {
                step.run();
            } catch (IOException e) {
                failed(null, e);
            }
        }
    }

    private void start(Response response, String method, boolean keep) throws IOException {
        if (silent) {
            return;
        }
        switch (response.delivery().mode()) {
            case RESET -> reset();
            case CLOSED -> closeWhenSent();
            case HELD -> LOGGER.fine("not responding to a request");
            case SENT -> {
                boolean bodyless = response.status() == 204 || response.status() == 304;
                send(ByteBuffer.wrap(headOf(response, keep, !bodyless)));
                long kept = response.delivery().keepBytes();
                boolean cut = kept >= 0 && kept < response.body().length;
                int length = cut ? (int) kept : response.body().length;
                ByteBuffer body = ByteBuffer.wrap(response.body(), 0, bodyless || method.equals("HEAD") ? 0 : length);
                sendPiece(response, body, keep && !cut);
            }
        }
    }

    private void sendPiece(Response response, ByteBuffer body, boolean keep) throws IOException {
        int size = response.delivery().pieceBytes();
        if (size > 0 && body.remaining() > size) {
            send(body.slice(body.position(), size));
            body.position(body.position() + size);
            loop().schedule(response.delivery().pieceDelay(), () -> attempt(() -> sendPiece(response, body, keep)));
            return;
        }
        if (body.hasRemaining()) {
            send(body.slice());
        }
        if (keep) {
            responding = false;
            next();
        } else {
            closeWhenSent();
        }
    }

    private static byte[] headOf(Response response, boolean keep, boolean withLength) {
        StringBuilder head =
                new StringBuilder("HTTP/1.1 " + response.status() + " " + reason(response.status()) + "\r\n");
        response.headers().forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
        if (withLength) {
            head.append("Content-Length: " + response.body().length + "\r\n");
        }
        if (!keep) {
            head.append("Connection: close\r\n");
        }
        return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String reason(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 201 -> "Created";
            case 204 -> "No Content";
            case 301 -> "Moved Permanently";
            case 302 -> "Found";
            case 307 -> "Temporary Redirect";
            case 308 -> "Permanent Redirect";
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 429 -> "Too Many Requests";
            case 500 -> "Internal Server Error";
            case 503 -> "Service Unavailable";
            default -> "Status " + status;
        };
    }
}
