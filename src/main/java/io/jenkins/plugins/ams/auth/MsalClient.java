/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import com.microsoft.aad.msal4j.IAuthenticationResult;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

/** Requests tokens for one identity with MSAL4J. */
interface MsalClient {

    /**
     * Requests a new token without using MSAL4J's cache.
     *
     * @param claims the claims that the token must contain, as JSON, or null if no claims are required
     * @return a future that completes within a limited time. It fails with an exception that {@link
     *     MsalErrorTranslator} can translate
     */
    CompletableFuture<IAuthenticationResult> acquire(@CheckForNull String claims);

    /** Implements {@link TokenProvider#certificateExpiry}. */
    @CheckForNull
    default Instant certificateExpiry() {
        return null;
    }
}
