/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import static io.jenkins.plugins.ams.testing.TestHttp.failureOf;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;

import io.jenkins.plugins.ams.auth.ManagedIdentity.IdType;
import io.jenkins.plugins.ams.emulator.Emulator;
import io.jenkins.plugins.ams.emulator.Fault;
import io.jenkins.plugins.ams.emulator.LiveApi;
import io.jenkins.plugins.ams.testing.ExpectedLog;
import io.jenkins.plugins.ams.testing.ManualClock;
import io.jenkins.plugins.ams.testing.ReroutedHttpClient;
import io.jenkins.plugins.ams.testing.TestHttp;
import java.net.http.HttpClient;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/**
 * Tests that token requests follow no redirect, not even to the same host, because a request contains a secret or its
 * response contains a token.
 */
public class TokenRedirectsTest {

    private final ExecutorService executor = Executors.newSingleThreadExecutor();
    private Emulator emulator;
    private Emulator foreign;

    @Rule
    public final ExpectedLog expected = ExpectedLog.ofMsal4j();

    @Before
    public void start() {
        emulator = Emulator.start();
        foreign = Emulator.start();
    }

    @After
    public void stop() {
        executor.shutdownNow();
        emulator.close();
        foreign.close();
    }

    @Test
    public void tokenRequestsFollowNoRedirect() {
        HttpClient http = TestHttp.clientOf(emulator);
        HttpClient directClient = new ReroutedHttpClient(http, ReroutedHttpClient.METADATA_HOST, emulator.authority());
        List<Identity> identities = List.of(
                new ApplicationIdentity(
                        emulator.authority(),
                        false,
                        emulator.tenant(),
                        emulator.clientId(),
                        new ClientSecret("very-secret"),
                        "https://rest.media.azure.net/.default"),
                new ApiKeyIdentity(
                        emulator.endpoint(LiveApi.RAVNUR).resolve("auth/token"), "s", new ClientSecret("very-secret")),
                new ManagedIdentity(IdType.SYSTEM_ASSIGNED, null, "https://rest.media.azure.net"));
        for (Identity identity : identities) {
            for (int status : List.of(300, 301, 302, 303, 305, 307, 308)) {
                for (Emulator target : List.of(emulator, foreign)) {
                    emulator.requests().clear();
                    emulator.faults().clear();
                    emulator.faults()
                            .inject(Fault.status(status)
                                    .header("Location", target.authority() + "/elsewhere")
                                    .body("application/json", "{}"));
                    TokenCache cache = new TokenCache(
                            () -> http, () -> directClient, new TokenThreads(executor, executor), new ManualClock());
                    AuthenticationException e = failureOf(
                            AuthenticationException.class,
                            cache.tokensOf(identity).token());
                    assertFalse(e.toString(), e.toString().contains("very-secret"));
                    assertEquals(identity + " " + status, 1, emulator.requests().count());
                }
            }
        }
        assertEquals(0, foreign.requests().count());
    }
}
