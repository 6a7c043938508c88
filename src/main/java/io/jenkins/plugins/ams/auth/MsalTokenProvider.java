/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import com.microsoft.aad.msal4j.IAuthenticationResult;
import io.jenkins.plugins.ams.auth.AuthenticationException.Kind;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.concurrent.CompletableFuture;

/** Tokens of one client of MSAL4J. */
final class MsalTokenProvider implements TokenProvider {

    private final MsalClient client;
    private final Clock clock;

    MsalTokenProvider(MsalClient client, Clock clock) {
        this.client = client;
        this.clock = clock;
    }

    @Override
    public CompletableFuture<AccessToken> acquire(String claims) {
        CompletableFuture<IAuthenticationResult> pending;
        try {
            pending = client.acquire(claims);
        } catch (RuntimeException | Error e) { // such as that the threads are shut down
            return CompletableFuture.failedFuture(client.errorTranslator().translate(e));
        }
        CompletableFuture<AccessToken> token = new CompletableFuture<>();
        pending.whenComplete((result, failure) -> {
            if (failure != null) {
                token.completeExceptionally(client.errorTranslator().translate(failure));
            } else {
                complete(result, token);
            }
        });
        return token;
    }

    private void complete(IAuthenticationResult result, CompletableFuture<AccessToken> token) {
        String value = result == null ? null : result.accessToken();
        if (!BearerTokens.isToken(value)) {
            // MSAL4J lets an answer without a token pass
            token.completeExceptionally(
                    AuthenticationException.of(Kind.TRANSIENT, "the authority answered without an access token"));
            return;
        }
        Date expiresOn = result.expiresOnDate();
        Instant expiry = expiresOn == null ? clock.instant() : expiresOn.toInstant();
        token.complete(new AccessToken(value, expiry));
    }
}
