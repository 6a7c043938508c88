/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import java.net.URI;
import java.net.http.HttpClient;
import java.util.concurrent.CompletableFuture;

/**
 * An {@link HttpClient} that hands its requests to another client, which is not at hand at once: the host's address has to
 * be looked up before. That has a timeout of its own, so that the timeout of a request starts when it is sent.
 */
public interface DeferredHttpClient {

    /**
     * Returns the client that can send a request at once.
     *
     * @param uri where the request goes
     * @return fails with an {@link java.io.IOException} if the host has no address, or if it is not found in time
     */
    CompletableFuture<HttpClient> clientFor(URI uri);
}
