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
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.auth.AuthenticationException.Kind;
import io.jenkins.plugins.ams.auth.ManagedIdentity.IdType;
import io.jenkins.plugins.ams.emulator.AzureAd;
import io.jenkins.plugins.ams.emulator.Emulator;
import io.jenkins.plugins.ams.emulator.Fault;
import io.jenkins.plugins.ams.emulator.RecordedRequest;
import io.jenkins.plugins.ams.emulator.RequestKind;
import io.jenkins.plugins.ams.testing.CapturedLog;
import io.jenkins.plugins.ams.testing.ExpectedLog;
import io.jenkins.plugins.ams.testing.ManualClock;
import io.jenkins.plugins.ams.testing.MsalEnvironment;
import io.jenkins.plugins.ams.testing.ReroutedHttpClient;
import io.jenkins.plugins.ams.testing.TestHttp;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/**
 * Tests tokens of managed identities, with the real MSAL4J. Requests to the metadata service are rerouted to the
 * emulator.
 */
public class ManagedIdentityTest {

    private static final String METADATA = ReroutedHttpClient.METADATA_HOST;
    private static final String RESOURCE = "https://rest.media.azure.net";
    private static final String CLIENT = "7c8d1b2e-0000-4000-8000-00805f9b34fb";
    private static final String ID =
            "/subscriptions/s/resourcegroups/g/providers/Microsoft.ManagedIdentity" + "/userAssignedIdentities/jenkins";

    private final ManagedIdentity system = new ManagedIdentity(IdType.SYSTEM_ASSIGNED, null, RESOURCE);
    private final ExecutorService executor = Executors.newSingleThreadExecutor();
    private final AtomicLong nanos = new AtomicLong(-5);
    private final Map<String, String> environment = new HashMap<>();
    private Emulator emulator;
    private TokenCache cache;

    @Rule
    public final ExpectedLog expected = ExpectedLog.ofMsal4j();

    @Before
    public void start() {
        emulator = Emulator.start();
        emulator.azureAd().managedIdentities(AzureAd.SYSTEM_ASSIGNED);
        cache = cache(directClient());
    }

    @After
    public void stop() {
        executor.shutdownNow();
        emulator.close();
    }

    @Test
    public void getsTokensForTheSystemAssignedIdentity() throws Exception {
        AccessToken token = get(cache.tokensOf(system).token());
        assertEquals(token, get(cache.tokensOf(system).token()));
        assertNotEquals(token, get(cache.tokensOf(system).renew(token, null)));
        List<RecordedRequest> requests = emulator.requests().of(RequestKind.METADATA);
        assertEquals(2, requests.size());
        assertEquals("GET", requests.get(0).method());
        assertTrue(requests.get(0).target(), requests.get(0).target().contains("resource=https"));
        assertFalse(requests.get(0).target(), requests.get(0).target().contains("_id="));
    }

    @Test
    public void getsTokensForAUserAssignedIdentityByEachIdType() throws Exception {
        Map<IdType, String> ids =
                Map.of(IdType.CLIENT_ID, CLIENT, IdType.OBJECT_ID, "an-object", IdType.RESOURCE_ID, ID);
        Map<IdType, String> parameters =
                Map.of(IdType.CLIENT_ID, "client_id", IdType.OBJECT_ID, "object_id", IdType.RESOURCE_ID, "msi_res_id");
        emulator.azureAd().managedIdentities(ids.values().toArray(String[]::new));
        for (IdType type : ids.keySet()) {
            get(cache.tokensOf(new ManagedIdentity(type, ids.get(type), RESOURCE))
                    .token());
            List<RecordedRequest> requests = emulator.requests().of(RequestKind.METADATA);
            String target = requests.get(requests.size() - 1).target();
            assertTrue(
                    target,
                    target.contains("&" + parameters.get(type) + "=")
                            || target.contains("?" + parameters.get(type) + "="));
        }
        assertEquals(
                METADATA + " responded with HTTP 400: Identity not found",
                failure(system).getMessage());
    }

