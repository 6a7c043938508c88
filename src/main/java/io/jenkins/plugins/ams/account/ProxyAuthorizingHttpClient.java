/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.account;

import io.jenkins.plugins.ams.auth.ForwardingHttpClient;
import java.io.IOException;
import java.net.Authenticator;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;

/**
 * A client that names itself to a proxy with every request, without waiting to be asked.
 *
 * <p>The JDK's own way is an {@link Authenticator}. Up to Java 23 a client with one drops the {@code Authorization}
 * header of its requests (JDK-8326949), and with it the access token: behind a proxy that asks for a password every
 * request would be answered with 401.
 *
 * <p>For https the JDK sends no Basic password to a proxy unless the system property
 * {@code jdk.http.auth.tunneling.disabledSchemes} is changed, here as with an authenticator.
 */
final class ProxyAuthorizingHttpClient extends ForwardingHttpClient {

    private static final String PROXY_AUTHORIZATION = "Proxy-Authorization";

    private final ProxySelector proxies;
    private final String authorization;

    /** @param client has a proxy selector and no authenticator */
    ProxyAuthorizingHttpClient(HttpClient client, String userName, String password) {
        super(client);
        this.proxies = client.proxy().orElseThrow();
        byte[] userAndPassword = (userName + ":" + password).getBytes(StandardCharsets.UTF_8);
        this.authorization = "Basic " + Base64.getEncoder().encodeToString(userAndPassword);
    }

    @Override
    public <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler)
            throws IOException, InterruptedException {
        return client.send(authorized(request), handler);
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        return client.sendAsync(authorized(request), handler);
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(
            HttpRequest request,
            HttpResponse.BodyHandler<T> handler,
            HttpResponse.PushPromiseHandler<T> pushPromiseHandler) {
        return client.sendAsync(authorized(request), handler, pushPromiseHandler);
    }

    /** The request as it is where no proxy is in between: the password is nobody else's business. */
    private HttpRequest authorized(HttpRequest request) {
        return isProxied(request.uri())
                ? HttpRequest.newBuilder(request, (name, value) -> true)
                        .setHeader(PROXY_AUTHORIZATION, authorization)
                        .build()
                : request;
    }

    private boolean isProxied(URI uri) {
        return proxies.select(uri).stream().anyMatch(proxy -> proxy.type() != Proxy.Type.DIRECT);
    }
}
