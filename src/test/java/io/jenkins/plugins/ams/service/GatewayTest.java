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

import io.jenkins.plugins.ams.auth.TokenSource;
import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.emulator.Emulator;
import io.jenkins.plugins.ams.emulator.Fault;
import io.jenkins.plugins.ams.emulator.Faults;
import io.jenkins.plugins.ams.emulator.Gateway;
import io.jenkins.plugins.ams.emulator.JobScript;
import io.jenkins.plugins.ams.emulator.RequestKind;
import io.jenkins.plugins.ams.testing.ExpectedLog;
import io.jenkins.plugins.ams.testing.ManualClock;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameters;

/** Tests that responses of gateways are not attributed to the service, for each API. */
@RunWith(Parameterized.class)
public class GatewayTest {

    private final EmulatedService api;
    private final ManualClock clock = new ManualClock();
    private final ExecutorService executor = Executors.newSingleThreadExecutor();
    private Emulator emulator;
    private AmsService service;
    private List<JobId> ids;

    public GatewayTest(EmulatedService api) {
        this.api = api;
    }

    @Rule
    public final ExpectedLog expected = ExpectedLog.of(JobBatcher.class);

    @Parameters(name = "{0}")
    public static EmulatedService[] apis() {
        return EmulatedService.values();
    }

    @Before
    public void start() throws Exception {
        emulator = Emulator.start(clock);
        HttpClient http = Emulator.inProcessClient(Runnable::run);
        TokenSource tokens = api.tokens(emulator, http, executor, clock);
        get(tokens.token()); // so that only the service can reject a request below
        service = api.service(api.endpoint(emulator), tokens, () -> http, clock);
        ids = Stream.generate(this::addJob).limit(3).toList();
    }

    @After
    public void stop() {
        executor.shutdownNow();
        emulator.close();
    }

    @Test
    public void everyRejectionByAGatewayIsTransient() {
        JobId id = ids.get(0);
        Map<String, Supplier<CompletableFuture<?>>> calls = Map.of(
                "one job", () -> service.jobs(List.of(id)),
                "several jobs", () -> service.jobs(ids),
                "tasks", () -> service.tasks(id),
                "output assets", () -> service.outputAssets(id),
                "cancel", () -> service.cancel(id),
                "ping", service::ping);
        for (Gateway gateway : Gateway.values()) {
            Faults.Injection injection = emulator.faults().inject(Fault.gateway(gateway));
            calls.forEach((name, call) -> {
                String what = gateway + " at " + name;
                ServiceException e = failureOf(ServiceException.class, call.get());
                assertTrue(what + ": " + e.kind(), e.isTransient());
                assertEquals(what, gateway.status(), e.status());
                assertFalse(what, e.getMessage().isBlank());
            });
            injection.remove();
        }
        assertTrue("gateway errors do not disable batches", service.jobsPerRequest() > 1);
    }

    @Test
    public void theServicesOwnRejectionIsFinal() {
        for (int status : new int[] {400, 401, 403, 405, 409, 410, 415, 422, 423}) {
            emulator.faults().clear();
            emulator.faults().inject(Fault.status(status).on(RequestKind.JOBS));
            ServiceException e = failureOf(ServiceException.class, service.jobs(List.of(ids.get(0))));
            assertFalse(Integer.toString(status), e.isTransient());
        }
    }

    @Test
    public void gatewayStatusCodesAreAlwaysTransient() {
        for (int status : new int[] {407, 408, 421, 425, 429, 444, 449, 460, 499, 500, 511, 520, 530, 599}) {
            emulator.faults().clear();
            emulator.faults().inject(Fault.status(status).on(RequestKind.JOBS));
            ServiceException e = failureOf(ServiceException.class, service.jobs(List.of(ids.get(0))));
            assertTrue(Integer.toString(status), e.isTransient());
        }
    }

