/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * An HTTP client that notices when its owner has to build another one in its place, for one of two reasons:
 *
 * <ul>
 *   <li>A host that has responded before lets several requests in a row time out. A firewall or NAT device between has
 *       forgotten the client's idle connections, and does not say so. Each time-out closes one of them, but the client
 *       may have many.
 *   <li>The client's only selector thread has ended, for example because no thread could be created when it needed one.
 *       Up to Java 17, requests then neither complete nor time out; later versions fail them.
 * </ul>
 */
public final class MonitoredHttpClient extends ForwardingHttpClient {

    /** One request can time out by chance. */
    private static final int MAX_TIMEOUTS = 2;

    private static final String SELECTOR_CLOSED = "selector manager closed";
    private static final Logger LOGGER = Logger.getLogger(MonitoredHttpClient.class.getName());

    /** How many requests in a row timed out, by host; hosts that have not responded yet are absent. */
    private final Map<String, Integer> timeouts = new ConcurrentHashMap<>();

    private volatile boolean usable = true;

    /** @param client carries out the requests */
    public MonitoredHttpClient(HttpClient client) {
        super(client);
    }

    /**
     * Sets what all clients of the plugin have in common. They speak HTTP/1.1, with a connection for each request under
     * way: all requests to a host would share one connection of HTTP/2, which stays in use after requests on it have timed
     * out. They never follow redirects, since the token would travel along.
     *
     * @param executor runs what has to be done when responses arrive
     * @param connectTimeout maximum time to establish a connection
     */
    public static HttpClient.Builder configure(HttpClient.Builder builder, Executor executor, Duration connectTimeout) {
        return builder.version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(connectTimeout)
                .executor(executor);
    }

    /** Whether the client should get further requests. Those under way end by themselves. */
    public boolean isUsable() {
        return usable;
    }

    @Override
    public <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler)
            throws IOException, InterruptedException {
        return client.send(request, handler);
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        return monitor(request, client.sendAsync(request, handler));
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(
            HttpRequest request,
            HttpResponse.BodyHandler<T> handler,
            HttpResponse.PushPromiseHandler<T> pushPromiseHandler) {
        return monitor(request, client.sendAsync(request, handler, pushPromiseHandler));
    }

    /** A request has neither completed nor timed out in time: no live selector thread would let that happen. */
    void onUnresponsive(HttpRequest request) {
        discard("it did not time out a request to " + host(request));
    }

    /** Returns the given future, since canceling another one would not close the connection. */
    private <T> CompletableFuture<T> monitor(HttpRequest request, CompletableFuture<T> exchange) {
        exchange.whenComplete((response, failure) -> {
            Throwable cause = failure == null ? null : Futures.unwrap(failure);
            if (cause == null) {
                timeouts.put(host(request), 0);
            } else if (cause instanceof HttpTimeoutException && !(cause instanceof HttpConnectTimeoutException)) {
                onTimeout(host(request));
            } else if (String.valueOf(cause.getMessage()).contains(SELECTOR_CLOSED)) {
                discard("its selector thread has ended");
            }
        });
        return exchange;
    }

    private void onTimeout(String host) {
        Integer consecutive = timeouts.computeIfPresent(host, (name, count) -> count + 1);
        if (consecutive != null && consecutive >= MAX_TIMEOUTS) {
            discard(consecutive + " requests in a row to " + host + " timed out");
        }
    }

    private void discard(String reason) {
        if (usable) {
            usable = false;
            LOGGER.log(Level.INFO, "The HTTP client is replaced, since {0}", reason);
        }
    }

    private static String host(HttpRequest request) {
        return request.uri().getRawAuthority();
    }
}
