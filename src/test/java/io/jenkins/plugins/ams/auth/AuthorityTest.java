/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import static io.jenkins.plugins.ams.testing.TestHttp.failureOf;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.auth.AuthenticationException.Kind;
import io.jenkins.plugins.ams.emulator.AadError;
import io.jenkins.plugins.ams.emulator.AzureAd.AuthorityError;
import io.jenkins.plugins.ams.emulator.Emulator;
import io.jenkins.plugins.ams.emulator.Fault;
import io.jenkins.plugins.ams.testing.CapturedLog;
import io.jenkins.plugins.ams.testing.ExpectedLog;
import io.jenkins.plugins.ams.testing.ManualClock;
import io.jenkins.plugins.ams.testing.TestHttp;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** Tests how responses of an authority are handled, with the real MSAL4J. */
public class AuthorityTest {

    private final ExecutorService executor = Executors.newSingleThreadExecutor();
    private Emulator emulator;
    private TokenCache cache;

    @Rule
    public final ExpectedLog expected = ExpectedLog.ofMsal4j();

    @Before
    public void start() {
        emulator = Emulator.start();
        HttpClient client = TestHttp.clientOf(emulator);
        cache = new TokenCache(() -> client, executor, new ManualClock());
    }

    @After
    public void stop() {
        executor.shutdownNow();
        emulator.close();
    }

    @Test
    public void reportsAWrongSecret() {
        ApplicationIdentity identity = identity(emulator.tenant(), emulator.clientId(), "not it", emulator.scope());
        AuthenticationException e = failure(identity);
        assertError(Kind.WRONG_SECRET, "AADSTS7000215", e);
        assertTrue(e.getMessage(), e.getMessage().startsWith("AADSTS7000215: Invalid client secret provided."));
        assertFalse(e.getMessage(), e.getMessage().contains("Trace ID"));
        assertTrue(e.requestId().isPresent());
    }

    @Test
    public void reportsAnExpiredSecret() {
        assertError(Kind.EXPIRED_SECRET, "AADSTS7000222", failure(AuthorityError.EXPIRED_SECRET));
    }

    @Test
    public void reportsAnUnknownClient() {
        String unknown = UUID.randomUUID().toString();
        ApplicationIdentity identity = identity(emulator.tenant(), unknown, emulator.clientSecret(), emulator.scope());
        assertError(Kind.UNKNOWN_CLIENT, "AADSTS700016", failure(identity));
    }

    @Test
    public void reportsAnUnknownTenant() {
        String unknown = UUID.randomUUID().toString();
        ApplicationIdentity identity =
                identity(unknown, emulator.clientId(), emulator.clientSecret(), emulator.scope());
        assertError(Kind.UNKNOWN_TENANT, "AADSTS90002", failure(identity));
        ApplicationIdentity malformed =
                identity("no_tenant", emulator.clientId(), emulator.clientSecret(), emulator.scope());
        assertError(Kind.UNKNOWN_TENANT, "AADSTS900023", failure(malformed));
    }

    @Test
    public void reportsAnUnknownResource() {
        assertError(Kind.UNKNOWN_RESOURCE, "AADSTS500011", failure(AuthorityError.UNKNOWN_RESOURCE));
        ApplicationIdentity badScope =
                identity(emulator.tenant(), emulator.clientId(), emulator.clientSecret(), "no-default-scope");
        assertError(Kind.UNKNOWN_RESOURCE, "AADSTS70011", failure(badScope));
    }

    @Test
    public void reportsABlockingPolicy() {
        assertError(Kind.BLOCKED_BY_POLICY, "AADSTS53003", failure(AuthorityError.BLOCKED_BY_POLICY));
    }

