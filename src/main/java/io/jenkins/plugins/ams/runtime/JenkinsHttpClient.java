/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.runtime;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ProxyConfiguration;
import hudson.util.Secret;
import io.jenkins.plugins.ams.http.MonitoredHttpClient;
import java.io.IOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import jenkins.model.Jenkins;

/**
 * Supplies either the HTTP client for requests that use Jenkins' proxy, or the HTTP client for direct requests. The
 * client is created on first use. It is replaced when Jenkins' proxy configuration changes or when the client can no
 * longer be used. Requests in flight complete with the previous client.
 */
final class JenkinsHttpClient implements Supplier<HttpClient> {

    private final Executor executor;
    private final Duration connectTimeout;
    private final Supplier<ProxySettings> currentSettings;
    private MonitoredHttpClient client;
    private ProxySettings builtFor;

    private JenkinsHttpClient(Executor executor, Duration connectTimeout, Supplier<ProxySettings> currentSettings) {
        this.executor = executor;
        this.connectTimeout = connectTimeout;
        this.currentSettings = currentSettings;
    }

    /**
     * Creates a supplier of clients for requests to services and token authorities. The clients use Jenkins' proxy.
     *
     * @param executor the executor that processes responses
     * @param connectTimeout the maximum time for establishing a connection
     */
    @NonNull
    static JenkinsHttpClient proxied(@NonNull Executor executor, @NonNull Duration connectTimeout) {
        return new JenkinsHttpClient(
                executor, connectTimeout, () -> ProxySettings.of(Jenkins.get().getProxy()));
    }

    /**
     * Creates a supplier of clients for requests to endpoints on the controller's machine, such as managed identity
     * endpoints. The clients do not use a proxy, because a proxy would connect to endpoints on the proxy's own machine.
     *
     * @param executor the executor that processes responses
     * @param connectTimeout the maximum time for establishing a connection
     */
    @NonNull
    static JenkinsHttpClient direct(@NonNull Executor executor, @NonNull Duration connectTimeout) {
        return new JenkinsHttpClient(executor, connectTimeout, () -> null);
    }

    @NonNull
    @Override
    public synchronized HttpClient get() {
        ProxySettings settings = currentSettings.get();
        if (client == null || !client.isUsable() || !Objects.equals(settings, builtFor)) {
            client = create(settings);
            builtFor = settings;
        }
        return client;
    }

    private MonitoredHttpClient create(ProxySettings settings) {
        if (settings == null) {
            return new MonitoredHttpClient(build(HttpClient.newBuilder().proxy(HttpClient.Builder.NO_PROXY)));
        }
        if (!settings.needPassword()) {
            return new MonitoredHttpClient(build(ProxyConfiguration.newHttpClientBuilder()));
        }
        // do not use Jenkins' builder, which would set an authenticator; ProxyAuthorization explains the problem
        ProxySelector proxies = new JenkinsProxySelector(settings);
        return new MonitoredHttpClient(
                build(HttpClient.newBuilder().proxy(proxies)),
                new ProxyAuthorization(proxies, settings.userName(), Secret.toString(settings.password())));
    }

    private HttpClient build(HttpClient.Builder builder) {
        return MonitoredHttpClient.configure(builder, executor, connectTimeout).build();
    }

    /** The proxy settings that a client depends on. */
    private record ProxySettings(String host, int port, String noProxyHost, String userName, Secret password) {

        static ProxySettings of(@CheckForNull ProxyConfiguration proxy) {
            return proxy == null
                    ? new ProxySettings(null, 0, null, null, null)
                    : new ProxySettings(
                            proxy.getName(),
                            proxy.getPort(),
                            proxy.getNoProxyHost(),
                            proxy.getUserName(),
                            proxy.getSecretPassword());
        }

        boolean needPassword() {
            return host != null && userName != null;
        }
    }

    /** Selects Jenkins' proxy, except for hosts that the proxy configuration excludes. */
    private static final class JenkinsProxySelector extends ProxySelector {

        private final ProxySettings settings;

        JenkinsProxySelector(ProxySettings settings) {
            this.settings = settings;
        }

        @Override
        public List<Proxy> select(URI uri) {
            String host = uri.getHost().toLowerCase(Locale.ROOT);
            return List.of(
                    ProxyConfiguration.createProxy(host, settings.host(), settings.port(), settings.noProxyHost()));
        }

        @Override
        public void connectFailed(URI uri, SocketAddress address, IOException e) {
            // there is no other proxy to try; the request fails with this exception
        }
    }
}