    @Test
    public void pollsIndividuallyWhenAFirewallRejectsBatches() throws Exception {
        for (Gateway gateway : List.of(
                Gateway.FIREWALL,
                Gateway.API_GATEWAY,
                Gateway.BAD_REQUEST,
                Gateway.ADDRESS_TOO_LONG,
                Gateway.INGRESS)) {
            AmsService fresh = freshService();
            emulator.faults().clear();
            emulator.faults().inject(Fault.gateway(gateway).forBatches());
            for (int i = 0; i < JobBatcher.MAX_FAILURES; i++) {
                assertTrue("a single failure does not disable batches", fresh.jobsPerRequest() > 1);
                assertEquals(
                        gateway.toString(),
                        Set.copyOf(ids),
                        get(fresh.jobs(ids)).keySet());
            }
            assertEquals(gateway.toString(), 1, fresh.jobsPerRequest());
        }
    }

    @Test
    public void treatsA401WithoutBodyAsTheServices() {
        Map<String, Fault> own = Map.of(
                "no body", Fault.status(401).body("text/plain", ""),
                "plain text", Fault.status(401).body("text/plain", "ACS authentication is deprecated."),
                "an OAuth error", Fault.status(401).body("application/json", "{\"error\":\"invalid_token\"}"),
                "an HTML page with a Bearer challenge",
                        Fault.gateway(Gateway.LOGIN).header("WWW-Authenticate", "Bearer error=\"invalid_token\""));
        own.forEach((name, fault) -> {
            emulator.faults().clear();
            emulator.faults().inject(fault.on(RequestKind.JOBS));
            ServiceException e = failureOf(ServiceException.class, service.jobs(List.of(ids.get(0))));
            assertEquals(name, ServiceException.Kind.UNAUTHORIZED, e.kind());
        });
    }

    @Test
    public void treatsA401WithAnotherSchemeAsTheGateways() {
        for (String challenge :
                List.of("Basic realm=\"proxy\"", "Negotiate", "NTLM", "Digest realm=\"x\", nonce=\"y\"")) {
            emulator.faults().clear();
            emulator.faults()
                    .inject(Fault.status(401)
                            .body("text/plain", "")
                            .header("WWW-Authenticate", challenge)
                            .on(RequestKind.JOBS));
            ServiceException e = failureOf(ServiceException.class, service.jobs(List.of(ids.get(0))));
            assertTrue(challenge + ": " + e.kind(), e.isTransient());
        }
    }

    @Test
    public void renewsNoTokenForAGatewayLogin() {
        emulator.requests().clear();
        emulator.faults().inject(Fault.gateway(Gateway.LOGIN));
        failureOf(ServiceException.class, service.jobs(List.of(ids.get(0))));
        assertEquals(1, emulator.requests().count());
    }

    @Test
    public void renewsATokenThatExpiredWith403() throws Exception {
        if (api.hasOneTokenOnly()) {
            return;
        }
        for (Fault fault : List.of(
                Fault.error(403, "ExpiredAuthenticationToken", "Sign in again."),
                Fault.error(403, "Forbidden", "The token has expired."))) {
            emulator.requests().clear();
            emulator.faults().inject(fault.on(RequestKind.JOBS).once());
            assertEquals(1, get(service.jobs(List.of(ids.get(0)))).size());
            assertEquals(1, emulator.requests().count(RequestKind.TOKEN));
        }
        emulator.requests().clear();
        emulator.faults().inject(Fault.status(403).on(RequestKind.JOBS).once());
        failureOf(ServiceException.class, service.jobs(List.of(ids.get(0))));
        assertEquals(0, emulator.requests().count(RequestKind.TOKEN));
    }

    @Test
    public void readsTheRetryDelayOfARateLimit() {
        emulator.faults().inject(Fault.gateway(Gateway.RATE_LIMIT));
        ServiceException e = failureOf(ServiceException.class, service.jobs(List.of(ids.get(0))));
        assertEquals(Duration.ofSeconds(3), e.retryAfter().orElseThrow());
    }

    private AmsService freshService() {
        HttpClient http = Emulator.inProcessClient(Runnable::run);
        return api.service(api.endpoint(emulator), api.tokens(emulator, http, executor, clock), () -> http, clock);
    }

    private JobId addJob() {
        EmulatedJob job = emulator.addJob(JobScript.named("Encoding").task("Encode", Duration.ofMinutes(2)));
        return api.idOf(job);
    }
}
