/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.runtime;

import static io.jenkins.plugins.ams.testing.TestHttp.failureOf;
import static io.jenkins.plugins.ams.testing.TestHttp.get;
import static org.awaitility.Awaitility.await;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.emulator.Emulator;
import io.jenkins.plugins.ams.http.ForwardingHttpClient;
import io.jenkins.plugins.ams.http.Futures;
import io.jenkins.plugins.ams.http.HttpExchange;
import io.jenkins.plugins.ams.http.MonitoredHttpClient;
import io.jenkins.plugins.ams.testing.ExpectedLog;
import io.jenkins.plugins.ams.testing.ManualTime;
import io.jenkins.plugins.ams.testing.TestHttp;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;

public class ResolvingHttpClientTest {

    private final Emulator emulator = Emulator.start();
    private final ManualTime time = new ManualTime();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final KeyedExecutor lookupThreads = new KeyedExecutor(threads, time);
    private final HttpClient client = TestHttp.clientOf(emulator);
    private final Executor executor = Runnable::run;

    /** The resolved host names, in order. */
    private final Queue<String> resolved = new ConcurrentLinkedQueue<>();

    private final CountDownLatch nameServerIsBack = new CountDownLatch(1);

    @Rule
    public final ExpectedLog expected = ExpectedLog.of(MonitoredHttpClient.class);

    @After
    public void stop() {
        nameServerIsBack.countDown();
        threads.shutdownNow();
        emulator.close();
    }

    @Test
    public void unresolvedHostsDelayNoOtherRequest() throws Exception {
        HttpClient resolving = resolving(() -> client, this::hangForDeadHosts);
        List<CompletableFuture<?>> dead = new ArrayList<>();
        for (int host = 0; host < 10; host++) {
            for (int request = 0; request < 16; request++) {
                dead.add(resolving.sendAsync(
                        request("https://dead-" + host + ".invalid/"), HttpResponse.BodyHandlers.discarding()));
            }
        }
        CompletableFuture<HttpResponse<Void>> alive =
                resolving.sendAsync(request(emulator), HttpResponse.BodyHandlers.discarding());
        passTimeUntil(() -> resolved.contains("localhost"));
        get(alive);
        assertEquals(1, emulator.requests().count());
        dead.forEach(each -> assertFalse(each.isDone()));
        assertEquals("one lookup per host", 11, resolved.size());
    }

    @Test
    public void reportsAnUnresolvedHost() {
        HttpClient resolving = resolving(() -> client, this::hangForDeadHosts);
        CompletableFuture<?> response =
                resolving.sendAsync(request("https://dead.invalid/"), HttpResponse.BodyHandlers.discarding());
        time.advance(Duration.ofSeconds(10), () -> {});
        IOException error = failureOf(HttpConnectTimeoutException.class, bare(response));
        assertEquals("the host name was not resolved within 10 s", HttpExchange.reasonOf(error));
    }

    @Test
    public void reportsAnUnknownHostLikeThePlainClient() {
        HttpClient resolving = resolving(() -> client, host -> {
            throw new UnknownHostException(host);
        });
        CompletableFuture<?> response =
                resolving.sendAsync(request("https://unknown.invalid/"), HttpResponse.BodyHandlers.discarding());
        assertEquals(
                "the host name is not known",
                HttpExchange.reasonOf(failureOf(UnknownHostException.class, bare(response))));
    }

    @Test
    public void sendsNoRequestAbandonedBeforeResolution() {
        SilentClient silent = new SilentClient(client);
        CompletableFuture<?> response = resolving(() -> silent, this::hangForDeadHosts)
                .sendAsync(request("https://dead.invalid/"), HttpResponse.BodyHandlers.discarding());
        await().until(() -> resolved.contains("dead.invalid"));
        assertTrue(response.cancel(true));
        nameServerIsBack.countDown();
        await().until(() -> lookupThreads.size() == 0);
        assertEquals(0, silent.sent.size());
    }

