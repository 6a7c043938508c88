/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

import static io.jenkins.plugins.ams.testing.TestHttp.failureOf;
import static io.jenkins.plugins.ams.testing.TestHttp.get;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.auth.AuthenticationException;
import io.jenkins.plugins.ams.emulator.AzureAd.AuthorityError;
import io.jenkins.plugins.ams.emulator.Emulator;
import io.jenkins.plugins.ams.emulator.Fault;
import io.jenkins.plugins.ams.emulator.RecordedRequest;
import io.jenkins.plugins.ams.emulator.RequestKind;
import io.jenkins.plugins.ams.testing.ExpectedLog;
import io.jenkins.plugins.ams.testing.ManualClock;
import io.jenkins.plugins.ams.testing.TestHttp;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** Tests responses that reject the token and not the request itself. */
public class RejectedTokenTest {

    private static final String CLAIMS = "{\"access_token\":{\"nbf\":{\"essential\":true,\"value\":\"1604106651\"}}}";

    private final ManualClock clock = new ManualClock();
    private final ExecutorService executor = Executors.newSingleThreadExecutor();
    private Emulator emulator;
    private HttpClient http;

    @Rule
    public final ExpectedLog expected = ExpectedLog.ofMsal4j();

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
    public void satisfiesAClaimsChallenge() throws Exception {
        emulator.azureAd().requireClaims(CLAIMS);
        for (EmulatedService api : List.of(EmulatedService.AMS_V2, EmulatedService.RESOURCE_MANAGER)) {
            emulator.requests().clear();
            AmsService service = service(api);
            get(service.ping());
            get(service.ping());
            List<RecordedRequest> tokens = emulator.requests().of(RequestKind.TOKEN);
            assertEquals("one token for the challenge, none for the second request", 2, tokens.size());
            assertFalse(form(tokens.get(0)), form(tokens.get(0)).contains("&claims="));
            assertTrue(form(tokens.get(1)), form(tokens.get(1)).contains("&claims={\"access_token\":{\"nbf\":{"));
        }
    }

    @Test
    public void satisfiesAChallengeAfterARenewal() throws Exception {
        AmsService service = service(EmulatedService.RESOURCE_MANAGER);
        get(service.ping());
        emulator.azureAd().expireTokens().requireClaims(CLAIMS);
        emulator.requests().clear();
        get(service.ping());
        assertEquals(
                "an expired token, a challenge, and a success",
                3,
                emulator.requests().count(RequestKind.OTHER));
        assertEquals(2, emulator.requests().count(RequestKind.TOKEN));
    }

