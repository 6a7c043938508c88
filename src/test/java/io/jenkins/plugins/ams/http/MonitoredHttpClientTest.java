/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.http;

import static io.jenkins.plugins.ams.testing.TestHttp.failureOf;
import static io.jenkins.plugins.ams.testing.TestHttp.get;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.emulator.Emulator;
import io.jenkins.plugins.ams.emulator.Fault;
import io.jenkins.plugins.ams.testing.CapturedLog;
import io.jenkins.plugins.ams.testing.ExpectedLog;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** Tests silently dropped connections and unusable clients, with the real HTTP client of the JDK. */
public class MonitoredHttpClientTest {

    private static final Duration LONG_TIMEOUT = Duration.ofSeconds(20);
    private static final Duration TIMEOUT = Duration.ofMillis(300);

    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private Emulator emulator;
    private MonitoredHttpClient client;

    @Rule
    public final ExpectedLog expected = ExpectedLog.of(MonitoredHttpClient.class);

    @Before
    public void start() {
        emulator = Emulator.start();
        client = client(threads);
    }

    @After
    public void stop() {
        threads.shutdownNow();
        emulator.close();
    }

    @Test
    public void closesASilentConnection() throws Exception {
        get(send(LONG_TIMEOUT));
        assertEquals(1, emulator.connections());
        emulator.silenceConnections();
        assertEquals(
                "no complete response within 1 s",
                failureOf(HttpTimeoutException.class, send(TIMEOUT)).getMessage());
        await().until(emulator::connections, is(0));
        assertEquals(404, get(send(LONG_TIMEOUT)).statusCode());
        assertTrue("a single timeout may be a coincidence", client.isUsable());
    }

    @Test
    public void replacesAClientWithDeadConnections() throws Exception {
        useConnections(6);
        emulator.silenceConnections();
        failureOf(HttpTimeoutException.class, send(TIMEOUT));
        assertTrue(client.isUsable());
        try (CapturedLog log = CapturedLog.start()) {
            failureOf(HttpTimeoutException.class, send(TIMEOUT));
            failureOf(HttpTimeoutException.class, send(TIMEOUT));
            assertEquals(
                    List.of("Replacing the HTTP client: 2 consecutive requests to "
                            + emulator.authority().getRawAuthority() + " timed out"),
                    log.messagesOf(MonitoredHttpClient.class));
        }
        assertFalse(client.isUsable());
        client = client(threads);
        assertEquals(404, get(send(LONG_TIMEOUT)).statusCode());
    }

    @Test
    public void aResponseResetsTheTimeoutCount() throws Exception {
        useConnections(6);
        emulator.silenceConnections();
        failureOf(HttpTimeoutException.class, send(TIMEOUT));
        CompletableFuture<?>[] more = new CompletableFuture<?>[6];
        // occupy all silent connections, so that the next request opens a new one; on a slow machine, the request above
        // may have timed out before it used one of the six
        for (int i = 0; i < more.length; i++) {
            more[i] = send(LONG_TIMEOUT);
        }
        get(send(LONG_TIMEOUT));
        for (CompletableFuture<?> exchange : more) {
            exchange.cancel(true);
        }
        emulator.faults().inject(Fault.hang().once());
        failureOf(HttpTimeoutException.class, send(TIMEOUT));
        assertTrue(client.isUsable());
    }

    @Test
    public void keepsTheClientWhenAHostNeverResponded() throws Exception {
        emulator.faults().inject(Fault.hang());
        for (int i = 0; i < 4; i++) {
            failureOf(HttpTimeoutException.class, send(TIMEOUT));
        }
        assertTrue("a new client would not help: the host has never responded", client.isUsable());
    }

    @Test
    public void keepsTheClientAfterASlowBody() throws Exception {
        get(send(LONG_TIMEOUT));
        emulator.faults().inject(Fault.slowBody(1, Duration.ofMillis(100)));
        for (int i = 0; i < 4; i++) {
            failureOf(HttpTimeoutException.class, send(TIMEOUT));
        }
        assertTrue(client.isUsable());
    }

    @Test
    public void replacesAClientWithADeadSelectorThread() throws Exception {
        AtomicBoolean exhausted = new AtomicBoolean();
        client = client(task -> {
            if (isSelector() && exhausted.get()) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            threads.execute(task);
        });
        get(send(LONG_TIMEOUT));
        emulator.faults().inject(Fault.latency(Duration.ofMillis(100)).once());
        CompletableFuture<?> request = send(TIMEOUT);
        exhausted.set(true);
        failureOf(IOException.class, request);
        exhausted.set(false);
        assertFalse(client.isUsable());
        client = client(threads);
        assertEquals(404, get(send(LONG_TIMEOUT)).statusCode());
    }

    @Test
    public void failsWithATransportErrorWithoutAThread() {
        client = client(task -> {
            throw new OutOfMemoryError("unable to create native thread");
        });
        IOException e = failureOf(IOException.class, send(TIMEOUT));
        assertEquals("the request could not be sent (OutOfMemoryError)", HttpExchange.reasonOf(e));
    }

    /** The error depends on the version of the JDK, but the request must complete. */
    @Test
    public void completesARequestWithoutAThreadForItsResult() throws Exception {
        List<Runnable> exhaustions = List.of(
                () -> {
                    throw new RejectedExecutionException("full");
                },
                () -> {
                    throw new OutOfMemoryError("unable to create native thread");
                });
        for (Runnable exhaustion : exhaustions) {
            AtomicBoolean exhausted = new AtomicBoolean();
            client = client(task -> {
                if (exhausted.get()) {
                    exhaustion.run();
                }
                threads.execute(task);
            });
            get(send(LONG_TIMEOUT));
            emulator.faults().inject(Fault.latency(Duration.ofMillis(200)).once());
            CompletableFuture<?> request = send(TIMEOUT);
            exhausted.set(true);
            failureOf(IOException.class, request);
        }
    }

    @Test
    public void usesHttp1EvenIfHttp2IsOffered() throws Exception {
        emulator.offerHttp2();
        HttpResponse<byte[]> response = get(send(LONG_TIMEOUT));
        assertEquals(404, response.statusCode());
        assertEquals(HttpClient.Version.HTTP_1_1, response.version());
    }

    /** Opens several connections, which are idle afterwards. */
    private void useConnections(int count) throws Exception {
        emulator.faults().inject(Fault.latency(Duration.ofMillis(300)).times(count));
        List<CompletableFuture<HttpResponse<byte[]>>> together =
                IntStream.range(0, count).mapToObj(i -> send(LONG_TIMEOUT)).toList();
        for (CompletableFuture<HttpResponse<byte[]>> exchange : together) {
            get(exchange);
        }
        assertEquals(count, emulator.connections());
    }

    private static boolean isSelector() {
        return Thread.currentThread().getName().contains("SelectorManager");
    }

    private MonitoredHttpClient client(Executor executor) {
        HttpClient.Builder builder = HttpClient.newBuilder().sslContext(emulator.sslContext());
        return new MonitoredHttpClient(MonitoredHttpClient.configure(builder, executor, Duration.ofSeconds(5))
                .build());
    }

    private CompletableFuture<HttpResponse<byte[]>> send(Duration timeout) {
        HttpRequest request = HttpRequest.newBuilder(emulator.authority().resolve("/nothing-here"))
                .build();
        return HttpExchange.send(client, request, timeout, 10_000);
    }
}
