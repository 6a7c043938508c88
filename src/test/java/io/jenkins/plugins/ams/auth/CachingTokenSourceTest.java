/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import static io.jenkins.plugins.ams.testing.TestHttp.failureOf;
import static io.jenkins.plugins.ams.testing.TestHttp.get;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertSame;

import io.jenkins.plugins.ams.auth.AuthenticationException.Kind;
import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.testing.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.Test;

/** Tests when the tokens of an identity are renewed, and which token is used until then. */
public class CachingTokenSourceTest {

    private final ManualClock clock = new ManualClock();
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 7); // System.nanoTime may overflow
    private final List<CompletableFuture<AccessToken>> requests = new ArrayList<>();
    private final List<String> claims = new ArrayList<>();
    private final CachingTokenSource tokens = new CachingTokenSource(
            requestedClaims -> {
                claims.add(requestedClaims);
                requests.add(new CompletableFuture<>());
                return requests.get(requests.size() - 1);
            },
            clock,
            nanos::get);

    @Test
    public void usesATokenUntilItExpiresDuringAnOutage() throws Exception {
        AccessToken first = firstToken(Duration.ofHours(1));
        for (int minute = 0; minute < 60; minute++) {
            assertSame(first, get(tokens.token()));
            if (!last().isDone()) {
                last().completeExceptionally(AuthenticationException.of(Kind.TRANSIENT, "down"));
            }
            advance(Duration.ofMinutes(1));
        }
        CompletableFuture<AccessToken> pending = tokens.token();
        assertFalse("the token has expired", pending.isDone());
        last().completeExceptionally(AuthenticationException.of(Kind.TRANSIENT, "down"));
        assertEquals("down", failureOf(AuthenticationException.class, pending).getMessage());
    }

    @Test
    public void knowsWhenTheTokenExpires() throws Exception {
        assertEquals(TokenStatus.UNKNOWN, tokens.status());
        Instant created = tokens.lastUsed();
        AccessToken first = firstToken(Duration.ofHours(1));
        advance(Duration.ofMinutes(10));
        Instant used = tokens.lastUsed();
        assertEquals(new TokenStatus(first.expiresOn(), null), tokens.status());
        assertEquals("looking at the status is no use", used, tokens.lastUsed());
        assertEquals(created, used);
    }

    @Test
    public void aTokenWithoutExpiryHasNone() throws Exception {
        CompletableFuture<AccessToken> pending = tokens.token();
        last().complete(new AccessToken("static", Instant.MAX, true));
        get(pending);
        assertEquals(TokenStatus.UNKNOWN, tokens.status());
    }

    @Test
    public void doesNotWaitForASlowAuthority() throws Exception {
        AccessToken first = firstToken(Duration.ofHours(1));
        advance(Duration.ofMinutes(29));
        assertSame(first, get(tokens.token()));
        assertEquals("not due for renewal yet", 1, requests.size());
        advance(Duration.ofMinutes(1));
        assertSame(first, get(tokens.token()));
        advance(Duration.ofMinutes(20));
        assertSame("the renewal has been pending for 20 minutes", first, get(tokens.token()));
        assertEquals(2, requests.size());
        AccessToken second = token("second", Duration.ofHours(1));
        last().complete(second);
        assertSame(second, get(tokens.token()));
        assertEquals(2, requests.size());
    }

    @Test
    public void renewsAShortLivedTokenAfterHalfItsLifetime() throws Exception {
        AccessToken first = firstToken(Duration.ofMinutes(2));
        advance(Duration.ofSeconds(59));
        assertSame(first, get(tokens.token()));
        assertEquals(1, requests.size());
        advance(Duration.ofSeconds(1));
        assertSame(first, get(tokens.token()));
        assertEquals(2, requests.size());
    }

    @Test
    public void backsOffAfterAFailedRenewal() throws Exception {
        firstToken(Duration.ofHours(1));
        advance(Duration.ofMinutes(45));
        tokens.token();
        last().completeExceptionally(AuthenticationException.of(Kind.TRANSIENT, "down"));
        for (int second = 0; second < 59; second++) {
            tokens.token();
            advance(Duration.ofSeconds(1));
        }
        assertEquals(2, requests.size());
        advance(Duration.ofSeconds(1));
        tokens.token();
        assertEquals(3, requests.size());
    }

    @Test
    public void honorsRetryAfter() throws Exception {
        firstToken(Duration.ofHours(1));
        advance(Duration.ofMinutes(31));
        tokens.token();
        last().completeExceptionally(AuthenticationException.of(
                Kind.TRANSIENT, "busy", new AmsException.Context(null, Duration.ofMinutes(7), null)));
        advance(Duration.ofMinutes(6));
        tokens.token();
        assertEquals(2, requests.size());
        advance(Duration.ofMinutes(1));
        tokens.token();
        assertEquals(3, requests.size());
    }

    @Test
    public void measuresDelaysInElapsedTime() throws Exception {
        firstToken(Duration.ofHours(1));
        advance(Duration.ofMinutes(45));
        tokens.token();
        last().completeExceptionally(AuthenticationException.of(Kind.TRANSIENT, "down"));
        clock.advance(Duration.ofMinutes(-10));
        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        tokens.token();
        assertEquals("even if the clock was set back", 3, requests.size());
    }

    @Test
    public void backsOffWhenTheSameTokenIsReturned() throws Exception {
        AccessToken first = firstToken(Duration.ofHours(24));
        advance(Duration.ofHours(24).minusMinutes(30));
        tokens.token();
        last().complete(first);
        advance(Duration.ofMinutes(14));
        tokens.token();
        assertEquals(2, requests.size());
        advance(Duration.ofMinutes(1));
        tokens.token();
        assertEquals(3, requests.size());
    }

    @Test
    public void renewsARejectedTokenWithThePendingRequest() throws Exception {
        AccessToken first = firstToken(Duration.ofHours(1));
        advance(Duration.ofMinutes(45));
        tokens.token();
        CompletableFuture<AccessToken> renewed = tokens.renew(first, null);
        assertEquals(2, requests.size());
        AccessToken second = token("second", Duration.ofHours(1));
        last().complete(second);
        assertSame(second, get(renewed));
    }

    @Test
    public void handlesAChallengeAfterAPendingRenewal() throws Exception {
        AccessToken first = firstToken(Duration.ofHours(1));
        CompletableFuture<AccessToken> plain = tokens.renew(first, null);
        CompletableFuture<AccessToken> challenged = tokens.renew(first, "{}");
        AccessToken second = token("second", Duration.ofHours(1));
        last().complete(second);
        assertSame(second, get(plain));
        assertFalse(challenged.isDone());
        AccessToken third = token("third", Duration.ofHours(1));
        last().complete(third);
        assertSame(third, get(challenged));
        assertEquals("{}", claims.get(2));
        assertEquals(3, requests.size());
    }

    @Test
    public void anEarlierTokenDoesNotReplaceOneWithClaims() throws Exception {
        AccessToken first = firstToken(Duration.ofHours(1));
        advance(Duration.ofMinutes(45));
        tokens.token();
        CompletableFuture<AccessToken> challenged = tokens.renew(first, "{}");
        AccessToken withClaims = token("with claims", Duration.ofHours(1));
        requests.get(2).complete(withClaims);
        requests.get(1).complete(token("without", Duration.ofHours(1)));
        assertSame(withClaims, get(challenged));
        assertSame(withClaims, get(tokens.token()));
    }

    @Test
    public void handlesAChallengeAfterAFailedRenewal() throws Exception {
        AccessToken first = firstToken(Duration.ofHours(1));
        tokens.renew(first, null);
        CompletableFuture<AccessToken> challenged = tokens.renew(first, "{}");
        last().completeExceptionally(AuthenticationException.of(Kind.TRANSIENT, "down"));
        last().completeExceptionally(AuthenticationException.of(Kind.BLOCKED_BY_POLICY, "no"));
        assertEquals(
                Kind.BLOCKED_BY_POLICY,
                failureOf(AuthenticationException.class, challenged).kind());
    }

    @Test
    public void requestsTheNextTokensWithTheClaimsOfTheLastOne() throws Exception {
        AccessToken withClaims = tokenWithClaims();
        advance(Duration.ofMinutes(31));
        assertSame("renewed early", withClaims, get(tokens.token()));
        last().complete(token("third", Duration.ofHours(1)));
        advance(Duration.ofHours(2));
        tokens.token();
        AccessToken fourth = token("fourth", Duration.ofHours(1));
        last().complete(fourth);
        tokens.renew(fourth, null);
        assertEquals("renewed early, expired, and rejected", Arrays.asList(null, "{}", "{}", "{}", "{}"), claims);
    }

    @Test
    public void keepsNoClaimsThatTheAuthorityRejects() throws Exception {
        AccessToken withClaims = tokenWithClaims();
        CompletableFuture<AccessToken> renewed = tokens.renew(withClaims, null);
        last().completeExceptionally(AuthenticationException.of(Kind.TRANSIENT, "down"));
        failureOf(AuthenticationException.class, renewed);
        renewed = tokens.renew(withClaims, null);
        last().completeExceptionally(AuthenticationException.of(Kind.BLOCKED_BY_POLICY, "no"));
        failureOf(AuthenticationException.class, renewed);
        tokens.renew(withClaims, null);
        assertEquals(Arrays.asList(null, "{}", "{}", "{}", null), claims);
    }

    private AccessToken tokenWithClaims() throws Exception {
        CompletableFuture<AccessToken> challenged = tokens.renew(firstToken(Duration.ofHours(1)), "{}");
        AccessToken withClaims = token("with claims", Duration.ofHours(1));
        last().complete(withClaims);
        assertSame(withClaims, get(challenged));
        return withClaims;
    }

    private AccessToken firstToken(Duration lifetime) throws Exception {
        CompletableFuture<AccessToken> pending = tokens.token();
        AccessToken first = token("first", lifetime);
        last().complete(first);
        assertSame(first, get(pending));
        return first;
    }

    private AccessToken token(String value, Duration lifetime) {
        return new AccessToken(value, clock.instant().plus(lifetime));
    }

    private CompletableFuture<AccessToken> last() {
        return requests.get(requests.size() - 1);
    }

    private void advance(Duration time) {
        clock.advance(time);
        nanos.addAndGet(time.toNanos());
    }
}
