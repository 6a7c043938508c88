/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

/** Requests tokens for one identity. */
interface TokenProvider {

    /**
     * Requests a token.
     *
     * @param claims the claims that the token must contain, as JSON, or null if no claims are required
     * @return a future that completes within a limited time. It fails with an {@link AuthenticationException}, which
     *     may be wrapped
     */
    CompletableFuture<AccessToken> acquire(@CheckForNull String claims);

    /**
     * Returns the expiry time of the client certificate that the last token request used. Returns null if the identity
     * has no certificate or the certificate has not been read. Does not block.
     */
    @CheckForNull
    default Instant certificateExpiry() {
        return null;
    }
}
