/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import com.microsoft.aad.msal4j.IAuthenticationResult;
import java.util.concurrent.CompletableFuture;

/** How MSAL4J is asked for tokens of one identity. Calls do not overlap. */
interface MsalClient {

    /**
     * Requests a token from the authority; MSAL4J's cache is not used.
     *
     * @param claims that the token must carry, as JSON; null for none in particular
     * @return fails with what MSAL4J throws, which {@link #errorTranslator} understands; bounded in time
     */
    CompletableFuture<IAuthenticationResult> acquire(String claims);

    /** Says in our terms what a future of {@link #acquire} failed with. */
    MsalErrorTranslator errorTranslator();
}
