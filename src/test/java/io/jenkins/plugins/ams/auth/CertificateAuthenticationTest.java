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
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.auth.AuthenticationException.Kind;
import io.jenkins.plugins.ams.emulator.AadError;
import io.jenkins.plugins.ams.emulator.AzureAd.AuthorityError;
import io.jenkins.plugins.ams.emulator.Emulator;
import io.jenkins.plugins.ams.emulator.RequestKind;
import io.jenkins.plugins.ams.testing.CapturedLog;
import io.jenkins.plugins.ams.testing.ExpectedLog;
import io.jenkins.plugins.ams.testing.ManualClock;
import io.jenkins.plugins.ams.testing.TestHttp;
import io.jenkins.plugins.ams.testing.TestKey;
import java.net.http.HttpClient;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.After;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.Rule;
import org.junit.Test;

/** Tests tokens for an application that authenticates with a certificate, with the real MSAL4J. */
public class CertificateAuthenticationTest {

    private static TestKey old;
    private static TestKey next;

    private final ExecutorService executor = Executors.newSingleThreadExecutor();
    private Emulator emulator;
    private TokenCache cache;

    @Rule
    public final ExpectedLog expected = ExpectedLog.ofMsal4j();

    @BeforeClass
    public static void makeKeys() {
        old = TestKey.rsa("old");
        next = TestKey.rsa("next");
    }

    @Before
    public void start() {
        emulator = Emulator.start();
        emulator.azureAd().certificates(old.certificate());
        HttpClient client = TestHttp.clientOf(emulator);
        cache = new TokenCache(() -> client, executor, new ManualClock());
    }

    @After
    public void stop() {
        executor.shutdownNow();
        emulator.close();
    }

    @Test
    public void getsATokenForASignedAssertion() throws Exception {
        AccessToken token = get(cache.tokensOf(identity(old)).token());
        assertEquals(token, get(cache.tokensOf(identity(old)).token()));
        assertEquals(1, emulator.requests().count(RequestKind.TOKEN));
        String body = emulator.requests().of(RequestKind.TOKEN).get(0).body();
        assertTrue(body, body.contains("client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3A"));
        assertFalse(body, body.contains("client_secret"));
    }

    @Test
    public void signsEachRequest() throws Exception {
        TokenSource tokens = cache.tokensOf(identity(old));
        get(tokens.renew(get(tokens.token()), null));
        assertEquals(
                2,
                emulator.requests().of(RequestKind.TOKEN).stream()
                        .map(request -> request.body())
                        .distinct()
                        .count());
    }

    @Test
    public void reportsAnUnregisteredCertificate() {
        AuthenticationException e = failure(identity(next));
        assertEquals(Kind.WRONG_CERTIFICATE, e.kind());
        assertEquals(Optional.of("AADSTS700027"), e.code());
        assertTrue(e.requestId().isPresent());
    }

    @Test
    public void reportsAnExpiredCertificate() {
        emulator.azureAd().fault(AuthorityError.EXPIRED_SECRET);
        AuthenticationException e = failure(identity(old));
        assertEquals(Kind.EXPIRED_CERTIFICATE, e.kind());
        assertEquals(Optional.of("AADSTS7000222"), e.code());
    }

    @Test
    public void reportsCertificateErrorsByReason() {
        Map.of(
                        AadError.CERTIFICATE_NOT_FOUND, Kind.WRONG_CERTIFICATE,
                        AadError.CERTIFICATE_EXPIRED, Kind.EXPIRED_CERTIFICATE,
                        AadError.ASSERTION_NOT_IN_TIME, Kind.WRONG_CLOCK,
                        AadError.INVALID_SECRET, Kind.WRONG_CERTIFICATE)
                .forEach((error, kind) -> {
                    emulator.azureAd().error(error);
                    AuthenticationException e = failure(identity(old));
                    assertEquals(error.name(), kind, e.kind());
                    assertEquals(Optional.of(error.code()), e.code());
                });
    }

