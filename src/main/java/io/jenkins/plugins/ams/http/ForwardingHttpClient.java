/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.http;

import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/** An HTTP client that uses another client's settings. Subclasses define how asynchronous requests are sent. */
public abstract class ForwardingHttpClient extends HttpClient {

    private final Supplier<? extends HttpClient> source;

    public ForwardingHttpClient(HttpClient client) {
        this(() -> client);
    }

    /** @param source supplies the client whose settings are used; each call may supply a different client */
    public ForwardingHttpClient(Supplier<? extends HttpClient> source) {
        this.source = source;
    }

    /** Returns the client that this client delegates to. */
    protected final HttpClient client() {
        return source.get();
    }

    /** Ignores the push promise handler. The plugin's clients use HTTP/1.1, which does not support server push. */
    @Override
    public final <T> CompletableFuture<HttpResponse<T>> sendAsync(
            HttpRequest request, HttpResponse.BodyHandler<T> handler, HttpResponse.PushPromiseHandler<T> pushes) {
        return sendAsync(request, handler);
    }

    /**
     * Always throws {@link UnsupportedOperationException}. The plugin must not block a thread to wait for a response.
     */
    @Override
    public final <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        throw new UnsupportedOperationException("send would block a thread; use sendAsync");
    }

    @Override
    public Optional<CookieHandler> cookieHandler() {
        return client().cookieHandler();
    }

    @Override
    public Optional<Duration> connectTimeout() {
        return client().connectTimeout();
    }

    @Override
    public Redirect followRedirects() {
        return client().followRedirects();
    }

    @Override
    public Optional<ProxySelector> proxy() {
        return client().proxy();
    }

    @Override
    public SSLContext sslContext() {
        return client().sslContext();
    }

    @Override
    public SSLParameters sslParameters() {
        return client().sslParameters();
    }

    @Override
    public Optional<Authenticator> authenticator() {
        return client().authenticator();
    }

    @Override
    public Version version() {
        return client().version();
    }

    @Override
    public Optional<Executor> executor() {
        return client().executor();
    }
}
