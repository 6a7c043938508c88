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
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import jenkins.model.Jenkins;

/**
 * Supplies the HTTP client for requests to the services and authorities. It uses Jenkins' proxy configuration, and does
 * not follow redirects, because the token would be sent along. The client is replaced when the administrator changes
 * the proxy or the client is no longer {@linkplain MonitoredHttpClient#isUsable usable}; requests in flight complete
 * with the old one. Proxies that require a password are handled by {@link ProxyAuthorizingHttpClient}.
 */
public final class JenkinsHttpClient implements Supplier<HttpClient> {

    private final Executor executor;
    private final Duration connectTimeout;
    private MonitoredHttpClient client;
    private ProxySettings builtFor;

    /**
     * @param executor the executor that processes responses
     * @param connectTimeout the maximum time for establishing a connection
     */
    public JenkinsHttpClient(@NonNull Executor executor, @NonNull Duration connectTimeout) {
        this.executor = executor;
        this.connectTimeout = connectTimeout;
    }

    /** Returns the client for the current proxy configuration of Jenkins. */
    @NonNull
    @Override
    public synchronized HttpClient get() {
        ProxyConfiguration configuration = Jenkins.get().getProxy();
        ProxySettings settings = ProxySettings.of(configuration);
        if (client == null || !client.isUsable() || !settings.equals(builtFor)) {
            client = new MonitoredHttpClient(
                    settings.needPassword() ? withProxyPassword(configuration) : withJenkinsDefaults());
            builtFor = settings;
        }
        return client;
    }

    private HttpClient withJenkinsDefaults() {
        return build(ProxyConfiguration.newHttpClientBuilder());
    }

    /** Builds a client without Jenkins' builder, which would set an authenticator. */
    private HttpClient withProxyPassword(ProxyConfiguration proxy) {
        return new ProxyAuthorizingHttpClient(
                build(HttpClient.newBuilder().proxy(new JenkinsProxySelector(proxy))),
                proxy.getUserName(),
                Secret.toString(proxy.getSecretPassword()));
    }

    private HttpClient build(HttpClient.Builder builder) {
        return MonitoredHttpClient.configure(builder, executor, connectTimeout).build();
    }

    /** The parts of a proxy configuration that a client depends on. */
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

    /** Selects Jenkins' proxy, except for the hosts that its configuration excludes. */
    private static final class JenkinsProxySelector extends ProxySelector {

        private final ProxyConfiguration configuration;

        JenkinsProxySelector(ProxyConfiguration configuration) {
            this.configuration = configuration;
        }

        @Override
        public List<Proxy> select(URI uri) {
            return List.of(configuration.createProxy(uri.getHost().toLowerCase(Locale.ROOT)));
        }

        @Override
        public void connectFailed(URI uri, SocketAddress address, IOException e) {
            // there is no other proxy to try, and the request fails with this exception
        }
    }
}
