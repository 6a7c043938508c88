/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import com.microsoft.aad.msal4j.IAuthenticationResult;
import java.util.concurrent.CompletableFuture;

/** Requests tokens for one identity with MSAL4J. Calls do not overlap. */
interface MsalClient {

    /**
     * Requests a token from the authority, without MSAL4J's cache.
     *
     * @param claims the claims that the token must contain, as JSON; null for none
     * @return a future that completes within a bounded time, or fails with an exception that {@link #errorTranslator}
     *     translates
     */
    CompletableFuture<IAuthenticationResult> acquire(String claims);

    /** Returns the translator for failures of {@link #acquire}. */
    MsalErrorTranslator errorTranslator();
}
