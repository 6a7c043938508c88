/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import java.util.concurrent.CompletableFuture;

/** Requests tokens for one identity. Calls do not overlap. */
interface TokenProvider {

    /**
     * Requests a token.
     *
     * @param claims the claims that the token must contain, as JSON; null for none
     * @return a future that completes within a bounded time, or fails with an {@link AuthenticationException}, possibly
     *     wrapped
     */
    CompletableFuture<AccessToken> acquire(String claims);
}