    @Test
    public void separatesTokensByIdentity() throws Exception {
        emulator.azureAd().managedIdentities(AzureAd.SYSTEM_ASSIGNED, CLIENT);
        AccessToken ofSystem = get(cache.tokensOf(system).token());
        ManagedIdentity user = new ManagedIdentity(IdType.CLIENT_ID, CLIENT, RESOURCE);
        assertNotEquals(ofSystem, get(cache.tokensOf(user).token()));
        HttpClient directClient = new ReroutedHttpClient(TestHttp.clientOf(emulator), METADATA, emulator.authority());
        TokenCache ofAnotherController = new TokenCache(() -> directClient, executor, new ManualClock());
        assertNotEquals(
                "MSAL4J's JVM-wide cache must not be used",
                ofSystem,
                get(ofAnotherController.tokensOf(system).token()));
    }

    @Test
    public void reportsAnUnassignedIdentityAfterMinutes() throws Exception {
        emulator.azureAd().managedIdentities();
        assertMissingAfterMinutes(METADATA + " responded with HTTP 400: Identity not found");
        emulator.azureAd().managedIdentities(AzureAd.SYSTEM_ASSIGNED);
        get(cache.tokensOf(system).token());
    }

    @Test
    public void waitsForAnIdentityThatWasJustAssigned() throws Exception {
        emulator.azureAd().managedIdentities();
        assertEquals(Kind.TRANSIENT, failure(system).kind());
        advance(Duration.ofMinutes(4));
        assertEquals(Kind.TRANSIENT, failure(system).kind());
        emulator.azureAd().managedIdentities(AzureAd.SYSTEM_ASSIGNED);
        AccessToken token = get(cache.tokensOf(system).token());
        emulator.azureAd().managedIdentities();
        advance(Duration.ofHours(1));
        AuthenticationException e =
                failureOf(AuthenticationException.class, cache.tokensOf(system).renew(token, null));
        assertEquals("a success restarts the retry period", Kind.TRANSIENT, e.kind());
    }

    @Test
    public void reportsAtOnceForAConnectionTest() {
        emulator.azureAd().managedIdentities();
        AuthenticationException e = failureOf(
                AuthenticationException.class, cache.fresh().tokensOf(system).token());
        assertEquals(Kind.NO_MANAGED_IDENTITY, e.kind());
    }

    @Test
    public void reportsAMachineOutsideAzureAfterMinutes() {
        Map<Integer, String> responses = Map.of(
                404, "<!DOCTYPE html><title>Error 404 (Not Found)!!1</title>",
                403, "Your client does not have permission",
                401, "",
                400, "<html><head><title>400 Bad Request</title></head></html>");
        responses.forEach((status, body) -> {
            nanos.addAndGet(Duration.ofHours(1).toNanos());
            cache = cache(directClient());
            emulator.faults().clear();
            emulator.faults()
                    .inject(Fault.status(status)
                            .body("text/html", body)
                            .header("WWW-Authenticate", "Basic realm=\"gateway\""));
            assertMissingAfterMinutes(METADATA + " responded with HTTP " + status);
        });
    }

    @Test
    public void retriesForeverBehindAGateway() throws Exception {
        get(cache.tokensOf(system).token());
        AccessToken token = get(cache.tokensOf(system).token());
        for (int status : new int[] {400, 403, 404, 502}) {
            emulator.faults().clear();
            emulator.faults().inject(Fault.status(status).body("text/plain", "default backend - " + status));
            for (int i = 0; i < 3; i++) {
                assertTrue(failureOf(
                                AuthenticationException.class,
                                cache.tokensOf(system).renew(token, null))
                        .isTransient());
                advance(Duration.ofMinutes(10));
            }
        }
    }

