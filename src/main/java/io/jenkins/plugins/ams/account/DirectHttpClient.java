/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.account;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.ams.auth.MonitoredHttpClient;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * The HTTP client for what the controller's own machine answers: never through Jenkins' proxy, for which the address
 * would be the proxy's machine, and never following a redirect. It is made when it is first needed, which in most
 * Jenkinses is never.
 */
final class DirectHttpClient implements Supplier<HttpClient> {

    private final Executor executor;
    private final Duration connectTimeout;
    private MonitoredHttpClient client;

    /**
     * @param executor runs what has to be done when answers arrive
     * @param connectTimeout how long to wait for a connection
     */
    DirectHttpClient(@NonNull Executor executor, @NonNull Duration connectTimeout) {
        this.executor = executor;
        this.connectTimeout = connectTimeout;
    }

    @NonNull
    @Override
    public synchronized HttpClient get() {
        if (client == null || !client.isUsable()) {
            HttpClient.Builder builder = HttpClient.newBuilder().proxy(HttpClient.Builder.NO_PROXY);
            client = new MonitoredHttpClient(MonitoredHttpClient.configure(builder, executor, connectTimeout)
                    .build());
        }
        return client;
    }
}