    @Test
    public void treatsABusyAuthorityAsTransientWithRetryAfter() {
        emulator.azureAd().retryAfter(Duration.ofSeconds(11));
        for (AuthorityError fault :
                new AuthorityError[] {AuthorityError.BUSY_WITH_RETRY_AFTER, AuthorityError.THROTTLED_WITH_RETRY_AFTER
                }) {
            AuthenticationException e = failure(fault);
            assertEquals(fault.name(), Kind.TRANSIENT, e.kind());
            assertEquals(fault.name(), Optional.of(Duration.ofSeconds(11)), e.retryAfter());
        }
        for (AuthorityError fault : new AuthorityError[] {AuthorityError.BUSY, AuthorityError.THROTTLED}) {
            AuthenticationException e = failure(fault);
            assertEquals(fault.name(), Kind.TRANSIENT, e.kind());
            assertEquals(fault.name(), Optional.empty(), e.retryAfter());
        }
    }

    @Test
    public void treatsInvalidResponsesAsTransient() {
        Map.of(
                        AuthorityError.HTML_PAGE, "localhost responded with HTTP 503 without JSON",
                        AuthorityError.EMPTY_500, "localhost responded with HTTP 500 without JSON",
                        AuthorityError.NOT_JSON, "localhost responded with HTTP 200 without JSON",
                        AuthorityError.NO_ACCESS_TOKEN, "the authority responded without an access token")
                .forEach((fault, text) -> {
                    AuthenticationException e = failure(fault);
                    assertEquals(fault.name(), Kind.TRANSIENT, e.kind());
                    assertEquals(text, e.getMessage());
                });
    }

    @Test
    public void treatsGatewayErrorsAsTransient() {
        List<String> pages = List.of(
                "default backend - 404",
                "<html><head><title>Web App - Unavailable</title></head></html>",
                "",
                "{\"status\":404,\"message\":\"no Route matched with those values\"}",
                "{\"error\":{\"code\":\"ResourceNotFound\",\"message\":\"Not of OAuth.\"}}",
                "{\"error\":null}");
        for (int status : new int[] {400, 401, 403, 404, 405, 502}) {
            for (String page : pages) {
                emulator.faults().clear();
                emulator.faults()
                        .inject(Fault.status(status).body("text/html", page).retryAfter(Duration.ofSeconds(9)));
                AuthenticationException e = failure(identity());
                assertEquals(status + " " + page, Kind.TRANSIENT, e.kind());
                assertEquals(Optional.of(Duration.ofSeconds(9)), e.retryAfter());
            }
        }
    }

    @Test
    public void treatsOAuthErrorsAsTheAuthoritys() {
        emulator.faults()
                .inject(Fault.status(400)
                        .body("application/json", "{\"error\":\"invalid_client\",\"error_description\":\"Who?\"}"));
        AuthenticationException e = failure(identity());
        assertEquals(Kind.REJECTED, e.kind());
        assertEquals(Optional.of("invalid_client"), e.code());
        assertEquals("Who?", e.getMessage());
    }

    @Test
    public void treatsRetryableCodesAsTransient() {
        for (AadError error : List.of(
                AadError.REQUEST_BUDGET_EXCEEDED,
                AadError.LOOP_DETECTED,
                AadError.TRY_AGAIN,
                AadError.RETRYABLE,
                AadError.SERVICE_UNAVAILABLE,
                AadError.REQUEST_TIMEOUT,
                AadError.UNLISTED_TRANSIENT)) {
            emulator.azureAd().error(error);
            AuthenticationException e = failure(identity());
            assertTrue(error.name(), e.isTransient());
            assertEquals(Optional.of(error.code()), e.code());
        }
        for (String error : List.of("temporarily_unavailable", "server_error", "slow_down")) {
            emulator.faults().clear();
            emulator.faults()
                    .inject(Fault.status(400)
                            .body(
                                    "application/json",
                                    "{\"error\":\"" + error + "\",\"error_description\":\"Later.\"}"));
            assertTrue(error, failure(identity()).isTransient());
        }
    }

    @Test
    public void reportsPoliciesAndDisabledApplications() {
        emulator.azureAd().error(AadError.BLOCKED_BY_SECURITY_POLICY);
        assertError(Kind.BLOCKED_BY_POLICY, "AADSTS530032", failure(identity()));
        emulator.azureAd().error(AadError.APPLICATION_DISABLED);
        assertError(Kind.REJECTED, "AADSTS7000112", failure(identity()));
        emulator.azureAd().error(AadError.INVALID_SECRET);
        assertError(Kind.WRONG_SECRET, "AADSTS50012", failure(identity()));
    }

