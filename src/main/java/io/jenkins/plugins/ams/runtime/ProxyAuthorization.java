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
 * Adds the proxy's user name and password to every request through a proxy, without waiting for a 407 response.
 *
 * <p>The JDK provides {@link Authenticator} for this purpose. Before Java 24, a client with an authenticator drops the
 * {@code Authorization} header of its requests (JDK-8326949), which contains the access token, so that the service
 * would reject every request with 401.
 *
 * <p>As with an authenticator, the JDK does not send Basic credentials to a proxy for https requests unless the system
 * property {@code jdk.http.auth.tunneling.disabledSchemes} is changed.
 */
final class ProxyAuthorization implements UnaryOperator<HttpRequest> {

    private static final String PROXY_AUTHORIZATION = "Proxy-Authorization";

    private final ProxySelector proxies;
    private final String authorization;

    /** @param proxies the proxy selector of the client, which must not have an authenticator */
    ProxyAuthorization(ProxySelector proxies, String userName, String password) {
        this.proxies = proxies;
        byte[] userAndPassword = (userName + ":" + password).getBytes(StandardCharsets.UTF_8);
        this.authorization = "Basic " + Base64.getEncoder().encodeToString(userAndPassword);
    }

    /** Adds the password to a request through a proxy. A direct request must not reveal it to the service. */
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
