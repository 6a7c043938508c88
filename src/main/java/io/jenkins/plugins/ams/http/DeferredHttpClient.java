/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.http;

import java.net.URI;
import java.net.http.HttpClient;
import java.util.concurrent.CompletableFuture;

/**
 * An {@link HttpClient} that looks up the host's address and then passes the request to another client. The lookup has
 * its own timeout, so the timeout of a request starts when the request is sent.
 */
public interface DeferredHttpClient {

    /**
     * Returns the client that can send a request immediately.
     *
     * @param uri the URI of the request
     * @return a future that fails with an {@link java.io.IOException} if the host has no address or the lookup times
     *     out
     */
    CompletableFuture<HttpClient> clientFor(URI uri);
}
