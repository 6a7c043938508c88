/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.runtime;

import java.net.Authenticator;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.function.UnaryOperator;

/**
 * Adds the proxy's user name and password to every proxied request, without waiting for a 407 response.
 *
 * <p>The JDK provides {@link Authenticator} for this purpose. However, before Java 24, a client with an authenticator
 * removes the {@code Authorization} header from its requests (JDK-8326949). This header contains the access token, so
 * the service would reject every request with 401.
 *
 * <p>By default, the JDK does not send Basic credentials to a proxy for HTTPS requests, with or without an
 * authenticator. Administrators can change this with the system property {@code
 * jdk.http.auth.tunneling.disabledSchemes}.
 */
final class ProxyAuthorization implements UnaryOperator<HttpRequest> {

    private static final String PROXY_AUTHORIZATION = "Proxy-Authorization";

    private final ProxySelector proxies;
    private final String authorization;

    /** @param proxies the client's proxy selector. The client must not have an authenticator */
    ProxyAuthorization(ProxySelector proxies, String userName, String password) {
        this.proxies = proxies;
        byte[] userAndPassword = (userName + ":" + password).getBytes(StandardCharsets.UTF_8);
        this.authorization = "Basic " + Base64.getEncoder().encodeToString(userAndPassword);
    }

    /**
     * Adds the header only to proxied requests, because direct requests must not reveal the proxy password to the
     * service.
     */
    @Override
    public HttpRequest apply(HttpRequest request) {
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
