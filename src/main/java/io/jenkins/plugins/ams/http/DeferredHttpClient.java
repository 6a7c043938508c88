/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.http;

import java.net.URI;
import java.net.http.HttpClient;
import java.util.concurrent.CompletableFuture;

/**
 * An {@link HttpClient} that resolves the host name before it passes the request to another client. The host name
 * lookup has its own timeout. The request's timeout starts only when the request is sent.
 */
public interface DeferredHttpClient {

    /**
     * Resolves the host name, and returns a client that can send the request immediately.
     *
     * @param uri the request URI
     * @return a future that fails with an {@link java.io.IOException} if the host name cannot be resolved or the lookup
     *     times out
     */
    CompletableFuture<HttpClient> clientFor(URI uri);
}