    @Test
    public void reportsAnExpiredCertificateWithoutARequest() {
        Instant end = old.certificate().getNotAfter().toInstant();
        HttpClient client = TestHttp.clientOf(emulator);
        TokenCache later = new TokenCache(() -> client, executor, new ManualClock(end.plusSeconds(1)));
        AuthenticationException e = failureOf(
                AuthenticationException.class, later.tokensOf(identity(old)).token());
        assertEquals(Kind.EXPIRED_CERTIFICATE, e.kind());
        assertEquals("it expired on " + LocalDate.ofInstant(end, ZoneOffset.UTC), e.getMessage());
        assertEquals(0, emulator.requests().count());
    }

    @Test
    public void knowsWhenTheTokenAndTheCertificateExpire() throws Exception {
        TokenSource tokens = cache.tokensOf(identity(old));
        assertEquals(TokenStatus.UNKNOWN, tokens.status());
        assertEquals("asking does not request a token", 0, emulator.requests().count());

        AccessToken token = get(tokens.token());
        Instant end = old.certificate().getNotAfter().toInstant();
        assertEquals(new TokenStatus(token.expiresOn(), end), tokens.status());
    }

    @Test
    public void knowsSinceWhenTheCertificateIsExpired() {
        Instant end = old.certificate().getNotAfter().toInstant();
        HttpClient client = TestHttp.clientOf(emulator);
        TokenSource tokens =
                new TokenCache(() -> client, executor, new ManualClock(end.plusSeconds(1))).tokensOf(identity(old));
        failureOf(AuthenticationException.class, tokens.token());
        assertEquals(new TokenStatus(null, end), tokens.status());
    }

    @Test
    public void aRotatedCertificateIsAnotherIdentity() throws Exception {
        AccessToken before = get(cache.tokensOf(identity(old)).token());
        emulator.azureAd().certificates(next.certificate());
        AccessToken after = get(cache.tokensOf(identity(next)).token());
        assertNotEquals(before, after);
        assertEquals(
                Kind.WRONG_CERTIFICATE,
                failureOf(
                                AuthenticationException.class,
                                cache.tokensOf(identity(old)).renew(before, null))
                        .kind());
    }

    @Test
    public void logsNoKey() throws Exception {
        String key = Base64.getEncoder().encodeToString(old.key().getEncoded());
        String otherKey = Base64.getEncoder().encodeToString(next.key().getEncoded());
        try (CapturedLog log = CapturedLog.start()) {
            get(cache.tokensOf(identity(old)).token());
            AuthenticationException e = failure(identity(next));
            String everything = log.text() + identity(old) + identity(next) + e + cache.tokensOf(identity(old));
            assertTrue("the log of MSAL4J is captured", log.text().contains("com.microsoft.aad.msal4j"));
            for (int part = 0; part < 1000; part += 100) {
                assertFalse(everything.contains(key.substring(part + 100, part + 140)));
                assertFalse(everything.contains(otherKey.substring(part + 100, part + 140)));
            }
            for (var request : emulator.requests().of(RequestKind.TOKEN)) {
                String assertion = request.body().replaceAll(".*client_assertion=([^&]*).*", "$1");
                assertTrue(assertion, assertion.startsWith("ey"));
                assertFalse(
                        "an assertion is valid for ten minutes and must not be logged", everything.contains(assertion));
            }
        }
    }

    private AuthenticationException failure(ApplicationIdentity identity) {
        return failureOf(AuthenticationException.class, cache.tokensOf(identity).token());
    }

    private ApplicationIdentity identity(TestKey key) {
        return identity(new ClientCertificate(key, () -> key.keyStore("secret", "a"), "secret"::toCharArray));
    }

    private ApplicationIdentity identity(ClientCertificate certificate) {
        return new ApplicationIdentity(
                emulator.authority(), false, emulator.tenant(), emulator.clientId(), certificate, emulator.scope());
    }
}
