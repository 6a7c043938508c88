/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import static org.awaitility.Awaitility.await;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.ams.testing.ManualClock;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketException;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** Tests the effects of faults on clients. */
public class FaultsTest {

    private final ManualClock clock = new ManualClock();
    private Emulator emulator;
    private Client client;

    @Before
    public void start() {
        emulator = Emulator.start(clock);
        client = new Client(emulator);
    }

    @After
    public void close() {
        emulator.close();
    }

    @Test
    public void respondsWithAStatusSeveralTimes() throws Exception {
        Faults.Injection busy = emulator.faults().inject(Fault.status(503).times(2));
        assertEquals(503, client.requestToken(client.tokenForm()).statusCode());
        emulator.faults().clear();
        emulator.faults().inject(Fault.status(503).on(RequestKind.JOBS).times(2));
        assertEquals(503, client.get("Jobs").statusCode());
        assertEquals(200, client.get("Tasks").statusCode());
        HttpResponse<String> second = client.get("Jobs");
        assertEquals(503, second.statusCode());
        assertTrue(second.headers().firstValue("Retry-After").isEmpty());
        assertTrue(second.headers().firstValue("x-ms-request-id").isPresent());
        assertTrue(
                Client.json(second).at("/odata.error/message/value").asText().startsWith("Server is busy. More than"));
        assertEquals(200, client.get("Jobs").statusCode());
        assertEquals(1, busy.hits());
    }

    @Test
    public void sendsRetryAfterAsSecondsOrDate() throws Exception {
        emulator.faults()
                .inject(Fault.status(429)
                        .retryAfter(Duration.ofSeconds(36))
                        .on(RequestKind.JOBS)
                        .once());
        emulator.faults()
                .inject(Fault.status(503).retryAfterDate(Duration.ofSeconds(90)).on(RequestKind.JOBS));
        HttpResponse<String> first = client.get("Jobs");
        assertEquals(429, first.statusCode());
        assertEquals("36", first.headers().firstValue("Retry-After").orElseThrow());
        HttpResponse<String> second = client.get("Jobs");
        assertEquals(503, second.statusCode());
        assertEquals(
                "Wed, 10 Mar 2021 09:17:00 GMT",
                second.headers().firstValue("Retry-After").orElseThrow());
    }

    @Test
    public void affectsOneJobOnly() throws Exception {
        EmulatedJob bad = emulator.addJob(JobScript.named("bad"));
        EmulatedJob good = emulator.addJob(JobScript.named("good"));
        emulator.faults().inject(Fault.status(403).forJob(bad.id()));
        assertEquals(403, client.get("Jobs('" + bad.id() + "')/Tasks").statusCode());
        assertEquals(200, client.get("Jobs('" + good.id() + "')/Tasks").statusCode());
    }

    @Test
    public void affectsTheSameRequestsForTheSameSeed() throws Exception {
        emulator.faults().inject(Fault.status(500).on(RequestKind.JOBS).withProbability(0.5, 7));
        String first = statuses(20);
        emulator.faults().clear();
        emulator.faults().inject(Fault.status(500).on(RequestKind.JOBS).withProbability(0.5, 7));
        assertEquals(first, statuses(20));
        assertTrue(first, first.contains("500") && first.contains("200"));
    }

    private String statuses(int count) throws Exception {
        StringBuilder statuses = new StringBuilder();
        for (int i = 0; i < count; i++) {
            statuses.append(client.get("Jobs").statusCode()).append(' ');
        }
        return statuses.toString();
    }

    /** Uses a socket, because HTTP clients can report a reset in different ways or retry. */
    @Test
    public void resetsAConnection() throws Exception {
        emulator.faults().inject(Fault.reset());
        try (SSLSocket socket = sendRequest()) {
            SocketException e = assertThrows(
                    SocketException.class, () -> socket.getInputStream().read());
            assertEquals("Connection reset", e.getMessage());
        }
        assertEquals(0, emulator.requests().all().get(0).status());
    }

    @Test
    public void closesAConnection() throws Exception {
        emulator.faults().inject(Fault.closed());
        try (SSLSocket socket = sendRequest()) {
            assertEquals(-1, socket.getInputStream().read());
        }
    }

