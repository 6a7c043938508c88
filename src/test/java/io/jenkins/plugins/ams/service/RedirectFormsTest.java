/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

import static io.jenkins.plugins.ams.testing.TestHttp.failureOf;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.emulator.Emulator;
import io.jenkins.plugins.ams.emulator.Fault;
import io.jenkins.plugins.ams.emulator.JobScript;
import io.jenkins.plugins.ams.emulator.RecordedRequest;
import io.jenkins.plugins.ams.http.PlainText;
import io.jenkins.plugins.ams.testing.ManualClock;
import io.jenkins.plugins.ams.testing.TestHttp;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameters;

/** Tests redirects to other hosts in many spellings, for each redirect status, for polling and for canceling. */
@RunWith(Parameterized.class)
public class RedirectFormsTest {

    private static final List<Integer> STATUSES = List.of(301, 302, 303, 307, 308);

    private final EmulatedService api;
    private final ManualClock clock = new ManualClock();
    private final ExecutorService executor = Executors.newSingleThreadExecutor();
    private Emulator emulator;
    private Emulator foreign;
    private AmsService service;
    private JobId id;

    public RedirectFormsTest(EmulatedService api) {
        this.api = api;
    }

    @Parameters(name = "{0}")
    public static EmulatedService[] apis() {
        return EmulatedService.values();
    }

    @Before
    public void start() {
        emulator = Emulator.start(clock);
        foreign = Emulator.start(clock);
        HttpClient http = TestHttp.clientOf(emulator);
        EmulatedJob job = emulator.addJob(JobScript.named("Encoding").task("Encode", Duration.ofMinutes(2)));
        id = api.idOf(job);
        service = api.service(api.endpoint(emulator), api.tokens(emulator, http, executor, clock), () -> http, clock);
        failureOf(ServiceException.class, service.cancel(api.unknown())); // obtains a token
        emulator.requests().clear();
    }

    @After
    public void stop() {
        executor.shutdownNow();
        emulator.close();
        foreign.close();
    }

    /** Returns the locations. The other host is 127.0.0.1; the account's own host is localhost. */
    private List<String> forms() {
        int port = foreign.authority().getPort();
        return List.of(
                "https://127.0.0.1:" + port + "/api/",
                "//127.0.0.1:" + port + "/api/",
                "///127.0.0.1:" + port + "/api/",
                "\\\\127.0.0.1:" + port + "\\api\\",
                "/\\127.0.0.1:" + port + "/api/",
                "https:\\\\127.0.0.1:" + port + "\\api\\",
                "https:/127.0.0.1:" + port + "/api/",
                "https:127.0.0.1:" + port + "/api/",
                "https:////127.0.0.1:" + port + "/api/",
                "HTTPS://127.0.0.1:" + port + "/api/",
                "https://[::1]:" + port + "/api/",
                "https://[::ffff:127.0.0.1]:" + port + "/api/",
                "https://2130706433:" + port + "/api/",
                "https://0x7f000001:" + port + "/api/",
                "https://0177.0.0.1:" + port + "/api/",
                "https://127.1:" + port + "/api/",
                "http://localhost:" + port + "/api/",
                "https://localhost@127.0.0.1:" + port + "/api/",
                "https://localhost:443@127.0.0.1:" + port + "/api/",
                "https://localhost%40127.0.0.1:" + port + "/api/",
                "https://localhost\\@127.0.0.1:" + port + "/api/",
                "https://127.0.0.1:" + port + "\\@localhost/api/",
                "https://127.0.0.1:" + port + "#@localhost/api/",
                "https://127.0.0.1:" + port + "?@localhost/api/",
                "https://127.0.0.1:" + port + ";@localhost/api/",
                "https://localhost.:" + port + "/api/",
                "https://localhost%2e:" + port + "/api/",
                "https://localhost%00.evil.example/api/",
                "https://localhost.evil.example/api/",
                "https://evil.example/localhost/api/",
                "https://evil.example%2f@localhost/api/",
                "https://loc\u0430lhost:" + port + "/api/",
                "https://\uff4c\uff4f\uff43\uff41\uff4c\uff48\uff4f\uff53\uff54:" + port + "/api/",
                "https://xn--loclhost-4fg:" + port + "/api/",
                "https://127.0.0.1:" + port + "\t/api/",
                "https://127.0.0.1:" + port + " /api/",
                "https://localhost, https://127.0.0.1:" + port + "/api/",
                "https://localhost:0/api/",
                "https://localhost:65536/api/",
                "https://localhost:99999/api/",
                "https://localhost:4294967296/api/",
                "https://localhost:-1/api/",
                "javascript:alert(1)",
                "data:application/json,%7B%7D",
                "file:///etc/passwd",
                "ftp://localhost/api/",
                "jar:https://127.0.0.1:" + port + "/x.jar!/api/");
    }

    @Test
    public void sendsTheTokenToNoOtherHost() {
        for (String form : forms()) {
            for (int status : STATUSES) {
                emulator.faults().clear();
                emulator.faults().inject(Fault.status(status).header("Location", form));
                String where = status + " to " + form;
                ServiceException reading = failureOf(ServiceException.class, service.jobs(List.of(id)));
                ServiceException canceling = failureOf(ServiceException.class, service.cancel(id));
                for (ServiceException e : List.of(reading, canceling)) {
                    assertTrue(where, PlainText.isPlain(e.getMessage()));
                    assertTrue(where, e.getMessage().length() < 400);
                    assertFalse(where, e.getMessage().contains(token()));
                }
            }
        }
        assertEquals(List.of(), foreign.requests().all());
        Set<String> own = Set.of(emulator.authority().toString());
        for (RecordedRequest request : emulator.requests().all()) {
            assertTrue(request.toString(), own.contains(request.origin()));
        }
    }

    /** Shows that redirects are followed; otherwise the other test could not fail. */
    @Test
    public void followsRedirectsToTrustedHosts() {
        String port = ":" + foreign.authority().getPort();
        for (int status : List.of(301, 302, 307, 308)) {
            foreign.requests().clear();
            emulator.faults().clear();
            emulator.faults().inject(Fault.status(status).header("Location", "https://localhost" + port + "/api/"));
            failureOf(Exception.class, service.jobs(List.of(id)));
            assertTrue("HTTP " + status, foreign.requests().count() > 0);
        }
    }

    private String token() {
        List<RecordedRequest> all = emulator.requests().all();
        return all.get(all.size() - 1).header("Authorization").orElseThrow().substring("Bearer ".length());
    }
}
