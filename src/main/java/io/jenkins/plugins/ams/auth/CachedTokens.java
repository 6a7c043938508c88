/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

/** The tokens of one identity: the current one is kept, and one request at a time gets the next. */
final class CachedTokens implements TokenSource {

    /** A token is not used in its last minutes, MSAL4J's own rule; nor in the second half of a life shorter than that. */
    private static final Duration MARGIN = Duration.ofMinutes(5);

    private final TokenRequests requests;
    private final Clock clock;

    private AccessToken current;

    /** The claims that {@link #current} was requested with; null for none. */
    private String currentClaims;

    /** Until when {@link #current} is handed out again. */
    private Instant freshUntil;

    private CompletableFuture<AccessToken> request;
    private CompletableFuture<AccessToken> renewal;
    private volatile Instant lastUsed;

    CachedTokens(TokenRequests requests, Clock clock) {
        this.requests = requests;
        this.clock = clock;
        this.lastUsed = clock.instant();
    }

    @Override
    public synchronized CompletableFuture<AccessToken> token() {
        lastUsed = clock.instant();
        if (isUnderWay(renewal)) {
            return Futures.bare(renewal);
        }
        if (current != null && lastUsed.isBefore(freshUntil)) {
            return CompletableFuture.completedFuture(current);
        }
        if (!isUnderWay(request)) {
            request = acquire(false, null);
        }
        return Futures.bare(request);
    }

    @Override
    public synchronized CompletableFuture<AccessToken> renew(AccessToken refused) {
        lastUsed = clock.instant();
        if (!isUnderWay(renewal)) {
            if (current != null && !current.value().equals(refused.value())) {
                return token(); // another refused request has renewed it already
            }
            renewal = acquire(true, null);
        }
        return Futures.bare(renewal);
    }

    @Override
    public synchronized CompletableFuture<AccessToken> renew(AccessToken rejected, String claims) {
        lastUsed = clock.instant();
        if (!isUnderWay(renewal)) {
            boolean renewedAlready = current != null && !current.value().equals(rejected.value());
            if (renewedAlready && claims.equals(currentClaims)) {
                return token();
            }
            renewal = acquire(true, claims);
        }
        return Futures.bare(renewal);
    }

    /** When a token was last asked for. */
    Instant lastUsed() {
        return lastUsed;
    }

    private static boolean isUnderWay(CompletableFuture<AccessToken> future) {
        return future != null && !future.isDone();
    }

    private CompletableFuture<AccessToken> acquire(boolean anew, String claims) {
        CompletableFuture<AccessToken> waiting = new CompletableFuture<>();
        requests.acquire(anew, claims).whenComplete((token, failure) -> {
            if (failure != null) {
                waiting.completeExceptionally(Futures.unwrap(failure));
                return;
            }
            synchronized (this) {
                current = token;
                currentClaims = claims;
                freshUntil = freshUntil(token);
            }
            waiting.complete(token);
        });
        return waiting;
    }

    private Instant freshUntil(AccessToken token) {
        Duration halfOfRest =
                Duration.between(clock.instant(), token.expiresOn()).dividedBy(2);
        return token.expiresOn().minus(halfOfRest.compareTo(MARGIN) < 0 ? halfOfRest : MARGIN);
    }
}
