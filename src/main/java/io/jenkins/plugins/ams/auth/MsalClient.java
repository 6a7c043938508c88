/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import com.microsoft.aad.msal4j.IAuthenticationResult;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;

/** How MSAL4J is asked for tokens of one identity. Calls do not overlap. */
interface MsalClient {

    /**
     * Asks for a token.
     *
     * @param skipCache whether a token that MSAL4J still has is no good
     * @param claims that the token must carry, as JSON; null for none in particular
     * @return fails with what MSAL4J throws; {@link #failures} understands it
     * @throws AuthenticationException if there is nothing to ask with
     * @throws RejectedExecutionException if the threads are shut down
     */
    CompletableFuture<IAuthenticationResult> acquire(boolean skipCache, String claims) throws AuthenticationException;

    /** Says in our terms what a future of {@link #acquire} failed with. */
    MsalFailures failures();
}