    @Test
    public void parsesFractionalLifetimes() throws Exception {
        for (String seconds : List.of("3599.0", "\"3599.0\"", "\"3599\"", "3599")) {
            emulator.faults().clear();
            emulator.faults()
                    .inject(Fault.status(200)
                            .body(
                                    "application/json",
                                    "{\"token_type\":\"Bearer\",\"access_token\":\"a.b.c\",\"expires_in\":" + seconds
                                            + ",\"ext_expires_in\":" + seconds + "}"));
            HttpClient client = TestHttp.clientOf(emulator);
            AccessToken token = TestHttp.get(new TokenCache(() -> client, executor, new ManualClock())
                    .tokensOf(identity())
                    .token());
            Duration remaining = Duration.between(Instant.now(), token.expiresOn());
            assertTrue(seconds + " " + remaining, remaining.toSeconds() > 3500 && remaining.toSeconds() < 3600);
        }
    }

    @Test
    public void treatsAnUnreachableAuthorityAsTransient() {
        ApplicationIdentity identity = identity();
        emulator.close();
        AuthenticationException e = failure(identity);
        assertEquals(Kind.TRANSIENT, e.kind());
        assertEquals("no response from localhost: cannot connect", e.getMessage());
    }

    @Test
    public void logsNoSecretAndNoToken() throws Exception {
        String secret = emulator.clientSecret();
        ApplicationIdentity good = identity(emulator.tenant(), emulator.clientId(), secret, emulator.scope());
        String wrongSecret = "wrong~" + UUID.randomUUID();
        ApplicationIdentity wrong = identity(emulator.tenant(), emulator.clientId(), wrongSecret, emulator.scope());
        try (CapturedLog log = CapturedLog.start()) {
            AccessToken token = TestHttp.get(cache.tokensOf(good).token());
            AccessToken renewed = TestHttp.get(cache.tokensOf(good).renew(token, null));
            AuthenticationException e = failure(wrong);
            emulator.azureAd().fault(AuthorityError.HTML_PAGE);
            failure(wrong);
            String everything = String.join("\n", log.text(), good.toString(), wrong.toString(), token.toString())
                    + e
                    + cache.tokensOf(good);
            assertTrue("the log of MSAL4J is captured", log.text().contains("com.microsoft.aad.msal4j"));
            for (String hidden : new String[] {
                secret, wrongSecret, token.value(), renewed.value(), URLEncoder.encode(secret, StandardCharsets.UTF_8)
            }) {
                assertFalse(everything, everything.contains(hidden));
            }
        }
    }

    @Test
    public void treatsInvalidTokensAsTransientAndHidesThem() {
        String token = "eyJ0b2tlbi." + UUID.randomUUID();
        ApplicationIdentity identity = identity();
        for (String body : List.of(
                "{\"token_type\":\"Bearer\",\"access_token\":\"" + token,
                "{\"token_type\":\"Bearer\",\"access_token\":\"" + token + "\",\"expires_in\":\"soon\"}",
                "{\"token_type\":\"Bearer\",\"access_token\":{\"value\":\"" + token + "\"},\"expires_in\":3599}",
                "{\"token_type\":\"Bearer\",\"access_token\":\"" + token + "\\r\\nX: y\",\"expires_in\":3599}",
                "{\"a\":".repeat(10_000) + token,
                "{\"value\":[]}",
                "{\"value\":[\"" + token + "\",{\"a\":[1]}],\"@odata.nextLink\":null}",
                "[\"" + token + "\"]",
                "\"" + token + "\"")) {
            emulator.faults().inject(Fault.status(200).body("application/json", body));
            try (CapturedLog log = CapturedLog.start()) {
                AuthenticationException e = failure(identity);
                assertEquals(body, Kind.TRANSIENT, e.kind());
                assertFalse(e.getMessage(), e.getMessage().contains(token));
                assertFalse(log.text(), log.text().contains(token));
            }
            emulator.faults().clear();
        }
    }