    @Test
    public void reportsErrorsAboutTheResource() {
        for (String code : List.of("AADSTS500011", "AADSTS50001")) {
            emulator.faults().clear();
            emulator.faults()
                    .inject(Fault.status(400)
                            .body(
                                    "application/json",
                                    "{\"error\":\"invalid_resource\",\"error_description\":\"" + code
                                            + ": The resource was not found in the tenant.\"}"));
            AuthenticationException e = failure(system);
            assertEquals(Kind.UNKNOWN_RESOURCE, e.kind());
            assertEquals(Optional.of(code), e.code());
        }
        emulator.faults().clear();
        emulator.faults()
                .inject(
                        Fault.status(400)
                                .body(
                                        "application/json",
                                        "{\"error\":\"x\",\"error_description\":\"AADSTS90024: A transient error has occurred.\"}"));
        assertEquals(Kind.TRANSIENT, failure(system).kind());
    }

    @Test
    public void namesTheFederatedTokenOfTheEnvironment() {
        environment.put("AZURE_FEDERATED_TOKEN_FILE", "/var/run/secrets/azure/tokens/azure-identity-token");
        emulator.azureAd().managedIdentities();
        AuthenticationException e = failureOf(
                AuthenticationException.class, cache.fresh().tokensOf(system).token());
        assertEquals(Kind.FEDERATED_TOKEN_INSTEAD, e.kind());
    }

    @Test
    public void readsATokenBesideListsAndObjects() throws Exception {
        emulator.faults()
                .inject(Fault.status(200)
                        .body(
                                "application/json",
                                "{\"roles\":[],\"groups\":[\"a\"],\"more\":{\"x\":[]},\"access_token\":\"a.b.c\","
                                        + "\"expires_on\":\"4070908800\"}"));
        assertEquals("a.b.c", get(cache.tokensOf(system).token()).value());
    }

    @Test
    public void parsesFractionalTimes() throws Exception {
        emulator.faults()
                .inject(Fault.status(200)
                        .body(
                                "application/json",
                                "{\"access_token\":\"a.b.c\",\"expires_on\":\"4070908800.0\",\"expires_in\":3599.0}"));
        assertEquals(
                Instant.ofEpochSecond(4070908800L),
                get(cache.tokensOf(system).token()).expiresOn());
    }

    @Test
    public void reportsAnUnreadableAzureArcKey() {
        try (MsalEnvironment arc = MsalEnvironment.of(Map.of(
                "IDENTITY_ENDPOINT", "http://" + METADATA + ":40342/metadata/identity/oauth2/token",
                "IMDS_ENDPOINT", "http://" + METADATA + ":40342"))) {
            for (String file : List.of(
                    "/var/opt/azcmagent/tokens/00000000-0000-4000-8000-00805f9b34fb.key",
                    "/elsewhere/00000000-0000-4000-8000-00805f9b34fb.key")) {
                emulator.faults().clear();
                emulator.faults().inject(Fault.status(401).header("WWW-Authenticate", "Basic realm=" + file));
                AuthenticationException e = failure(system);
                assertEquals(e.getMessage(), Kind.UNREADABLE_ARC_KEY, e.kind());
                assertFalse(e.isTransient());
            }
        }
    }

    @Test
    public void sendsOneRequestAndLeavesRetriesToTheCaller() {
        for (int status : new int[] {404, 408, 410, 429, 500, 503}) {
            emulator.requests().clear();
            emulator.faults().inject(Fault.status(status).retryAfter(Duration.ofSeconds(9)));
            AuthenticationException e = failure(system);
            assertEquals(Kind.TRANSIENT, e.kind());
            assertEquals(Optional.of(Duration.ofSeconds(9)), e.retryAfter());
            assertEquals(1, emulator.requests().count(RequestKind.METADATA));
            emulator.faults().clear();
        }
        emulator.faults().inject(Fault.status(403).body("application/json", "{\"message\":\"no\\r\\nway\"}"));
        AuthenticationException e = failure(system);
        assertEquals(Kind.REJECTED, e.kind());
        assertEquals(METADATA + " responded with HTTP 403: no", e.getMessage());
    }

    @Test
    public void reportsAMissingMetadataServiceAfterMinutes() {
        emulator.close();
        assertMissingAfterMinutes("no response from " + METADATA + ": ");
    }

