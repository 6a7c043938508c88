/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.http.Futures;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Caches an identity's current token, and renews it in the background before it expires. The current token remains in
 * use until a new token has been issued or the current token has expired. Therefore, a token authority outage of less
 * than half an hour usually has no effect.
 */
final class CachingTokenSource implements TokenSource {

    /**
     * Maximum time before a token's expiry at which the token is renewed. A token that is valid for less than an hour
     * is renewed after half of its lifetime.
     */
    private static final Duration MAX_RENEWAL_LEAD = Duration.ofMinutes(30);

    /** Minimum time between attempts to renew a token that is still valid. */
    private static final Duration RENEWAL_RETRY = Duration.ofMinutes(1);

    private static final Logger LOGGER = Logger.getLogger(CachingTokenSource.class.getName());

    private final TokenProvider provider;
    private final Clock clock;
    private final LongSupplier nanoTime;

    /** Written while holding the lock; {@link #status} reads it without the lock. */
    private volatile AccessToken current;

    /** The number of token requests sent so far, including requests in flight. */
    private long requestCount;

    /** The number of the request that returned {@link #current}. */
    private long currentNumber;

    /**
     * The claims that {@link #current} was requested with, or null if that token was requested without claims. Later
     * tokens are requested with the same claims, because a service that required these claims rejects tokens without
     * them.
     */
    @CheckForNull
    private String currentClaims;

    /** The time after which {@link #current} is renewed in the background. */
    private Instant renewFrom;

    /**
     * The value of {@link #nanoTime} before which background renewals are not attempted, or null if there is no
     * restriction.
     */
    private Long renewalNotBefore;

    /**
     * The latest token request, excluding requests that replace a rejected token. Null if no such request has been
     * sent.
     */
    private CompletableFuture<AccessToken> request;

    /**
     * The latest token request that replaces a token rejected by the service. Null if no such request has been sent.
     */
    private CompletableFuture<AccessToken> renewal;

    /** The claims from the challenge that caused {@link #renewal}, or null if there was no challenge. */
    @CheckForNull
    private String renewalClaims;

    private volatile Instant lastUsed;

    /**
     * @param clock the clock to compare expiry times with
     * @param nanoTime supplies the elapsed time in nanoseconds, like {@link System#nanoTime}
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
    public synchronized CompletableFuture<AccessToken> renew(AccessToken rejected, @CheckForNull String claims) {
        lastUsed = clock.instant();
        if (isInFlight(renewal)) {
            if (claims == null || claims.equals(renewalClaims)) {
                return Futures.bare(renewal);
            }
            // the request in flight does not include the claims, so even if it succeeds, another request is needed
            return Futures.bare(renewal.handle((token, failure) -> token == null ? rejected : token)
                    .thenCompose(token -> renew(token, claims)));
        }
        boolean renewedAlready = current != null && !current.value().equals(rejected.value());
        if (renewedAlready && (claims == null || Objects.equals(claims, currentClaims))) {
            return token(); // the token was already renewed after another request was rejected
        }
        if (claims == null && isInFlight(request)) {
            return Futures.bare(request); // the requested token is newer than the rejected token
        }
        renewalClaims = claims;
        renewal = acquire(claims);
        return Futures.bare(renewal);
    }

    @Override
    public TokenStatus status() { // not synchronized, because a request for a token may take time
        AccessToken token = current;
        boolean expires = token != null && token.expiresOn() != Instant.MAX;
        return new TokenStatus(expires ? token.expiresOn() : null, provider.certificateExpiry());
    }

    /** Returns the time when a token was last requested from this source. */
    Instant lastUsed() {
        return lastUsed;
    }

    private static boolean isInFlight(@CheckForNull CompletableFuture<AccessToken> future) {
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
            if (failure != null) {
                AmsException e = AmsException.of(failure);
                LOGGER.log(Level.FINE, "Could not renew an access token before its expiry: {0}", e.getMessage());
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

    /**
     * Requests a token, which becomes the current token unless a later request has already completed.
     *
     * @param required the claims that a challenge requires, or null to use the claims that the current token was
     *     requested with, if any
     */
    private CompletableFuture<AccessToken> acquire(@CheckForNull String required) {
        CompletableFuture<AccessToken> result = new CompletableFuture<>();
        long number = ++requestCount;
        String claims = required == null ? currentClaims : required;
        provider.acquire(claims).whenComplete((token, failure) -> {
            if (failure != null) {
                if (required == null) {
                    forgetRejected(claims, Futures.unwrap(failure));
                }
                result.completeExceptionally(Futures.unwrap(failure));
                return;
            }
            synchronized (this) {
                if (number > currentNumber) { // otherwise, a later request has already completed
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

    /**
     * Discards the current claims if the token authority rejects a request with them, so that later tokens can be
     * requested without these claims.
     */
    private synchronized void forgetRejected(@CheckForNull String claims, Throwable failure) {
        boolean rejected = failure instanceof AuthenticationException e && !e.isTransient();
        if (rejected && Objects.equals(claims, currentClaims)) {
            currentClaims = null;
        }
    }

    private Instant renewFrom(AccessToken token) {
        Duration halfOfRemaining =
                Duration.between(clock.instant(), token.expiresOn()).dividedBy(2);
        return token.expiresOn()
                .minus(halfOfRemaining.compareTo(MAX_RENEWAL_LEAD) < 0 ? halfOfRemaining : MAX_RENEWAL_LEAD);
    }
}