    private SSLSocket sendRequest() throws IOException {
        SSLSocket socket = (SSLSocket) emulator.sslContext()
                .getSocketFactory()
                .createSocket("localhost", emulator.endpoint().getPort());
        socket.setSoTimeout(10_000);
        OutputStream out = socket.getOutputStream();
        out.write("GET /api/Jobs HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        out.flush();
        return socket;
    }

    @Test
    public void processesARequestWhoseResponseIsLost() throws Exception {
        EmulatedJob job = emulator.addJob(JobScript.named("job"));
        client.token();
        emulator.faults().inject(Fault.lostResponse().on(RequestKind.CANCEL));
        assertThrows(IOException.class, () -> client.get("CancelJob?jobid='" + Client.encoded(job.id()) + "'"));
        assertEquals(6, job.state());
    }

    @Test
    public void hangsUntilClosed() throws Exception {
        client.token();
        emulator.faults().inject(Fault.hang());
        assertThrows(
                HttpTimeoutException.class,
                () -> client.send(client.request("Jobs").timeout(Duration.ofMillis(100))));
        CompletableFuture<HttpResponse<String>> hanging =
                client.http().sendAsync(client.request("Tasks").build(), HttpResponse.BodyHandlers.ofString());
        await().until(() -> emulator.requests().count(RequestKind.TASKS) == 1);
        emulator.faults().clear();
        assertEquals(200, client.get("Jobs").statusCode());
        assertFalse(hanging.isDone());
        emulator.close();
        assertTrue(hanging.handle((response, failure) -> failure != null).get(10, TimeUnit.SECONDS));
    }

    @Test
    public void truncatesABody() throws Exception {
        client.token();
        emulator.faults().inject(Fault.truncatedBody(10));
        IOException e = assertThrows(IOException.class, () -> client.get("Jobs"));
        assertTrue(e.getMessage(), e.getMessage().contains("bytes received: 10"));
    }

    @Test
    public void sendsABodySlowly() throws Exception {
        client.token();
        emulator.faults().inject(Fault.slowBody(20, Duration.ofMillis(10)));
        long before = System.nanoTime();
        HttpResponse<InputStream> response =
                client.http().send(client.request("Jobs").build(), HttpResponse.BodyHandlers.ofInputStream());
        int length = response.body().readAllBytes().length;
        assertTrue(length > 60);
        assertTrue(System.nanoTime() - before >= Duration.ofMillis(30).toNanos());
    }

    @Test
    public void delaysResponsesWithoutDelayingOthers() throws Exception {
        client.token();
        emulator.faults()
                .inject(Fault.latency(Duration.ofMillis(300))
                        .on(RequestKind.TASKS)
                        .times(50));
        long before = System.nanoTime();
        CompletableFuture<?>[] late = new CompletableFuture<?>[50];
        for (int i = 0; i < late.length; i++) {
            late[i] = client.http().sendAsync(client.request("Tasks").build(), HttpResponse.BodyHandlers.ofString());
        }
        CompletableFuture.allOf(late).get(30, TimeUnit.SECONDS);
        Duration took = Duration.ofNanos(System.nanoTime() - before);
        assertTrue("" + took, took.toMillis() >= 300 && took.toMillis() < 50 * 300);
    }

    @Test
    public void sendsInvalidJson() throws Exception {
        client.token();
        emulator.faults().inject(Fault.garbage().once());
        emulator.faults().inject(Fault.htmlPage().once());
        HttpResponse<String> garbage = client.get("Jobs");
        assertEquals(200, garbage.statusCode());
        assertThrows(JsonProcessingException.class, () -> Client.json(garbage));
        HttpResponse<String> page = client.get("Jobs");
        assertEquals(200, page.statusCode());
        assertEquals(
                "text/html; charset=utf-8",
                page.headers().firstValue("Content-Type").orElseThrow());
    }

    @Test
    public void sendsAHugeBody() throws Exception {
        client.token();
        emulator.faults().inject(Fault.hugeBody(8 << 20));
        HttpResponse<String> response = client.get("Jobs");
        assertTrue(response.body().length() > 8 << 20);
        assertEquals(0, Client.json(response).get("value").size());
    }

    @Test
    public void modifiesAReplacedResponse() throws Exception {
        client.token();
        emulator.faults().inject(Fault.contentType("text/plain"));
        emulator.faults().inject(Fault.status(503).body("application/json", "{\"x\":1}"));
        HttpResponse<String> response = client.get("Jobs");
        assertEquals(503, response.statusCode());
        assertEquals("text/plain", response.headers().firstValue("Content-Type").orElseThrow());
        assertEquals("{\"x\":1}", response.body());
    }

    @Test
    public void simulatesAGateway() throws Exception {
        client.token();
        for (Gateway gateway : Gateway.values()) {
            emulator.faults().inject(Fault.gateway(gateway).once());
            HttpResponse<String> response = client.get("Jobs");
            assertEquals(gateway.status(), response.statusCode());
            assertTrue(
                    gateway.toString(),
                    response.headers().firstValue("x-ms-request-id").isEmpty());
            assertFalse(gateway.toString(), response.body().contains("\"error\""));
        }
        assertEquals(200, client.get("Jobs").statusCode());
    }

    @Test
    public void formatsErrorsLikeTheService() throws Exception {
        client.token();
        emulator.faults().inject(Fault.error(404, "SubscriptionNotFound", "No such subscription."));
        JsonNode error = Client.json(client.get("Jobs")).get("odata.error");
        assertEquals("SubscriptionNotFound", error.get("code").asText());
        assertEquals("No such subscription.", error.at("/message/value").asText());
    }

    @Test
    public void rejectsAValidTokenAsExpired() throws Exception {
        client.token();
        emulator.faults().inject(Fault.expiredToken().once());
        assertEquals(401, client.get("Jobs").statusCode());
        assertEquals(200, client.get("Jobs").statusCode());
    }
}