    /** MSAL4J would parse these responses in an infinite loop. */
    @Test
    public void readsATokenBesideListsAndObjects() throws Exception {
        emulator.faults()
                .inject(Fault.status(200)
                        .body(
                                "application/json",
                                "{\"roles\":[],\"groups\":[\"a\",[{}]],\"more\":{\"x\":[]},\"token_type\":\"Bearer\","
                                        + "\"access_token\":\"a.b.c\",\"expires_in\":3599}"));
        assertEquals("a.b.c", TestHttp.get(cache.tokensOf(identity()).token()).value());
    }

    @Test
    public void readsAnErrorBesideListsAndObjects() {
        for (String more : List.of("\"error_codes\":[]", "\"x\":[]", "\"x\":{\"y\":[]}")) {
            emulator.faults()
                    .inject(
                            Fault.status(401)
                                    .body(
                                            "application/json",
                                            "{" + more + ",\"error\":\"invalid_client\","
                                                    + "\"error_description\":\"AADSTS7000215: Invalid client secret provided.\"}"));
            assertEquals(more, Kind.WRONG_SECRET, failure(identity()).kind());
            emulator.faults().clear();
        }
    }

    @Test
    public void followsNoRedirect() {
        emulator.faults()
                .inject(Fault.status(302)
                        .header("Location", emulator.authority() + "/elsewhere")
                        .body("a/b", "{}"));
        AuthenticationException e = failure(identity());
        assertEquals(Kind.TRANSIENT, e.kind());
        assertEquals("localhost responded with HTTP 302, a redirect", e.getMessage());
        assertEquals(1, emulator.requests().count());
    }

    @Test
    public void timesOutWithoutAResponse() {
        HttpClient client = TestHttp.clientOf(emulator);
        TokenCache shortTimeout = TestTokens.cache(client, executor, new ManualClock(), Duration.ofSeconds(1));
        for (Fault fault : List.of(Fault.hang(), Fault.slowBody(1, Duration.ofMillis(300)))) {
            emulator.faults().inject(fault);
            AuthenticationException e = failureOf(
                    AuthenticationException.class,
                    shortTimeout.tokensOf(identity()).token());
            assertEquals(fault.toString(), Kind.TRANSIENT, e.kind());
            assertEquals("no response from localhost: no complete response within 1 s", e.getMessage());
            emulator.faults().clear();
        }
    }

    @Test
    public void limitsTheResponseSize() {
        emulator.faults().inject(Fault.hugeBody(1_000_000));
        AuthenticationException e = failure(identity());
        assertEquals(Kind.TRANSIENT, e.kind());
        assertEquals("no response from localhost: the response is longer than 262144 bytes", e.getMessage());
    }

    @Test
    public void readsRetryAfterOfANonJsonResponse() {
        emulator.faults()
                .inject(Fault.status(503).body("text/html", "<html></html>").retryAfter(Duration.ofSeconds(21)));
        AuthenticationException e = failure(identity());
        assertEquals(Optional.of(Duration.ofSeconds(21)), e.retryAfter());
    }

    private AuthenticationException failure(AuthorityError fault) {
        emulator.azureAd().fault(fault);
        return failure(identity());
    }

    private AuthenticationException failure(ApplicationIdentity identity) {
        return failureOf(AuthenticationException.class, cache.tokensOf(identity).token());
    }

    private ApplicationIdentity identity() {
        return identity(emulator.tenant(), emulator.clientId(), emulator.clientSecret(), emulator.scope());
    }

    private ApplicationIdentity identity(String tenant, String clientId, String secret, String scope) {
        return new ApplicationIdentity(emulator.authority(), false, tenant, clientId, new ClientSecret(secret), scope);
    }

    private static void assertError(Kind kind, String code, AuthenticationException e) {
        assertEquals(kind, e.kind());
        assertEquals(Optional.of(code), e.code());
        assertFalse(e.isTransient());
        assertNull("exceptions of MSAL4J must not be kept", e.getCause());
    }
}
