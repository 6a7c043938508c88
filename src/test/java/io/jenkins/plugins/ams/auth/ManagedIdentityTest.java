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
import io.jenkins.plugins.ams.testing.ManualClock;
import io.jenkins.plugins.ams.testing.ReroutedHttpClient;
import io.jenkins.plugins.ams.testing.TestHttp;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** Tokens of the machine's managed identities, by way of the real MSAL4J; it asks the emulator for the machine. */
public class ManagedIdentityTest {

    private static final String METADATA = "169.254.169.254";
    private static final String RESOURCE = "https://rest.media.azure.net";
    private static final String CLIENT = "7c8d1b2e-0000-4000-8000-00805f9b34fb";
    private static final String ID =
            "/subscriptions/s/resourcegroups/g/providers/Microsoft.ManagedIdentity" + "/userAssignedIdentities/jenkins";

    private final ManagedIdentity system = new ManagedIdentity(IdType.SYSTEM_ASSIGNED, null, RESOURCE);
    private final ExecutorService executor = Executors.newSingleThreadExecutor();
    private Emulator emulator;
    private TokenCache cache;

    @Before
    public void start() {
        emulator = Emulator.start();
        emulator.azureAd().managedIdentities(AzureAd.SYSTEM_ASSIGNED);
        HttpClient home = TestHttp.clientOf(emulator);
        HttpClient direct = new ReroutedHttpClient(home, METADATA, emulator.authority());
        cache = new TokenCache(
                () -> {
                    throw new AssertionError("no authority is asked");
                },
                () -> direct,
                executor,
                new ManualClock());
    }

    @After
    public void stop() {
        executor.shutdownNow();
        emulator.close();
    }

    @Test
    public void getsTokensOfTheSystemAssignedIdentity() throws Exception {
        AccessToken token = get(cache.tokensOf(system).token());
        assertEquals(token, get(cache.tokensOf(system).token()));
        assertNotEquals(token, get(cache.tokensOf(system).renew(token)));
        List<RecordedRequest> requests = emulator.requests().of(RequestKind.METADATA);
        assertEquals(2, requests.size());
        assertEquals("GET", requests.get(0).method());
        assertTrue(requests.get(0).target(), requests.get(0).target().contains("resource=https"));
        assertFalse(requests.get(0).target(), requests.get(0).target().contains("_id="));
    }

    @Test
    public void getsTokensOfAUserAssignedIdentityByEachKindOfId() throws Exception {
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
        assertEquals(Kind.NO_MANAGED_IDENTITY, failure(system).kind());
    }

    @Test
    public void keepsTheTokensOfIdentitiesApart() throws Exception {
        emulator.azureAd().managedIdentities(AzureAd.SYSTEM_ASSIGNED, CLIENT);
        AccessToken ofSystem = get(cache.tokensOf(system).token());
        ManagedIdentity user = new ManagedIdentity(IdType.CLIENT_ID, CLIENT, RESOURCE);
        assertNotEquals(ofSystem, get(cache.tokensOf(user).token()));
        HttpClient direct = new ReroutedHttpClient(TestHttp.clientOf(emulator), METADATA, emulator.authority());
        TokenCache ofAnotherController = new TokenCache(() -> direct, executor, new ManualClock());
        assertNotEquals(
                "MSAL4J's cache for all of the JVM",
                ofSystem,
                get(ofAnotherController.tokensOf(system).token()));
    }

    @Test
    public void namesAnIdentityThatTheMachineDoesNotHave() {
        emulator.azureAd().managedIdentities();
        AuthenticationException e = failure(system);
        assertEquals(Kind.NO_MANAGED_IDENTITY, e.kind());
        assertEquals("169.254.169.254 answered HTTP 400: Identity not found", e.getMessage());
        assertEquals(1, emulator.requests().count(RequestKind.METADATA));
    }

    @Test
    public void asksOnceAndLeavesPatienceToTheCaller() {
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
        assertEquals(Kind.REFUSED, e.kind());
        assertEquals("169.254.169.254 answered HTTP 403: no", e.getMessage());
    }

    @Test
    public void aMachineThatIsNotOfAzureIsRecognizedAfterAFewRequests() {
        TokenCache nowhere = nowhere();
        for (int i = 1; i < MetadataTransport.NOBODY_THERE; i++) {
            assertEquals(Kind.TRANSIENT, failure(nowhere).kind());
        }
        AuthenticationException e = failure(nowhere);
        assertEquals(Kind.NO_MANAGED_IDENTITY, e.kind());
        assertTrue(e.getMessage(), e.getMessage().startsWith("no answer from 169.254.169.254: "));
    }

    @Test
    public void aMachineThatAnsweredOnceIsWaitedFor() throws Exception {
        get(cache.tokensOf(system).token());
        AccessToken refused = get(cache.tokensOf(system).token());
        emulator.close();
        for (int i = 0; i <= MetadataTransport.NOBODY_THERE; i++) {
            AuthenticationException e = failureOf(
                    AuthenticationException.class, cache.tokensOf(system).renew(refused));
            assertEquals(Kind.TRANSIENT, e.kind());
        }
    }

    @Test
    public void takesAnswersThatMakeNoSenseAsTransientAndShowsNothingOfThem() {
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
    public void writesNoTokenAnywhere() throws Exception {
        try (CapturedLog log = CapturedLog.start()) {
            AccessToken token = get(cache.tokensOf(system).token());
            AccessToken renewed = get(cache.tokensOf(system).renew(token));
            assertTrue("MSAL4J is listened to", log.text().contains("com.microsoft.aad.msal4j"));
            assertFalse(log.text(), log.text().contains(token.value()));
            assertFalse(log.text(), log.text().contains(renewed.value()));
        }
    }

    @Test
    public void anIdBelongsToUserAssignedIdentitiesAlone() {
        assertThrows(
                IllegalArgumentException.class, () -> new ManagedIdentity(IdType.SYSTEM_ASSIGNED, CLIENT, RESOURCE));
        assertThrows(IllegalArgumentException.class, () -> new ManagedIdentity(IdType.CLIENT_ID, null, RESOURCE));
    }

    /** Tokens of a machine where nobody listens. */
    private TokenCache nowhere() {
        emulator.close();
        HttpClient direct = new ReroutedHttpClient(TestHttp.clientOf(emulator), METADATA, emulator.authority());
        return new TokenCache(() -> direct, executor, new ManualClock());
    }

    private AuthenticationException failure(ManagedIdentity identity) {
        return failureOf(AuthenticationException.class, cache.tokensOf(identity).token());
    }

    private AuthenticationException failure(TokenCache tokens) {
        return failureOf(AuthenticationException.class, tokens.tokensOf(system).token());
    }
}
