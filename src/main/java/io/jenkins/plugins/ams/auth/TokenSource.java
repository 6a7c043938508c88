/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import java.util.concurrent.CompletableFuture;

/** Supplies access tokens of one identity for one resource. */
public interface TokenSource {

    /**
     * Returns a valid token, from the cache if possible. It must be called before every request, and its result must
     * not be stored.
     *
     * @return a future that completes within a bounded time, or fails with an {@link AuthenticationException}
     */
    CompletableFuture<AccessToken> token();

    /**
     * Returns a new token in place of one that the service rejected. Many requests that were rejected with the same
     * token cause only one renewal: if the current token already differs from it, the current token is returned.
     *
     * @param rejected the token that the service rejected with 401
     */
    CompletableFuture<AccessToken> renew(AccessToken rejected);

    /**
     * Returns a new token with the claims of a {@linkplain ClaimsChallenge claims challenge} in place of one that the
     * service rejected. The default implementation ignores the claims, which only Microsoft Entra ID supports.
     *
     * @param rejected the token that the service rejected
     * @param claims the claims of the challenge, as a JSON object
     * @return a future that fails with an {@link AuthenticationException}, of the kind {@link
     *     AuthenticationException.Kind#INSUFFICIENT_CLAIMS} if the authority does not issue such a token
     */
    default CompletableFuture<AccessToken> renew(AccessToken rejected, String claims) {
        return renew(rejected);
    }
}
