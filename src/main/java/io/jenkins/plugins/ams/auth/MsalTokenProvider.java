/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import com.microsoft.aad.msal4j.IAuthenticationResult;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.ams.auth.AuthenticationException.Kind;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.concurrent.CompletableFuture;

/** Obtains access tokens from an {@link MsalClient}, and translates the client's errors. */
final class MsalTokenProvider implements TokenProvider {

    private final MsalClient client;
    private final MsalErrorTranslator errorTranslator;
    private final Clock clock;

    MsalTokenProvider(MsalClient client, MsalErrorTranslator errorTranslator, Clock clock) {
        this.client = client;
        this.errorTranslator = errorTranslator;
        this.clock = clock;
    }

    @Override
    public CompletableFuture<AccessToken> acquire(@CheckForNull String claims) {
        CompletableFuture<IAuthenticationResult> pending;
        try {
            pending = client.acquire(claims);
        } catch (RuntimeException | Error e) { // for example, if the executor is shut down
            return CompletableFuture.failedFuture(errorTranslator.translate(e));
        }
        CompletableFuture<AccessToken> token = new CompletableFuture<>();
        pending.whenComplete((result, failure) -> {
            if (failure != null) {
                token.completeExceptionally(errorTranslator.translate(failure));
            } else {
                complete(result, token);
            }
        });
        return token;
    }

    @CheckForNull
    @Override
    public Instant certificateExpiry() {
        return client.certificateExpiry();
    }

    private void complete(IAuthenticationResult result, CompletableFuture<AccessToken> token) {
        String value = result == null ? null : result.accessToken();
        if (!BearerTokens.isToken(value)) {
            // MSAL4J does not treat a response without a token as an error
            token.completeExceptionally(
                    AuthenticationException.of(Kind.TRANSIENT, "the authority responded without an access token"));
            return;
        }
        Date expiresOn = result.expiresOnDate();
        Instant expiry = expiresOn == null ? clock.instant() : expiresOn.toInstant();
        token.complete(new AccessToken(value, expiry));
    }
}
