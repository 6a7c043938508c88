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
import io.jenkins.plugins.ams.emulator.Emulator;
import io.jenkins.plugins.ams.emulator.RequestKind;
import io.jenkins.plugins.ams.testing.CapturedLog;
import io.jenkins.plugins.ams.testing.ExpectedLog;
import io.jenkins.plugins.ams.testing.ManualClock;
import io.jenkins.plugins.ams.testing.OidcIssuer;
import io.jenkins.plugins.ams.testing.TestHttp;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.After;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Tests tokens for an application that trusts another issuer, with the real MSAL4J. */
public class FederatedAuthenticationTest {

    private static final String AUDIENCE = "api://AzureADTokenExchange";

    private static OidcIssuer issuer;
    private static OidcIssuer impostor;

    @Rule
    public final ExpectedLog expected = ExpectedLog.ofMsal4j();

    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    private final ExecutorService executor = Executors.newSingleThreadExecutor();
    private Emulator emulator;
    private TokenCache cache;

    @BeforeClass
    public static void makeKeys() {
        issuer = new OidcIssuer();
        impostor = new OidcIssuer("impostor");
    }

    @Before
    public void start() {
        emulator = Emulator.start();
        issuer.trustedBy(emulator.azureAd());
        HttpClient client = TestHttp.clientOf(emulator);
        cache = new TokenCache(() -> client, executor, new ManualClock());
    }

    @After
    public void stop() {
        executor.shutdownNow();
        emulator.close();
    }

    @Test
    public void rereadsTheTokenForEachRequest() throws Exception {
        Path file = folder.newFile().toPath();
        Files.writeString(file, issuer.token() + "\n");
        TokenSource tokens = cache.tokensOf(identity(ofFile(file)));
        AccessToken first = get(tokens.token());
        String rotated = issuer.token();
        Files.writeString(file, rotated);
        assertEquals("still valid", first, get(tokens.token()));
        assertNotEquals(first, get(tokens.renew(first, null)));

        List<String> sent = new ArrayList<>();
        for (var request : emulator.requests().of(RequestKind.TOKEN)) {
            sent.add(request.body().replaceAll(".*client_assertion=([^&]*).*", "$1"));
        }
        assertEquals(2, sent.size());
        assertEquals(rotated, sent.get(1));
        assertNotEquals(rotated, sent.get(0));
    }

    @Test
    public void sharesTokensOfTheSameSource() throws Exception {
        Path file = folder.newFile().toPath();
        Files.writeString(file, issuer.token());
        AccessToken token = get(cache.tokensOf(identity(ofFile(file))).token());
        assertEquals(token, get(cache.tokensOf(identity(ofFile(file))).token()));
        ClientAssertion elsewhere = new ClientAssertion("elsewhere", issuer::token);
        assertNotEquals(token, get(cache.tokensOf(identity(elsewhere)).token()));
    }

    @Test
    public void reportsATokenWithoutMatchingFederatedCredential() {
        Instant later = Instant.now().plusSeconds(600);
        Map.of(
                        issuer.token("https://oidc.example/other", OidcIssuer.SUBJECT, AUDIENCE, later),
                        "AADSTS700211",
                        issuer.token(OidcIssuer.ISSUER, OidcIssuer.SUBJECT.toUpperCase(), AUDIENCE, later),
                        "AADSTS700213",
                        issuer.token(OidcIssuer.ISSUER, OidcIssuer.SUBJECT, "https://other", later),
                        "AADSTS700212",
                        issuer.token(
                                OidcIssuer.ISSUER,
                                OidcIssuer.SUBJECT,
                                AUDIENCE,
                                Instant.now().minusSeconds(600)),
                        "AADSTS700024",
                        impostor.token(),
                        "AADSTS50013",
                        "bm8.and.no",
                        "AADSTS50027")
                .forEach((token, code) -> {
                    AuthenticationException e = failure(new ClientAssertion(token, () -> token));
                    assertEquals(
                            code,
                            code.equals("AADSTS700024") ? Kind.EXPIRED_ASSERTION : Kind.WRONG_ASSERTION,
                            e.kind());
                    assertEquals(Optional.of(code), e.code());
                    assertFalse(e.isTransient());
                });
    }

