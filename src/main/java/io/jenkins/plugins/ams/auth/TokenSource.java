/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.concurrent.CompletableFuture;

/** Supplies an identity's access tokens for one resource. */
public interface TokenSource {

    /**
     * Returns a valid token, from the cache if possible. Callers must call this method before every request and must
     * not store the token.
     *
     * @return a future that completes within a limited time. It fails with an {@link AuthenticationException}
     */
    CompletableFuture<AccessToken> token();

    /**
     * Returns a replacement for a token that the service rejected. If the service rejects several requests with the
     * same token, the token is renewed only once: if the current token differs from the rejected token, the current
     * token is returned.
     *
     * @param rejected the token that the service rejected
     * @param claims the claims that a {@linkplain ClaimsChallenge claims challenge} requires, as a JSON object, or null
     *     if the token has expired or is not valid
     * @return a future that fails with an {@link AuthenticationException} if the token authority does not issue a token
     *     with the claims
     */
    CompletableFuture<AccessToken> renew(AccessToken rejected, @CheckForNull String claims);

    /**
     * Returns when the current token and the client certificate expire. Does not request a token, and does not count as
     * a use of this source.
     */
    default TokenStatus status() {
        return TokenStatus.UNKNOWN;
    }
}
