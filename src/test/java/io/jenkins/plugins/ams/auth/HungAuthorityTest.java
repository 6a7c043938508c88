/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import static io.jenkins.plugins.ams.testing.TestHttp.failureOf;
import static io.jenkins.plugins.ams.testing.TestHttp.get;
import static org.awaitility.Awaitility.await;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.auth.AuthenticationException.Kind;
import io.jenkins.plugins.ams.emulator.Emulator;
import io.jenkins.plugins.ams.emulator.Fault;
import io.jenkins.plugins.ams.emulator.RequestKind;
import io.jenkins.plugins.ams.testing.ExpectedLog;
import io.jenkins.plugins.ams.testing.ManualClock;
import io.jenkins.plugins.ams.testing.OidcIssuer;
import io.jenkins.plugins.ams.testing.TestHttp;
import java.io.IOException;
import java.net.http.HttpClient;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** Tests that an authority or credentials store that does not respond does not delay other tokens. */
public class HungAuthorityTest {

    private static final int REQUESTS = 12;

    /** A single thread, so that blocking it would delay all tokens. */
    private final ExecutorService computing = Executors.newSingleThreadExecutor();

    private final ExecutorService reading = Executors.newFixedThreadPool(2);
    private final CountDownLatch storeResponds = new CountDownLatch(1);
    private Emulator hung;
    private Emulator healthy;
    private HttpClient client;

    @Rule
    public final ExpectedLog expected = ExpectedLog.ofMsal4j();

    @Before
    public void start() {
        hung = Emulator.start();
        hung.faults().inject(Fault.hang().on(RequestKind.TOKEN));
        healthy = Emulator.start();
        client = TestHttp.clientOf(healthy); // both emulators have the same certificate
    }

    @After
    public void stop() {
        storeResponds.countDown();
        computing.shutdownNow();
        reading.shutdownNow();
        hung.close();
        healthy.close();
    }

    @Test
    public void aHungAuthorityDelaysNoTokensOfAnother() throws Exception {
        TokenCache cache = cache(Duration.ofMinutes(10));
        List<CompletableFuture<AccessToken>> pending = new ArrayList<>();
        for (int i = 0; i < REQUESTS; i++) {
            pending.add(cache.tokensOf(identity(hung, new ClientSecret("secret " + i)))
                    .token());
        }
        await().until(() -> hung.requests().count(RequestKind.TOKEN) == REQUESTS);
        get(cache.tokensOf(identity(healthy, new ClientSecret(healthy.clientSecret())))
                .token());
        assertTrue(pending.stream().noneMatch(CompletableFuture::isDone));
    }

    @Test
    public void theTimeoutStartsWithTheTokenRequest() {
        TokenCache cache = cache(Duration.ofSeconds(3));
        List<CompletableFuture<AccessToken>> pending = new ArrayList<>();
        for (int i = 0; i < REQUESTS; i++) {
            pending.add(cache.tokensOf(identity(hung, new ClientSecret("secret " + i)))
                    .token());
        }
        for (CompletableFuture<AccessToken> token : pending) { // sequential timeouts would take 36 s
            AuthenticationException e = failureOf(AuthenticationException.class, token);
            assertEquals(Kind.TRANSIENT, e.kind());
            assertEquals("no response from localhost: no complete response within 3 s", e.getMessage());
        }
    }

    @Test
    public void aHungCredentialsStoreDelaysNoOtherTokens() throws Exception {
        TokenCache cache = cache(Duration.ofMinutes(10));
        CompletableFuture<AccessToken> pending =
                cache.tokensOf(identity(healthy, hungAssertion("a"))).token();
        get(cache.tokensOf(identity(healthy, new ClientSecret(healthy.clientSecret())))
                .token());
        OidcIssuer issuer = new OidcIssuer();
        issuer.trustedBy(healthy.azureAd());
        get(cache.tokensOf(identity(healthy, new ClientAssertion("here", issuer::token)))
                .token());
        assertFalse(pending.isDone());
    }

    @Test
    public void aHungCredentialsStoreIsATransientErrorAndHoldsOneThread() throws Exception {
        AtomicInteger readers = new AtomicInteger();
        OidcIssuer issuer = new OidcIssuer();
        issuer.trustedBy(healthy.azureAd());
        ClientAssertion slow = new ClientAssertion("slow", () -> {
            readers.incrementAndGet();
            waitForStore();
            return issuer.token();
        });
        TokenSource tokens = cache(Duration.ofSeconds(1)).tokensOf(identity(healthy, slow));
        for (int i = 0; i < 3; i++) {
            AuthenticationException e = failureOf(AuthenticationException.class, tokens.token());
            assertEquals(Kind.TRANSIENT, e.kind());
            assertEquals("the credentials could not be read within 1 s", e.getMessage());
        }
        assertEquals(1, readers.get());
        storeResponds.countDown();
        await().until(() -> {
            try {
                get(tokens.token());
                return true;
            } catch (java.util.concurrent.ExecutionException e) {
                return false; // may time out on a slow machine
            }
        });
    }

    @Test
    public void aSlowKeyStoreIsATransientErrorAndIsReadOnce() throws Exception {
        AtomicInteger readers = new AtomicInteger();
        KeyStore neverLoaded = KeyStore.getInstance("PKCS12");
        Supplier<KeyStore> slow = () -> {
            readers.incrementAndGet();
            waitForStore();
            return neverLoaded;
        };
        TokenCache cache = cache(Duration.ofSeconds(1));
        for (int i = 0; i < 3; i++) {
            AuthenticationException e = failureOf(
                    AuthenticationException.class,
                    cache.tokensOf(identity(healthy, new ClientCertificate(readers, slow, () -> new char[0])))
                            .token());
            assertEquals(Kind.TRANSIENT, e.kind());
        }
        assertEquals(1, readers.get());
    }

    @Test
    public void aFailingReaderEndsTheRequest() {
        TokenCache cache = cache(Duration.ofMinutes(10));
        AuthenticationException e = failureOf(
                AuthenticationException.class,
                cache.tokensOf(identity(healthy, new ClientAssertion("broken", () -> {
                            throw new NoClassDefFoundError("store");
                        })))
                        .token());
        assertEquals("the credentials could not be read (NoClassDefFoundError)", e.getMessage());
        reading.shutdownNow();
        AuthenticationException afterShutdown = failureOf(
                AuthenticationException.class,
                cache.tokensOf(identity(healthy, new ClientAssertion("shut", () -> "a.b.c")))
                        .token());
        assertTrue(afterShutdown.getMessage(), afterShutdown.isTransient());
        assertTrue("an error of the controller", afterShutdown.isOfController());
    }

    private ClientAssertion hungAssertion(String source) {
        return new ClientAssertion(source, () -> {
            waitForStore();
            throw new IOException("closed");
        });
    }

    private void waitForStore() {
        try {
            storeResponds.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private TokenCache cache(Duration timeout) {
        return new TokenCache(
                () -> client,
                () -> client,
                new TokenThreads(computing, reading),
                new ManualClock(),
                TokenCache.Settings.DEFAULT.withTimeout(timeout));
    }

    private static ApplicationIdentity identity(Emulator emulator, ClientCredential credential) {
        return new ApplicationIdentity(
                emulator.authority(), false, emulator.tenant(), emulator.clientId(), credential, emulator.scope());
    }
}
