/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import java.util.concurrent.CompletableFuture;

/** How tokens of one identity are asked for. Calls do not overlap. */
interface TokenProvider {

    /**
     * Asks for a token.
     *
     * @param claims that the token must carry, as JSON; null for none in particular
     * @return fails with an {@link AuthenticationException}, possibly wrapped; bounded in time
     */
    CompletableFuture<AccessToken> acquire(String claims);
}
