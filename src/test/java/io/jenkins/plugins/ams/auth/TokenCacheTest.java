/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import static io.jenkins.plugins.ams.testing.TestHttp.failureOf;
import static io.jenkins.plugins.ams.testing.TestHttp.get;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertNotSame;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.auth.AuthenticationException.Kind;
import io.jenkins.plugins.ams.emulator.AzureAd.AuthorityError;
import io.jenkins.plugins.ams.emulator.Emulator;
import io.jenkins.plugins.ams.emulator.RecordedRequest;
import io.jenkins.plugins.ams.emulator.RequestKind;
import io.jenkins.plugins.ams.testing.ExpectedLog;
import io.jenkins.plugins.ams.testing.ManualClock;
import io.jenkins.plugins.ams.testing.TestHttp;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

public class TokenCacheTest {

    private final ManualClock clock = new ManualClock();
    private final ExecutorService executor = Executors.newSingleThreadExecutor();
    private Emulator emulator;
    private TokenCache cache;

    @Rule
    public final ExpectedLog expected = ExpectedLog.ofMsal4j();

    @Before
    public void start() {
        emulator = Emulator.start();
        HttpClient client = TestHttp.clientOf(emulator);
        cache = new TokenCache(() -> client, executor, clock);
    }

    @After
    public void stop() {
        executor.shutdownNow();
        emulator.close();
    }

    @Test
    public void requestsOnceAndThenUsesTheCache() throws Exception {
        AccessToken token = get(tokens().token());
        assertEquals(token, get(tokens().token()));
        RecordedRequest request = emulator.requests().of(RequestKind.TOKEN).get(0);
        assertEquals("/" + emulator.tenant() + "/oauth2/v2.0/token", request.target());
        assertEquals(1, emulator.requests().count());
    }

    @Test
    public void sharesOneRequestAmongConcurrentCallers() throws Exception {
        TokenSource tokens = tokens();
        CountDownLatch latch = blockExecutor();
        List<CompletableFuture<AccessToken>> requested =
                IntStream.range(0, 50).mapToObj(i -> tokens.token()).toList();
        latch.countDown();
        for (CompletableFuture<AccessToken> token : requested) {
            assertEquals(get(requested.get(0)), get(token));
        }
        assertEquals(1, emulator.requests().count(RequestKind.TOKEN));
    }

    @Test
    public void renewsOnceForAllRejectedCallers() throws Exception {
        TokenSource tokens = tokens();
        AccessToken rejected = get(tokens.token());
        CountDownLatch latch = blockExecutor();
        List<CompletableFuture<AccessToken>> renewed = IntStream.range(0, 50)
                .mapToObj(i -> i % 5 == 0 ? tokens.token() : tokens.renew(rejected, null))
                .skip(1)
                .toList();
        latch.countDown();
        AccessToken renewedToken = get(renewed.get(0));
        assertNotEquals(rejected, renewedToken);
        for (CompletableFuture<AccessToken> token : renewed) {
            assertEquals(renewedToken, get(token));
        }
        assertEquals("a caller whose request was rejected later", renewedToken, get(tokens.renew(rejected, null)));
        assertEquals(renewedToken, get(tokens.token()));
        assertEquals(2, emulator.requests().count(RequestKind.TOKEN));
    }

    @Test
    public void renewsAgainWhenTheRenewedTokenIsRejected() throws Exception {
        TokenSource tokens = tokens();
        AccessToken first = get(tokens.token());
        AccessToken second = get(tokens.renew(first, null));
        AccessToken third = get(tokens.renew(second, null));
        assertNotEquals(second, third);
        assertEquals(3, emulator.requests().count(RequestKind.TOKEN));
    }

    @Test
    public void requestsAgainAfterAFailure() throws Exception {
        emulator.azureAd().fault(AuthorityError.BUSY);
        failureOf(AuthenticationException.class, tokens().token());
        assertEquals("MSAL4J must not retry", 1, emulator.requests().count(RequestKind.TOKEN));
        emulator.azureAd().fault(AuthorityError.NONE);
        get(tokens().token());
    }

