package io.jenkins.plugins.ams.account;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ProxyConfiguration;
import hudson.util.Secret;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import jenkins.model.Jenkins;

/**
 * The HTTP client for all that goes to Azure: through Jenkins' proxy where there is one, and never following a redirect
 * by itself, since the token would travel along. One client is kept until the administrator changes the proxy; requests
 * in flight end with the client that they began with.
 */
public final class JenkinsHttpClient implements Supplier<HttpClient> {

    private final Executor executor;
    private final Duration connectTimeout;
    private HttpClient client;
    private Proxy builtFor;

    /**
     * @param executor runs what has to be done when answers arrive
     * @param connectTimeout how long to wait for a connection
     */
    public JenkinsHttpClient(@NonNull Executor executor, @NonNull Duration connectTimeout) {
        this.executor = executor;
        this.connectTimeout = connectTimeout;
    }

    /** The client that fits Jenkins' proxy configuration of now. */
    @NonNull
    @Override
    public synchronized HttpClient get() {
        Proxy proxy = Proxy.of(Jenkins.get().getProxy());
        if (client == null || !proxy.equals(builtFor)) {
            client = ProxyConfiguration.newHttpClientBuilder()
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(connectTimeout)
                    .executor(executor)
                    .build();
            builtFor = proxy;
        }
        return client;
    }

    /** All of a proxy configuration that a client is built from. */
    private record Proxy(String host, int port, String noProxyHost, String userName, Secret password) {

        static Proxy of(@CheckForNull ProxyConfiguration proxy) {
            return proxy == null
                    ? new Proxy(null, 0, null, null, null)
                    : new Proxy(
                            proxy.getName(),
                            proxy.getPort(),
                            proxy.getNoProxyHost(),
                            proxy.getUserName(),
                            proxy.getSecretPassword());
        }
    }
}