    @Test
    public void reportsAnApplicationWithoutFederatedCredentials() {
        try (Emulator other = Emulator.start()) {
            HttpClient client = TestHttp.clientOf(other);
            TokenCache cacheOfOther = new TokenCache(() -> client, executor, new ManualClock());
            ApplicationIdentity identity = new ApplicationIdentity(
                    other.authority(),
                    false,
                    other.tenant(),
                    other.clientId(),
                    new ClientAssertion("a", issuer::token),
                    other.scope());
            AuthenticationException e = failureOf(
                    AuthenticationException.class,
                    cacheOfOther.tokensOf(identity).token());
            assertEquals(Optional.of("AADSTS70021"), e.code());
            assertEquals(Kind.WRONG_ASSERTION, e.kind());
        }
    }

    @Test
    public void sendsNoInvalidToken() {
        String password = "s3cret password of somebody";
        Map.<ClientAssertion.Reader, String>of(
                        () -> password, "the text is not a JWT",
                        () -> "a.b", "the text is not a JWT",
                        () -> "a.b.c\r\nX-Header: d", "the text is not a JWT",
                        () -> " \n", "the token is empty",
                        () -> null, "the token is empty",
                        () -> {
                                    throw new NoSuchFileException("/run/token");
                                },
                                "/run/token",
                        () -> {
                                    throw new IllegalStateException(password);
                                },
                                "reading failed (IllegalStateException)")
                .forEach((reader, text) -> {
                    try (CapturedLog log = CapturedLog.start()) {
                        AuthenticationException e = failure(new ClientAssertion(reader, reader));
                        assertEquals(Kind.NO_ASSERTION, e.kind());
                        assertEquals(text, e.getMessage());
                        assertFalse(log.text(), log.text().contains(password));
                    }
                });
        assertEquals(0, emulator.requests().count(RequestKind.TOKEN));
    }

    @Test
    public void usesATokenThatReappears() throws Exception {
        Path file = folder.getRoot().toPath().resolve("token");
        TokenSource tokens = cache.tokensOf(identity(ofFile(file)));
        assertEquals(
                Kind.NO_ASSERTION,
                failureOf(AuthenticationException.class, tokens.token()).kind());
        Files.writeString(file, issuer.token());
        get(tokens.token());
    }

    @Test
    public void logsNoToken() throws Exception {
        String good = issuer.token();
        String bad = impostor.token();
        try (CapturedLog log = CapturedLog.start()) {
            ClientAssertion assertion = new ClientAssertion("good", () -> good);
            AccessToken token = get(cache.tokensOf(identity(assertion)).token());
            AuthenticationException e = failure(new ClientAssertion("bad", () -> bad));
            String everything = log.text() + identity(assertion) + e + cache.tokensOf(identity(assertion));
            assertTrue("the log of MSAL4J is captured", log.text().contains("com.microsoft.aad.msal4j"));
            for (String hidden : List.of(good, bad, token.value())) {
                assertFalse(everything, everything.contains(hidden));
            }
        }
    }

    private AuthenticationException failure(ClientAssertion assertion) {
        return failureOf(
                AuthenticationException.class,
                cache.tokensOf(identity(assertion)).token());
    }

    private static ClientAssertion ofFile(Path file) {
        return new ClientAssertion(file, () -> read(file));
    }

    private static String read(Path file) throws IOException {
        return Files.readString(file);
    }

    private ApplicationIdentity identity(ClientAssertion assertion) {
        return new ApplicationIdentity(
                emulator.authority(), false, emulator.tenant(), emulator.clientId(), assertion, emulator.scope());
    }
}