    @Test
    public void keepsOneSourcePerIdentity() {
        assertSame(tokens(), tokens());
        ApplicationIdentity other = new ApplicationIdentity(
                emulator.authority(),
                false,
                emulator.tenant(),
                emulator.clientId(),
                new ClientSecret(emulator.clientSecret()),
                "https://other/.default");
        assertNotSame(tokens(), cache.tokensOf(other));
    }

    @Test
    public void treatsARotatedSecretAsAnotherIdentity() throws Exception {
        AccessToken before = get(tokens().token());
        emulator.azureAd().rotateSecret("another secret");
        AccessToken after = get(tokens().token());
        assertNotEquals(before, after);
        AuthenticationException e = failureOf(
                AuthenticationException.class,
                cache.tokensOf(identity("mistyped")).token());
        assertEquals(Kind.WRONG_SECRET, e.kind());
    }

    @Test
    public void evictsUnusedSources() {
        TokenSource used = tokens();
        cache.tokensOf(identity("old"));
        clock.advance(Duration.ofMinutes(50));
        used.token();
        clock.advance(Duration.ofMinutes(50));
        assertSame(used, tokens());
        assertEquals(1, cache.size());
    }

    @Test
    public void limitsTheCacheSize() {
        TokenSource first = tokens();
        for (int i = 0; i < TokenCache.MAX_IDENTITIES; i++) {
            cache.tokensOf(identity("secret " + i));
        }
        assertEquals(TokenCache.MAX_IDENTITIES, cache.size());
        assertNotSame(first, tokens());
    }

    @Test
    public void getsTheClientForEachRequest() throws Exception {
        AtomicInteger requested = new AtomicInteger();
        HttpClient client = TestHttp.clientOf(emulator);
        TokenCache changing = new TokenCache(
                () -> {
                    requested.incrementAndGet();
                    return client;
                },
                executor,
                clock);
        TokenSource tokens = changing.tokensOf(identity(emulator.clientSecret()));
        get(tokens.renew(get(tokens.token()), null));
        assertEquals(2, requested.get());
    }

    @Test
    public void reportsWhenATokenExpires() throws Exception {
        AccessToken token = get(tokens().token());
        Duration remaining = Duration.between(Instant.now(), token.expiresOn());
        assertTrue(remaining.toString(), remaining.compareTo(Duration.ofSeconds(3500)) > 0);
        assertTrue(remaining.toString(), remaining.compareTo(Duration.ofSeconds(3600)) <= 0);
    }

    @Test
    public void failsWithoutARequestWhenMsal4jRejectsTheIdentity() {
        ApplicationIdentity noTenant = new ApplicationIdentity(
                emulator.authority(), false, "", emulator.clientId(), new ClientSecret("s"), emulator.scope());
        AuthenticationException e = failureOf(
                AuthenticationException.class, cache.tokensOf(noTenant).token());
        assertEquals(Kind.REJECTED, e.kind());
        assertFalse(e.isTransient());
        assertEquals(0, emulator.requests().count());
    }

    @Test
    public void treatsAShutDownExecutorAsTransient() {
        executor.shutdownNow();
        AuthenticationException e = failureOf(AuthenticationException.class, tokens().token());
        assertEquals(Kind.TRANSIENT, e.kind());
        assertTrue("an error of the controller", e.isOfController());
    }

    private TokenSource tokens() {
        return cache.tokensOf(identity(emulator.clientSecret()));
    }

    private ApplicationIdentity identity(String secret) {
        return new ApplicationIdentity(
                emulator.authority(),
                false,
                emulator.tenant(),
                emulator.clientId(),
                new ClientSecret(secret),
                emulator.scope());
    }

    /** Blocks the executor until the returned latch is counted down. */
    private CountDownLatch blockExecutor() {
        CountDownLatch latch = new CountDownLatch(1);
        executor.execute(() -> {
            try {
                latch.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        return latch;
    }
}
