/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.testing.ExpectedLog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** Tests the emulator's HTTP server at the level of bytes. */
public class TlsServerTest {

    private final List<Request> received = new CopyOnWriteArrayList<>();
    private TlsServer server;

    @Rule
    public final ExpectedLog expected = ExpectedLog.of(HttpConnection.class);

    @Before
    public void start() throws IOException {
        server = new TlsServer(0, Certificates.shared().serverContext(), request -> {
            received.add(request);
            if (request.target().equals("/broken")) {
                throw new IllegalStateException("on purpose");
            }
            return Response.of(200, "text/plain", request.method() + " " + request.target() + " " + request.body())
                    .with("x-Lower-Case", "kept");
        });
    }

    @After
    public void close() {
        server.close();
    }

    private SSLSocket connect() throws IOException {
        SSLSocket socket = (SSLSocket)
                Certificates.shared().clientContext().getSocketFactory().createSocket("127.0.0.1", server.port());
        socket.setSoTimeout(10_000);
        return socket;
    }

    /** Sends each text separately, and reads the response until the end of the stream. */
    private String exchange(String... texts) throws IOException {
        try (SSLSocket socket = connect()) {
            OutputStream out = socket.getOutputStream();
            for (String text : texts) {
                out.write(text.getBytes(StandardCharsets.UTF_8));
                out.flush();
            }
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            InputStream in = socket.getInputStream();
            in.transferTo(all);
            return all.toString(StandardCharsets.UTF_8);
        }
    }

    @Test
    public void respondsToPipelinedRequestsInOrder() throws Exception {
        String responses =
                exchange("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nPOST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi"
                        + "GET /3 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        assertTrue(responses, responses.matches("(?s).*GET /1 .*POST /2 hi.*GET /3 .*"));
        assertEquals("https://a", received.get(0).origin());
    }

    @Test
    public void assemblesFragmentedRequests() throws Exception {
        String response = exchange("POST /x HT", "TP/1.0\r\nContent-Le", "ngth: 5\r\n\r", "\nab", "c", "de");
        assertTrue(response, response.endsWith("POST /x abcde"));
        assertTrue(response, response.contains("x-Lower-Case: kept\r\n"));
    }

    @Test
    public void sendsNoBodyForHead() throws Exception {
        String response = exchange("HEAD /x HTTP/1.0\r\n\r\n");
        assertTrue(response, response.contains("Content-Length: 8\r\n"));
        assertTrue(response, response.endsWith("\r\n\r\n"));
    }

    @Test
    public void rejectsMalformedRequests() throws Exception {
        assertTrue(exchange("nonsense\r\n\r\n").startsWith("HTTP/1.1 400 "));
        assertTrue(exchange("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
                .startsWith("HTTP/1.1 411 "));
        assertTrue(received.isEmpty());
    }

    @Test
    public void reportsItsOwnErrors() throws Exception {
        String response = exchange("GET /broken HTTP/1.0\r\n\r\n");
        assertTrue(response, response.startsWith("HTTP/1.1 500 "));
        assertTrue(response, response.endsWith("on purpose"));
    }

    @Test
    public void survivesClientsWithoutTls() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        }
        assertTrue(exchange("GET / HTTP/1.0\r\n\r\n").startsWith("HTTP/1.1 200 "));
    }

    @Test
    public void dropsEndlessRequests() throws Exception {
        byte[] head = new byte[3 << 20];
        Arrays.fill(head, (byte) 'x');
        try (SSLSocket socket = connect()) {
            assertThrows(IOException.class, () -> {
                socket.getOutputStream().write(head);
                if (socket.getInputStream().read() < 0) {
                    throw new SSLException("closed");
                }
            });
        }
        assertTrue(received.isEmpty());
    }

    @Test
    public void stopsListeningWhenClosed() {
        server.close();
        assertThrows(ConnectException.class, this::connect);
    }
}
