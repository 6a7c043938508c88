/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import com.microsoft.aad.msal4j.HttpRequest;
import com.microsoft.aad.msal4j.IHttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Sends MSAL4J's requests, and decides which responses MSAL4J receives. */
@FunctionalInterface
interface MsalHttpClient {

    /**
     * Sends a request without blocking a thread while the request is in flight.
     *
     * @param timeout maximum time for the entire exchange
     * @return a future that fails with an {@link AuthenticationException}, possibly wrapped, if there is no response,
     *     or if the response must not be passed to MSAL4J, such as a redirect or a response without JSON
     */
    CompletableFuture<IHttpResponse> send(HttpRequest request, Duration timeout);
}
