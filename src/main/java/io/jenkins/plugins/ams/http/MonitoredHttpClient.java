/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.http;

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
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * An HTTP client that detects when it must be replaced. This is necessary in two cases:
 *
 * <ul>
 *   <li>Several consecutive requests to a host time out although the host has responded earlier. A firewall or NAT
 *       device may have silently dropped the client's idle connections. Each timeout closes only one connection, and
 *       the client may have many idle connections.
 *   <li>The client's only selector thread has ended, for example because it could not create another thread. In Java 17
 *       and earlier, requests then neither complete nor time out. In later versions, they fail.
 * </ul>
 */
public final class MonitoredHttpClient extends ForwardingHttpClient {

    /** Number of consecutive timeouts after which the client is replaced. A single timeout may be a coincidence. */
    private static final int MAX_TIMEOUTS = 2;

    private static final String SELECTOR_CLOSED = "selector manager closed";
    private static final Logger LOGGER = Logger.getLogger(MonitoredHttpClient.class.getName());

    /** Number of consecutive timeouts for each host. Only hosts that have responded at least once are included. */
    private final Map<String, Integer> timeouts = new ConcurrentHashMap<>();

    private final UnaryOperator<HttpRequest> preparation;

    private volatile boolean usable = true;

    /** @param client sends the requests */
    public MonitoredHttpClient(HttpClient client) {
        this(client, UnaryOperator.identity());
    }

    /**
     * @param client sends the requests
     * @param preparation changes each request before it is sent
     */
    public MonitoredHttpClient(HttpClient client, UnaryOperator<HttpRequest> preparation) {
        super(client);
        this.preparation = preparation;
    }

    /**
     * Applies the settings that all of the plugin's HTTP clients share.
     *
     * <p>The clients use HTTP/1.1, with a separate connection for each concurrent request. With HTTP/2, all requests to
     * a host would share one connection, and the client would continue to use this connection even after requests have
     * timed out. Redirects are not followed, since the token would be sent to the redirect target.
     *
     * @param builder the builder to configure
     * @param executor runs the client's internal tasks, such as processing responses
     * @param connectTimeout the maximum time to establish a connection
     * @return the builder, for chaining
     */
    public static HttpClient.Builder configure(HttpClient.Builder builder, Executor executor, Duration connectTimeout) {
        return builder.version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(connectTimeout)
                .executor(executor);
    }

    /** Returns whether new requests may be sent with this client. Requests in flight are not affected. */
    public boolean isUsable() {
        return usable;
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        return monitor(request, client().sendAsync(preparation.apply(request), handler));
    }

    /**
     * Records that a request has neither completed nor failed although its timeout has expired. This shows that the
     * selector thread has ended.
     */
    void onUnresponsive(HttpRequest request) {
        discard("it did not report the timeout of a request to " + host(request));
    }

    /**
     * Monitors an exchange. Returns the same future instead of a derived future, because canceling a derived future
     * would not close the connection.
     */
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
            discard(consecutive + " consecutive requests to " + host + " timed out");
        }
    }

    private void discard(String reason) {
        if (usable) {
            usable = false;
            LOGGER.log(Level.INFO, "Replacing the HTTP client: {0}", reason);
        }
    }

    private static String host(HttpRequest request) {
        return request.uri().getRawAuthority();
    }
}
