/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.runtime;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.ams.http.MonitoredHttpClient;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Supplies the HTTP client for endpoints on the controller's machine, such as those of managed identities. It does not
 * use Jenkins' proxy, which would reach the proxy's machine instead, and does not follow redirects. It is created on
 * first use, because most controllers do not need it.
 */
final class DirectHttpClient implements Supplier<HttpClient> {

    private final Executor executor;
    private final Duration connectTimeout;
    private MonitoredHttpClient client;

    /**
     * @param executor the executor that processes responses
     * @param connectTimeout the maximum time for establishing a connection
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
