/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import java.util.concurrent.CompletableFuture;

/** Hands out access tokens of one principal for one resource. */
public interface TokenSource {

    /**
     * A token that is good now, from the cache where it is. Callers ask before every request and keep none.
     *
     * @return fails with an {@link AuthenticationException}; bounded in time
     */
    CompletableFuture<AccessToken> token();

    /**
     * A new token in place of one that the service refused. Many requests that were refused with the same token cost
     * one renewal: if the current token is another one already, that is the answer.
     *
     * @param rejected the token that the service answered with 401
     */
    CompletableFuture<AccessToken> renew(AccessToken rejected);

    /**
     * Returns a new token with the claims of a {@linkplain ClaimsChallenge claims challenge} in place of the one that the
     * service rejected. The default ignores the claims, which only Azure AD understands.
     *
     * @param rejected the token that the service rejected
     * @param claims JSON object of the challenge
     * @return fails with an {@link AuthenticationException}, {@link AuthenticationException.Kind#INSUFFICIENT_CLAIMS} if
     *     the authority does not issue such a token
     */
    default CompletableFuture<AccessToken> renew(AccessToken rejected, String claims) {
        return renew(rejected);
    }
}
