/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

import static io.jenkins.plugins.ams.testing.TestHttp.failureOf;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.auth.AccessToken;
import io.jenkins.plugins.ams.auth.TokenSource;
import io.jenkins.plugins.ams.emulator.Emulator;
import io.jenkins.plugins.ams.emulator.JobScript;
import io.jenkins.plugins.ams.service.v2.AmsV2JobId;
import io.jenkins.plugins.ams.testing.ManualClock;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.Test;

/** Tests that the response of a proxy to CONNECT is not attributed to the service. */
public class RejectedTunnelTest {

    private final ManualClock clock = new ManualClock();

    @Test
    public void everyRejectedTunnelIsTransient() throws Exception {
        try (Emulator emulator = Emulator.start(clock)) {
            JobId id = AmsV2JobId.parse(emulator.addJob(JobScript.named("x")).id());
            for (int status : new int[] {400, 401, 403, 404, 405, 407, 421, 425, 429, 499, 502, 503, 511}) {
                try (RejectingProxy proxy = new RejectingProxy(status)) {
                    AmsService service = service(emulator, proxy.address());
                    for (CompletableFuture<?> call :
                            List.of(service.jobs(List.of(id)), service.cancel(id), service.ping())) {
                        ServiceException e = failureOf(ServiceException.class, call);
                        assertTrue(status + ": " + e.kind(), e.isTransient());
                    }
                }
            }
            assertEquals(0, emulator.requests().count());
        }
    }

    private AmsService service(Emulator emulator, InetSocketAddress proxy) {
        HttpClient http = HttpClient.newBuilder()
                .sslContext(emulator.sslContext())
                .proxy(ProxySelector.of(proxy))
                .build();
        AccessToken token = new AccessToken("a-token", Instant.MAX, false);
        TokenSource tokens = new TokenSource() {
            @Override
            public CompletableFuture<AccessToken> token() {
                return CompletableFuture.completedFuture(token);
            }

            @Override
            public CompletableFuture<AccessToken> renew(AccessToken rejected, String claims) {
                return CompletableFuture.completedFuture(token);
            }
        };
        URI endpoint = emulator.endpoint();
        return EmulatedService.AMS_V2.service(endpoint, tokens, () -> http, clock);
    }

    /** A proxy that responds to every request with the same status and no body. */
    private static final class RejectingProxy implements AutoCloseable {

        private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final ExecutorService threads = Executors.newSingleThreadExecutor();

        RejectingProxy(int status) throws IOException {
            threads.execute(() -> respondToAll(status));
        }

        InetSocketAddress address() {
            return new InetSocketAddress(server.getInetAddress(), server.getLocalPort());
        }

        private void respondToAll(int status) {
            try {
                while (!server.isClosed()) {
                    try (Socket socket = server.accept()) {
                        BufferedReader in = new BufferedReader(
                                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
                        String line = in.readLine();
                        while (line != null && !line.isEmpty()) {
                            line = in.readLine();
                        }
                        String challenge = status == 407 ? "Proxy-Authenticate: Basic realm=\"x\"\r\n" : "";
                        String response = "HTTP/1.1 " + status + " No\r\n" + challenge + "Content-Length: 0\r\n\r\n";
                        socket.getOutputStream().write(response.getBytes(StandardCharsets.US_ASCII));
                    }
                }
            } catch (SocketException closed) {
                // closed at the end of the test
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
            threads.shutdownNow();
        }
    }
}
