/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import java.util.concurrent.CompletableFuture;

/** Requests tokens for one identity. */
interface TokenProvider {

    /**
     * Requests a token.
     *
     * @param claims the claims that the token must contain, as JSON; null if there are none
     * @return a future that completes within a limited time. It fails with an {@link AuthenticationException}, which
     *     may be wrapped
     */
    CompletableFuture<AccessToken> acquire(String claims);
}
