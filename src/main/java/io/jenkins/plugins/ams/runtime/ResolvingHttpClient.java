/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.runtime;

import io.jenkins.plugins.ams.http.CancellableFuture;
import io.jenkins.plugins.ams.http.DeferredHttpClient;
import io.jenkins.plugins.ams.http.ForwardingHttpClient;
import io.jenkins.plugins.ams.polling.Scheduler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Sends requests after resolving their host names on separate threads.
 *
 * <p>The JDK's HTTP client resolves host names on the executor that processes responses. An unresponsive name server
 * would block one of the executor's threads for up to half a minute per request, and delay responses from all other
 * hosts. After this class has resolved a host name, the HTTP client finds the address in the JDK's cache. By default,
 * the cache keeps addresses for 30 seconds and errors for 10 seconds (security properties {@code
 * networkaddress.cache.ttl} and {@code networkaddress.cache.negative.ttl}). Creating a client or selecting its proxy
 * can require the proxy's host name to be resolved, so these steps also run on the separate threads.
 */
final class ResolvingHttpClient extends ForwardingHttpClient implements DeferredHttpClient {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final Executor executor;
    private final KeyedExecutor.Group threads;
    private final Resolver resolver;
    private final SharedLookups<Host, HttpClient> lookups;

    /** Resolves host names. */
    interface Resolver {

        /**
         * Resolves a host name and blocks until the JDK has cached the address.
         *
         * @throws IOException if the host name cannot be resolved
         */
        void resolve(String host) throws IOException;
    }

    private record Host(String name) {}

    /**
     * Creates a client.
     *
     * @param source supplies the client that sends the requests. The supplier is called for each request because the
     *     client can be replaced. The call may block
     * @param executor the executor that the supplied clients use
     * @param threads the executor for resolving host names
     * @param timer the scheduler for timeouts
     */
    ResolvingHttpClient(Supplier<HttpClient> source, Executor executor, KeyedExecutor.Group threads, Scheduler timer) {
        this(source, executor, threads, timer, InetAddress::getByName);
    }

    ResolvingHttpClient(
            Supplier<HttpClient> source,
            Executor executor,
            KeyedExecutor.Group threads,
            Scheduler timer,
            Resolver resolver) {
        super(source);
        this.executor = executor;
        this.threads = threads;
        this.resolver = resolver;
        this.lookups = new SharedLookups<>(
                timer,
                TIMEOUT,
                () -> new HttpConnectTimeoutException(
                        "the host name was not resolved within " + TIMEOUT.toSeconds() + " s"));
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        return CancellableFuture.after(clientFor(request.uri()))
                .thenCompose(client -> client.sendAsync(request, handler));
    }

    @Override
    public CompletableFuture<HttpClient> clientFor(URI uri) {
        Host host = new Host(uri.getHost());
        return lookups.find(host, false, host, threads.of(host), () -> resolve(uri));
    }

    /** Resolves the name of the host that the client will connect to for a request, and returns the client. */
    private HttpClient resolve(URI uri) throws IOException {
        HttpClient client = client();
        resolver.resolve(nextHop(client, uri));
        return client;
    }

    /** Returns the host that the client connects to. If a proxy is used, this is the proxy's host. */
    private static String nextHop(HttpClient client, URI uri) {
        // a client without a proxy selector uses the JVM's default selector, which supports -Dhttps.proxyHost
        ProxySelector proxies = client.proxy().orElseGet(ProxySelector::getDefault);
        return proxies == null
                ? uri.getHost()
                : proxies.select(uri).stream()
                        .limit(1) // the JDK's client uses only the first proxy
                        .map(Proxy::address)
                        .filter(InetSocketAddress.class::isInstance)
                        .map(address -> ((InetSocketAddress) address).getHostString())
                        .findFirst()
                        .orElse(uri.getHost());
    }

    /** Returns {@code NEVER} without creating a client, because the supplied clients never follow redirects. */
    @Override
    public Redirect followRedirects() {
        return Redirect.NEVER;
    }

    @Override
    public Optional<Executor> executor() {
        return Optional.of(executor);
    }
}
