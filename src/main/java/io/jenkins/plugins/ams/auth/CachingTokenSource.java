/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The tokens of one identity: the current one is kept, and one request at a time gets the next. That is requested before
 * the current token expires, which meanwhile is used: an authority that is down for less than half an hour is not noticed.
 */
final class CachingTokenSource implements TokenSource {

    /** How long before its end a token is renewed at the earliest; one with a shorter life, after half of it. */
    private static final Duration MAX_RENEWAL_LEAD = Duration.ofMinutes(30);

    /** Minimum time between two requests for a token that is not needed yet. */
    private static final Duration RENEWAL_RETRY = Duration.ofMinutes(1);

    private static final Logger LOGGER = Logger.getLogger(CachingTokenSource.class.getName());

    private final TokenProvider provider;
    private final Clock clock;
    private final LongSupplier nanoTime;

    private AccessToken current;

    /** Counts the requests, since more than one can be under way. */
    private long requestCount;

    /** Which of the requests {@link #current} is from. */
    private long currentNumber;

    /** The claims that {@link #current} was requested with; null for none. */
    private String currentClaims;

    /** From when on {@link #current} is renewed in the background. */
    private Instant renewFrom;

    /** Until when it is not tried again, of {@link #nanoTime}; null if it may be tried. */
    private Long renewalNotBefore;

    /** Gets a token where there is none, or the next one early. */
    private CompletableFuture<AccessToken> request;

    /** Gets another token in place of one that a service rejected. */
    private CompletableFuture<AccessToken> renewal;

    private String renewalClaims;
    private volatile Instant lastUsed;

    /**
     * @param clock what the ends of tokens are compared with
     * @param nanoTime elapsed time, as {@link System#nanoTime}
     */
    CachingTokenSource(TokenProvider provider, Clock clock, LongSupplier nanoTime) {
        this.provider = provider;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.lastUsed = clock.instant();
    }

    @Override
    public synchronized CompletableFuture<AccessToken> token() {
        lastUsed = clock.instant();
        if (isInFlight(renewal)) {
            return Futures.bare(renewal);
        }
        if (current != null && lastUsed.isBefore(current.expiresOn())) {
            if (!lastUsed.isBefore(renewFrom)) {
                renewInBackground();
            }
            return CompletableFuture.completedFuture(current);
        }
        if (!isInFlight(request)) {
            request = acquire(null);
        }
        return Futures.bare(request);
    }

    @Override
    public CompletableFuture<AccessToken> renew(AccessToken rejected) {
        return renew(rejected, null);
    }

    @Override
    public synchronized CompletableFuture<AccessToken> renew(AccessToken rejected, String claims) {
        lastUsed = clock.instant();
        if (isInFlight(renewal)) {
            if (claims == null || claims.equals(renewalClaims)) {
                return Futures.bare(renewal);
            }
            // what is under way lacks the claims, so another token is needed whatever comes of it
            return Futures.bare(renewal.handle((token, failure) -> token == null ? rejected : token)
                    .thenCompose(token -> renew(token, claims)));
        }
        boolean renewedAlready = current != null && !current.value().equals(rejected.value());
        if (renewedAlready && (claims == null || Objects.equals(claims, currentClaims))) {
            return token(); // another rejected request has renewed it
        }
        if (claims == null && isInFlight(request)) {
            return Futures.bare(request); // which brings a newer one
        }
        renewalClaims = claims;
        renewal = acquire(claims);
        return Futures.bare(renewal);
    }

    /** When a token was last asked for. */
    Instant lastUsed() {
        return lastUsed;
    }

    private static boolean isInFlight(CompletableFuture<AccessToken> future) {
        return future != null && !future.isDone();
    }

    private void renewInBackground() {
        long now = nanoTime.getAsLong();
        boolean delayed = renewalNotBefore != null && now - renewalNotBefore < 0;
        if (delayed || isInFlight(request)) {
            return;
        }
        renewalNotBefore = now + RENEWAL_RETRY.toNanos();
        request = acquire(null);
        request.whenComplete((token, failure) -> {
            if (failure instanceof AuthenticationException e) {
                LOGGER.log(Level.FINE, "An access token could not be renewed early: {0}", e.getMessage());
                e.retryAfter().ifPresent(this::delayRenewal);
            }
        });
    }

    private synchronized void delayRenewal(Duration retryDelay) {
        long until = nanoTime.getAsLong() + retryDelay.toNanos();
        if (renewalNotBefore - until < 0) {
            renewalNotBefore = until;
        }
    }

    private CompletableFuture<AccessToken> acquire(String claims) {
        CompletableFuture<AccessToken> result = new CompletableFuture<>();
        long number = ++requestCount;
        provider.acquire(claims).whenComplete((token, failure) -> {
            if (failure != null) {
                result.completeExceptionally(Futures.unwrap(failure));
                return;
            }
            synchronized (this) {
                if (number > currentNumber) { // otherwise one that was requested later came sooner
                    current = token;
                    currentNumber = number;
                    currentClaims = claims;
                    renewFrom = renewFrom(token);
                }
            }
            result.complete(token);
        });
        return result;
    }

    private Instant renewFrom(AccessToken token) {
        Duration halfOfRemaining =
                Duration.between(clock.instant(), token.expiresOn()).dividedBy(2);
        return token.expiresOn().minus(halfOfRemaining.compareTo(MAX_RENEWAL_LEAD) < 0 ? halfOfRemaining : MAX_RENEWAL_LEAD);
    }
}
