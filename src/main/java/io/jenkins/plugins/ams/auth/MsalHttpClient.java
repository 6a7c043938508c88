/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import com.microsoft.aad.msal4j.HttpRequest;
import com.microsoft.aad.msal4j.IHttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Sends the requests of MSAL4J and decides which responses MSAL4J receives. */
@FunctionalInterface
interface MsalHttpClient {

    /**
     * Sends a request. No thread is blocked while it is in flight.
     *
     * @param timeout maximum time for the entire exchange
     * @return a future that fails with an unwrapped {@link AuthenticationException} if there is no response, or none
     *     that MSAL4J should receive
     */
    CompletableFuture<IHttpResponse> send(HttpRequest request, Duration timeout);
}