    @Test
    public void retriesForAMachineThatHasResponded() throws Exception {
        AccessToken rejected = get(cache.tokensOf(system).token());
        emulator.close();
        for (int i = 0; i <= 3; i++) {
            AuthenticationException e = failureOf(
                    AuthenticationException.class, cache.tokensOf(system).renew(rejected, null));
            assertEquals(Kind.TRANSIENT, e.kind());
            advance(Duration.ofMinutes(10));
        }
    }

    @Test
    public void treatsInvalidResponsesAsTransientAndHidesThem() {
        String token = "eyJ0b2tlbi." + UUID.randomUUID();
        for (String body : List.of(
                "{\"access_token\":\"" + token,
                "{\"access_token\":\"" + token + "\"}",
                "{\"access_token\":\"" + token + "\",\"expires_on\":\"soon\"}",
                "{\"access_token\":\"" + token + "\",\"expires_on\":\"" + token + "\"}",
                "{\"access_token\":{\"value\":\"" + token + "\"},\"expires_on\":\"4070908800\"}",
                "{\"access_token\":\"" + token + "\\r\\nX: y\",\"expires_on\":\"4070908800\"}",
                "\"" + token + "\"")) {
            emulator.faults().inject(Fault.status(200).body("application/json", body));
            try (CapturedLog log = CapturedLog.start()) {
                AuthenticationException e = failure(system);
                assertEquals(body, Kind.TRANSIENT, e.kind());
                assertFalse(e.getMessage(), e.getMessage().contains(token));
                assertFalse(log.text(), log.text().contains(token));
            }
            emulator.faults().clear();
        }
    }

    @Test
    public void logsNoToken() throws Exception {
        try (CapturedLog log = CapturedLog.start()) {
            AccessToken token = get(cache.tokensOf(system).token());
            AccessToken renewed = get(cache.tokensOf(system).renew(token, null));
            assertTrue("the log of MSAL4J is captured", log.text().contains("com.microsoft.aad.msal4j"));
            assertFalse(log.text(), log.text().contains(token.value()));
            assertFalse(log.text(), log.text().contains(renewed.value()));
        }
    }

    @Test
    public void onlyUserAssignedIdentitiesHaveAnId() {
        assertThrows(
                IllegalArgumentException.class, () -> new ManagedIdentity(IdType.SYSTEM_ASSIGNED, CLIENT, RESOURCE));
        assertThrows(IllegalArgumentException.class, () -> new ManagedIdentity(IdType.CLIENT_ID, null, RESOURCE));
    }

    private void assertMissingAfterMinutes(String text) {
        for (Duration after : List.of(Duration.ZERO, Duration.ofMinutes(2), Duration.ofMinutes(2))) {
            advance(after);
            AuthenticationException e = failure(system);
            assertEquals(Kind.TRANSIENT, e.kind());
            assertTrue(e.getMessage(), e.getMessage().startsWith(text));
        }
        advance(Duration.ofMinutes(1));
        AuthenticationException e = failure(system);
        assertEquals(Kind.NO_MANAGED_IDENTITY, e.kind());
        assertTrue(e.getMessage(), e.getMessage().startsWith(text));
    }

    private void advance(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private HttpClient directClient() {
        return new ReroutedHttpClient(TestHttp.clientOf(emulator), METADATA, emulator.authority());
    }

    private TokenCache cache(HttpClient directClient) {
        return new TokenCache(
                () -> {
                    throw new AssertionError("no request must be sent to an authority");
                },
                () -> directClient,
                new TokenThreads(executor, executor),
                new ManualClock(),
                new TokenCache.Settings(
                        Duration.ofSeconds(30), ManagedIdentityHttpClient.RETRY_PERIOD, nanos::get, environment::get));
    }

    private AuthenticationException failure(ManagedIdentity identity) {
        return failureOf(AuthenticationException.class, cache.tokensOf(identity).token());
    }
}