    @Test
    public void requestsOneTokenForConcurrentChallenges() throws Exception {
        emulator.azureAd().requireClaims(CLAIMS);
        AmsService service = service(EmulatedService.RESOURCE_MANAGER);
        List<CompletableFuture<?>> pings = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            pings.add(service.ping());
        }
        for (CompletableFuture<?> ping : pings) {
            get(ping);
        }
        assertEquals(2, emulator.requests().count(RequestKind.TOKEN));
    }

    @Test
    public void satisfiesTheNextChallenge() throws Exception {
        AmsService service = service(EmulatedService.RESOURCE_MANAGER);
        emulator.azureAd().requireClaims(CLAIMS);
        get(service.ping());
        emulator.azureAd().requireClaims(CLAIMS.replace("1604106651", "1604109999"));
        get(service.ping());
        assertEquals(3, emulator.requests().count(RequestKind.TOKEN));
    }

    @Test
    public void satisfiesAChallengeThatHasChangedMeanwhile() throws Exception {
        challenge(CLAIMS);
        challenge(CLAIMS.replace("1604106651", "1604109999"));
        get(service(EmulatedService.RESOURCE_MANAGER).ping());
        List<RecordedRequest> tokens = emulator.requests().of(RequestKind.TOKEN);
        assertEquals(3, tokens.size());
        assertTrue(form(tokens.get(1)), form(tokens.get(1)).contains("1604106651"));
        assertTrue(form(tokens.get(2)), form(tokens.get(2)).contains("1604109999"));
    }

    @Test
    public void doesNotSatisfyEndlessChallenges() {
        for (int i = 0; i < 10; i++) {
            challenge(CLAIMS.replace("1604106651", "160410666" + i));
        }
        AuthenticationException e = failureOf(
                AuthenticationException.class,
                service(EmulatedService.RESOURCE_MANAGER).ping());
        assertEquals(AuthenticationException.Kind.INSUFFICIENT_CLAIMS, e.kind());
        assertEquals(1 + 3, emulator.requests().count(RequestKind.OTHER));
    }

    @Test
    public void reportsInsufficientClaims() {
        emulator.faults()
                .inject(Fault.status(401)
                        .header("WWW-Authenticate", "Bearer error=\"insufficient_claims\", claims=\"e30=\"")
                        .body(
                                "application/json",
                                "{\"error\":{\"code\":\"InvalidAuthenticationToken\",\"message\":\"Continuous access"
                                        + " evaluation resulted in challenge with code: LocationPolicy\"}}")
                        .on(RequestKind.OTHER));
        AuthenticationException e = failureOf(
                AuthenticationException.class,
                service(EmulatedService.RESOURCE_MANAGER).ping());
        assertEquals(AuthenticationException.Kind.INSUFFICIENT_CLAIMS, e.kind());
        assertFalse(e.isTransient());
        assertTrue(e.getMessage(), e.getMessage().contains("challenge with code: LocationPolicy"));
        assertTrue("the service's request ID", e.requestId().isPresent());
        assertEquals("one retry", 2, emulator.requests().count(RequestKind.OTHER));
        assertEquals(2, emulator.requests().count(RequestKind.TOKEN));
    }

    @Test
    public void reportsClaimsRejectedByTheAuthority() throws Exception {
        AmsService service = service(EmulatedService.RESOURCE_MANAGER);
        get(service.ping());
        emulator.azureAd().requireClaims(CLAIMS).fault(AuthorityError.BLOCKED_BY_POLICY);
        AuthenticationException e = failureOf(AuthenticationException.class, service.ping());
        assertEquals(AuthenticationException.Kind.BLOCKED_BY_POLICY, e.kind());
        assertTrue(e.getMessage(), e.getMessage().contains("Conditional Access policies"));
    }

    @Test
    public void treatsAnInvalidChallengeAsAnExpiredToken() {
        for (String challenge : List.of(
                "Bearer realm=\"\", error=\"invalid_token\"",
                "Bearer claims=\"bm90IEpTT04=\"",
                "Bearer claims=\"not base64!\"",
                "Basic claims=\"e30=\"")) {
            emulator.requests().clear();
            emulator.faults().clear();
            emulator.faults()
                    .inject(Fault.status(401)
                            .header("WWW-Authenticate", challenge)
                            .on(RequestKind.OTHER));
            ServiceException e = failureOf(
                    ServiceException.class,
                    service(EmulatedService.RESOURCE_MANAGER).ping());
            assertEquals(challenge, ServiceException.Kind.UNAUTHORIZED, e.kind());
            assertTrue(emulator.requests().of(RequestKind.TOKEN).stream()
                    .noneMatch(request -> form(request).contains("&claims=")));
        }
    }

    @Test
    public void reportsAnInvalidChallenge() {
        emulator.faults()
                .inject(Fault.status(401)
                        .header("WWW-Authenticate", "Bearer claims=\"eyJhY2Nlc3NfdG9rZW4iOjV9\"")
                        .on(RequestKind.OTHER));
        AuthenticationException e = failureOf(
                AuthenticationException.class,
                service(EmulatedService.RESOURCE_MANAGER).ping());
        assertEquals(AuthenticationException.Kind.INSUFFICIENT_CLAIMS, e.kind());
        assertEquals("the service requires claims that cannot be parsed", e.getMessage());
    }

    @Test
    public void renewsATokenThatExpiredWith403() throws Exception {
        for (String text : List.of(
                "{\"error\":{\"code\":\"Forbidden\",\"message\":\"The access token has expired.\"}}",
                "{\"error\":{\"code\":\"ExpiredAuthenticationToken\",\"message\":\"no\"}}",
                "{\"odata.error\":{\"code\":\"\",\"message\":{\"value\":\"Expired or invalid token\"}}}")) {
            emulator.requests().clear();
            emulator.faults()
                    .inject(Fault.status(403)
                            .body("application/json", text)
                            .on(RequestKind.OTHER)
                            .once());
            get(service(EmulatedService.RESOURCE_MANAGER).ping());
            assertEquals(text, 2, emulator.requests().count(RequestKind.TOKEN));
        }
    }

    @Test
    public void renewsNoTokenForAnother403() {
        emulator.faults()
                .inject(Fault.status(403)
                        .body(
                                "application/json",
                                "{\"error\":{\"code\":\"AuthorizationFailed\",\"message\":\"The client with this token does"
                                        + " not have authorization. The subscription has expired\"}}")
                        .on(RequestKind.OTHER));
        ServiceException e = failureOf(
                ServiceException.class,
                service(EmulatedService.RESOURCE_MANAGER).ping());
        assertEquals(ServiceException.Kind.FORBIDDEN, e.kind());
        assertEquals(1, emulator.requests().count(RequestKind.TOKEN));
    }

    @Test
    public void a403AfterARenewalIsFinal() {
        emulator.faults()
                .inject(Fault.status(403)
                        .body("application/json", "{\"error\":{\"code\":\"x\",\"message\":\"token has expired\"}}")
                        .on(RequestKind.OTHER));
        ServiceException e = failureOf(
                ServiceException.class,
                service(EmulatedService.RESOURCE_MANAGER).ping());
        assertEquals(ServiceException.Kind.FORBIDDEN, e.kind());
        assertEquals(2, emulator.requests().count(RequestKind.OTHER));
    }

    /** The next request is challenged, whatever its token. */
    private void challenge(String claims) {
        String encoded = Base64.getEncoder().encodeToString(claims.getBytes(StandardCharsets.UTF_8));
        emulator.faults()
                .inject(Fault.status(401)
                        .header("WWW-Authenticate", "Bearer error=\"insufficient_claims\", claims=\"" + encoded + "\"")
                        .on(RequestKind.OTHER)
                        .once());
    }

    private AmsService service(EmulatedService api) {
        return api.service(api.endpoint(emulator), api.tokens(emulator, http, executor, clock), () -> http, clock);
    }

    private static String form(RecordedRequest request) {
        return "&" + URLDecoder.decode(request.body(), StandardCharsets.UTF_8);
    }
}