    @Test
    public void cancelingAbortsARequestInFlight() {
        SilentClient silent = new SilentClient(client);
        CompletableFuture<?> response = resolving(() -> silent, resolved::add)
                .sendAsync(request(emulator), HttpResponse.BodyHandlers.discarding());
        await().until(() -> lookupThreads.size() == 0);
        assertTrue(response.cancel(true));
        assertTrue(silent.sent.remove().isCancelled());
    }

    /** The time for resolving a host name does not count toward the timeout of the request. */
    @Test
    public void theTimeoutOfARequestStartsWhenItIsSent() throws Exception {
        SilentClient silent = new SilentClient(client);
        CompletableFuture<?> response = HttpExchange.send(
                resolving(() -> silent, this::hangForDeadHosts),
                request("https://dead.invalid/"),
                Duration.ofMillis(1),
                1000);
        await().until(() -> resolved.contains("dead.invalid"));
        assertFalse("no timeout while the host is resolved", response.isDone());
        nameServerIsBack.countDown();
        await().until(() -> silent.sent.size() == 1);
        failureOf(HttpTimeoutException.class, response);
        CompletableFuture<?> exchange = silent.sent.remove();
        await().until(exchange::isCancelled); // asynchronous
    }

    @Test
    public void detectsADeadClient() {
        MonitoredHttpClient monitored = new MonitoredHttpClient(new SilentClient(client));
        CompletableFuture<?> response = HttpExchange.send(
                resolving(() -> monitored, resolved::add), request(emulator), Duration.ofMillis(1), 1000);
        failureOf(HttpTimeoutException.class, response);
        assertFalse(monitored.isUsable());
    }

    /** A controller behind a proxy often cannot resolve public host names. */
    @Test
    public void resolvesTheProxyInsteadOfTheHost() {
        HttpClient proxied = HttpClient.newBuilder()
                .proxy(ProxySelector.of(InetSocketAddress.createUnresolved("proxy.invalid", 3128)))
                .build();
        HttpClient resolving = resolving(() -> proxied, host -> {
            resolved.add(host);
            throw new UnknownHostException(host);
        });
        failureOf(
                UnknownHostException.class,
                bare(resolving.sendAsync(request(emulator), HttpResponse.BodyHandlers.discarding())));
        assertEquals(List.of("proxy.invalid"), List.copyOf(resolved));
    }

    @Test
    public void reportsItsRedirectPolicyAndExecutor() {
        HttpClient resolving = resolving(
                () -> {
                    throw new AssertionError("must not create a client");
                },
                resolved::add);
        assertEquals(HttpClient.Redirect.NEVER, resolving.followRedirects());
        assertEquals(executor, resolving.executor().orElseThrow());
    }

    /** A client with requests that receive no response. */
    private static final class SilentClient extends ForwardingHttpClient {

        final Queue<CompletableFuture<?>> sent = new ConcurrentLinkedQueue<>();

        SilentClient(HttpClient client) {
            super(client);
        }

        @Override
        public <T> CompletableFuture<HttpResponse<T>> sendAsync(
                HttpRequest request, HttpResponse.BodyHandler<T> handler) {
            CompletableFuture<HttpResponse<T>> exchange = new CompletableFuture<>();
            sent.add(exchange);
            return exchange;
        }
    }

    private void hangForDeadHosts(String host) {
        resolved.add(host);
        if (host.startsWith("dead")) {
            try {
                nameServerIsBack.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private HttpClient resolving(Supplier<HttpClient> source, ResolvingHttpClient.Resolver resolver) {
        return new ResolvingHttpClient(source, executor, lookupThreads.group(32), time, resolver);
    }

    private void passTimeUntil(Callable<Boolean> condition) {
        await().until(() -> {
            time.advance(KeyedExecutor.BLOCKED_AFTER, () -> {});
            return condition.call();
        });
    }

    private static <T> CompletableFuture<T> bare(CompletableFuture<T> future) {
        return Futures.bare(future);
    }

    private static HttpRequest request(Emulator emulator) {
        return request(emulator.endpoint().toString());
    }

    private static HttpRequest request(String uri) {
        return HttpRequest.newBuilder(URI.create(uri)).build();
    }
}
