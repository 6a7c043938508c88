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
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.auth.AuthenticationException.Kind;
import io.jenkins.plugins.ams.emulator.Emulator;
import io.jenkins.plugins.ams.emulator.Fault;
import io.jenkins.plugins.ams.emulator.LiveApi;
import io.jenkins.plugins.ams.emulator.LiveServices;
import io.jenkins.plugins.ams.emulator.RecordedRequest;
import io.jenkins.plugins.ams.emulator.RequestKind;
import io.jenkins.plugins.ams.testing.ManualClock;
import io.jenkins.plugins.ams.testing.TestHttp;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** Tests tokens that the service issues for an API key, and static tokens. */
public class ApiKeyTokenProviderTest {

    private final ManualClock clock = new ManualClock();
    private final ExecutorService executor = Executors.newSingleThreadExecutor();
    private Emulator emulator;
    private HttpClient http;

    @Before
    public void start() {
        emulator = Emulator.start(clock);
        http = TestHttp.clientOf(emulator);
    }

    @After
    public void stop() {
        executor.shutdownNow();
        emulator.close();
    }

    @Test
    public void sendsTheKeyOncePerTokenLifetime() throws Exception {
        TokenSource tokens = tokens(emulator.live().ravnurKey());
        AccessToken first = get(tokens.token());
        assertEquals(
                clock.instant().plus(Duration.ofHours(1)).getEpochSecond(),
                first.expiresOn().getEpochSecond());
        assertEquals(first, get(tokens.token()));
        assertEquals(1, emulator.requests().count(RequestKind.TOKEN));
        RecordedRequest request = emulator.requests().last(RequestKind.TOKEN);
        assertEquals("POST /ravnur/auth/token 200", request.toString());
        assertEquals("application/json", request.header("Content-Type").orElseThrow());
        clock.advance(Duration.ofMinutes(56));
        assertEquals("still valid", first, get(tokens.token()));
        await().until(() -> !first.equals(get(tokens.token())));
        assertEquals("renewed before expiry", 2, emulator.requests().count(RequestKind.TOKEN));
        AccessToken second = get(tokens.token());
        assertNotEquals("rejected", second, get(tokens.renew(second, null)));
    }

    @Test
    public void readsTokensWithoutExpiryOrInQuotes() throws Exception {
        for (String body : new String[] {"opaque", "\"opaque\"", " opaque\r\n"}) {
            emulator.faults().clear();
            emulator.faults().inject(Fault.status(200).body("text/plain", body));
            AccessToken token = get(tokens("key" + body.length()).token());
            assertEquals("opaque", token.value());
            assertEquals(clock.instant().plus(Duration.ofMinutes(30)), token.expiresOn());
        }
    }

    @Test
    public void treatsOtherTextAsTransient() {
        for (String body : new String[] {"", "<html></html>", "{\"token\":1}", "two words", "a\u00e9"}) {
            emulator.faults().clear();
            emulator.faults().inject(Fault.status(200).body("text/plain", body));
            AuthenticationException e =
                    failureOf(AuthenticationException.class, tokens("k").token());
            assertEquals(body, Kind.TRANSIENT_OF_SERVICE, e.kind());
            assertTrue(e.isTransient());
        }
    }

    @Test
    public void distinguishesAWrongKeyFromServiceErrors() {
        assertEquals(
                Kind.WRONG_KEY,
                failureOf(AuthenticationException.class, tokens("wrong").token())
                        .kind());
        for (int status : new int[] {408, 429, 500, 503}) {
            emulator.faults().clear();
            emulator.faults().inject(Fault.status(status).retryAfter(Duration.ofSeconds(9)));
            AuthenticationException e =
                    failureOf(AuthenticationException.class, tokens("k").token());
            assertEquals(Kind.TRANSIENT_OF_SERVICE, e.kind());
            assertEquals(Optional.of(Duration.ofSeconds(9)), e.retryAfter());
        }
        emulator.faults().clear();
        emulator.faults().inject(Fault.reset());
        assertTrue(failureOf(AuthenticationException.class, tokens("k").token()).isTransient());
    }

    @Test
    public void treatsGatewayErrorsAsTransient() {
        for (int status : new int[] {302, 400, 401, 403, 404, 405, 502}) {
            for (String page : List.of("default backend - 404", "<html><title>Web App - Unavailable</title></html>")) {
                emulator.faults().clear();
                emulator.faults().inject(Fault.status(status).body("text/html", page));
                AuthenticationException e =
                        failureOf(AuthenticationException.class, tokens("k").token());
                assertEquals(status + page, Kind.TRANSIENT_OF_SERVICE, e.kind());
            }
        }
    }

    @Test
    public void reportsAKeyRejectedByTheService() {
        Map<String, Integer> rejections = Map.of(
                "{\"error\":{\"code\":\"Unauthorized\",\"message\":\"no\"}}", 401,
                "{\"type\":\"about:blank\",\"title\":\"Forbidden\",\"status\":403}", 403,
                "{\"message\":\"no such subscription\"}", 404,
                "{\"error\":\"bad_key\"}", 400,
                "", 401);
        rejections.forEach((body, status) -> {
            emulator.faults().clear();
            emulator.faults().inject(Fault.status(status).body("application/json", body));
            AuthenticationException e =
                    failureOf(AuthenticationException.class, tokens("k").token());
            assertEquals(body, Kind.WRONG_KEY, e.kind());
        });
    }

    @Test
    public void hidesAnEchoedKey() {
        emulator.faults().inject(Fault.status(403).body("text/plain", "bad key: very-secret"));
        AuthenticationException e =
                failureOf(AuthenticationException.class, tokens("very-secret").token());
        assertFalse(e.toString(), e.toString().contains("very-secret"));
        assertFalse(identity("very-secret").toString().contains("very-secret"));
        assertFalse(new StaticTokenIdentity(new ClientSecret("very-secret"))
                .toString()
                .contains("very-secret"));
    }

    @Test
    public void sendsTheKeyToNoOtherHost() {
        try (Emulator other = Emulator.start(clock)) {
            URI elsewhere = emulator.redirects().to(307, other.endpoint(LiveApi.RAVNUR));
            ApiKeyIdentity redirected = new ApiKeyIdentity(elsewhere.resolve("auth/token"), "s", new ClientSecret("k"));
            failureOf(
                    AuthenticationException.class,
                    new TokenCache(() -> http, executor, clock)
                            .tokensOf(redirected)
                            .token());
            assertEquals(0, other.requests().count());
        }
    }

    @Test
    public void rejectsInvalidStaticTokens() throws Exception {
        TokenCache cache = new TokenCache(() -> http, executor, clock);
        assertEquals(
                "pat",
                get(cache.tokensOf(new StaticTokenIdentity(new ClientSecret(" pat\n")))
                                .token())
                        .value());
        for (String text : new String[] {"", " ", "a b", "a\nb", "\u00e9"}) {
            AuthenticationException e = failureOf(
                    AuthenticationException.class,
                    cache.tokensOf(new StaticTokenIdentity(new ClientSecret(text)))
                            .token());
            assertEquals(text, Kind.WRONG_KEY, e.kind());
        }
        assertEquals(0, emulator.requests().count());
    }

    private TokenSource tokens(String key) {
        return new TokenCache(() -> http, executor, clock).tokensOf(identity(key));
    }

    private ApiKeyIdentity identity(String key) {
        URI address = emulator.endpoint(LiveApi.RAVNUR).resolve("auth/token");
        return new ApiKeyIdentity(address, LiveServices.SUBSCRIPTION, new ClientSecret(key));
    }
}
