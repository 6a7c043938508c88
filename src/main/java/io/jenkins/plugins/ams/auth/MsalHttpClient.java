/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import com.microsoft.aad.msal4j.HttpRequest;
import com.microsoft.aad.msal4j.IHttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Sends the requests of MSAL4J, and decides which responses MSAL4J gets to see. */
@FunctionalInterface
interface MsalHttpClient {

    /**
     * Sends a request. No thread is held while it is under way.
     *
     * @param timeout maximum time for the whole exchange
     * @return fails with a bare {@link AuthenticationException} for a response that MSAL4J should not see, or if there is
     *     none
     */
    CompletableFuture<IHttpResponse> send(HttpRequest request, Duration timeout);
}
