/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service.v3;

import static io.jenkins.plugins.ams.testing.TestHttp.failureOf;
import static io.jenkins.plugins.ams.testing.TestHttp.get;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.emulator.Emulator;
import io.jenkins.plugins.ams.emulator.Fault;
import io.jenkins.plugins.ams.emulator.JobScript;
import io.jenkins.plugins.ams.emulator.RecordedRequest;
import io.jenkins.plugins.ams.emulator.RequestKind;
import io.jenkins.plugins.ams.service.AmsService;
import io.jenkins.plugins.ams.service.EmulatedService;
import io.jenkins.plugins.ams.service.EndpointPolicy;
import io.jenkins.plugins.ams.service.ErrorForm;
import io.jenkins.plugins.ams.service.JobDetails;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.RestClient;
import io.jenkins.plugins.ams.service.ServiceException;
import io.jenkins.plugins.ams.service.TrustedHosts;
import io.jenkins.plugins.ams.testing.ManualClock;
import io.jenkins.plugins.ams.testing.TestHttp;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** Tests the parts that only v3-style APIs have: addresses, listings, pages. */
public class V3ServiceTest {

    private static final String ARM = "/arm/subscriptions/0b5e6c1d-7a3f-4c2e-9d41-6f8a2b3c4d5e/resourceGroups/"
            + "media.%28test%29/providers/Microsoft.Media/mediaServices/emulated/transforms/";

    private final ManualClock clock = new ManualClock();
    private final ExecutorService executor = Executors.newSingleThreadExecutor();
    private Emulator emulator;

    @Before
    public void start() {
        emulator = Emulator.start(clock);
    }

    @After
    public void stop() {
        executor.shutdownNow();
        emulator.close();
    }

    @Test
    public void usesThePathsOfEachService() throws Exception {
        EmulatedJob job = addJob("Encoding");
        String jobs = "Encoding/jobs/" + job.jobName();
        assertEquals(
                List.of(ARM + jobs + "?api-version=2022-07-01", ARM + jobs + "/cancelJob?api-version=2022-07-01"),
                targets(EmulatedService.RESOURCE_MANAGER, job));
        String ravnur = ARM.replace("/arm/", "/ravnur/") + jobs;
        assertEquals(
                List.of(ravnur + "?api-version=2022-07-01", ravnur + "/cancelJob?api-version=2022-07-01"),
                targets(EmulatedService.RAVNUR, job));
        String project = "/mkio/api/v1/projects/emulated-project/media/transforms/" + jobs;
        assertEquals(List.of(project, project + "/cancelJob"), targets(EmulatedService.MK_IO, job));
        String former = "/mkio-before/api/ams/emulated-project/transforms/" + jobs;
        assertEquals(List.of(former, former + "/cancelJob"), targets(EmulatedService.MK_IO_BEFORE, job));
    }

    @Test
    public void encodesNamesOnce() throws Exception {
        EmulatedJob job = addJob("Adaptive #1 \u00e9, best");
        AmsService service = service(EmulatedService.RESOURCE_MANAGER);
        JobId id = EmulatedService.RESOURCE_MANAGER.idOf(job);
        assertEquals(Set.of(id), get(service.jobs(List.of(id))).keySet());
        String target = emulator.requests().last(RequestKind.JOBS).target();
        assertTrue(target, target.contains("/Adaptive%20%231%20%C3%A9%2C%20best/jobs/job-"));
    }

    @Test
    public void getsAJobAndItsDetailsWithOneRequest() throws Exception {
        EmulatedJob job = addJob("Encoding");
        AmsService service = service(EmulatedService.MK_IO);
        JobId id = EmulatedService.MK_IO.idOf(job);
        MediaJob polled = get(service.jobs(List.of(id))).get(id);
        JobDetails details = polled.details().orElseThrow();
        assertEquals(1, emulator.requests().count(RequestKind.JOBS));
        assertEquals("the same as on request", get(service.tasks(id)), details.tasks());
        assertEquals(get(service.outputAssets(id)), details.outputAssets());
        assertEquals(3, emulator.requests().count(RequestKind.JOBS));
    }

    @Test
    public void listsTransformsAndGetsSingleJobs() throws Exception {
        List<JobId> ids = Stream.of("A1", "A1", "B2", "B2", "C3")
                .map(this::addJob)
                .map(EmulatedService.RESOURCE_MANAGER::idOf)
                .toList();
        assertEquals(
                Set.copyOf(ids),
                get(service(EmulatedService.RESOURCE_MANAGER).jobs(ids)).keySet());
        List<String> targets = emulator.requests().of(RequestKind.JOBS).stream()
                .map(RecordedRequest::target)
                .toList();
        assertEquals(targets.toString(), 3, targets.size());
        assertEquals(
                ARM + "A1/jobs?api-version=2022-07-01&$filter=" + clause(ids.get(0)) + "%20or%20" + clause(ids.get(1)),
                targets.get(0));
        assertTrue(targets.get(2), targets.get(2).startsWith(ARM + "C3/jobs/job-"));
    }

    @Test
    public void readsACanceledJobThatEndsInTheFuture() throws Exception {
        EmulatedJob job = addJob("Encoding");
        AmsService service = service(EmulatedService.RESOURCE_MANAGER);
        JobId id = EmulatedService.RESOURCE_MANAGER.idOf(job);
        clock.advance(Duration.ofSeconds(10));
        assertTrue(get(service.cancel(id)));
        assertTrue("canceled twice, while it is Canceling", get(service.cancel(id)));
        clock.advance(Duration.ofSeconds(5)); // the time for which the emulator's jobs are Canceling
        MediaJob canceled = get(service.jobs(List.of(id))).get(id);
        assertEquals(JobState.CANCELED, canceled.state());
        assertTrue(canceled.endTime().isAfter(clock.instant()));
        assertFalse(canceled.runningDuration().isNegative());
    }

    @Test
    public void readsAFinishedJobThatNeverStarted() throws Exception {
        EmulatedJob job = addJob("Encoding");
        emulator.live().startTimes(false);
        clock.advance(Duration.ofMinutes(3));
        JobId id = EmulatedService.MK_IO.idOf(job);
        MediaJob finished =
                get(service(EmulatedService.MK_IO).jobs(List.of(id))).get(id);
        assertEquals(JobState.FINISHED, finished.state());
        assertNull(finished.startTime());
        assertEquals(job.created().plus(Duration.ofMinutes(2)), finished.endTime());
        assertEquals(Duration.ZERO, finished.runningDuration());
    }

    @Test
    public void followsPages() throws Exception {
        emulator.live().pageSize(2);
        List<JobId> ids = jobs(5);
        AmsService service = service(EmulatedService.MK_IO);
        assertEquals(Set.copyOf(ids), get(service.jobs(ids)).keySet());
        assertEquals(3, emulator.requests().count(RequestKind.JOBS));
        assertTrue(service.jobsPerRequest() > 1);
    }

    @Test
    public void followsNoPageToAnotherHost() throws Exception {
        try (Emulator foreign = Emulator.start(clock)) {
            emulator.live()
                    .pageSize(2)
                    .nextPagesAt("https://127.0.0.1:" + foreign.authority().getPort());
            List<JobId> ids = jobs(3);
            assertEquals(
                    "jobs on the other page are polled individually",
                    Set.copyOf(ids),
                    get(service(EmulatedService.MK_IO).jobs(ids)).keySet());
            assertEquals(0, foreign.requests().count());
        }
    }

    @Test
    public void followsNoPageToAnotherAddressOfTheService() throws Exception {
        List<JobId> ids = jobs(3);
        for (String address : List.of(
                "/arm/subscriptions/x/resourceGroups/y/providers/Microsoft.Media/mediaServices/z/transforms/Encoding/jobs",
                ARM + "Other/jobs?api-version=2022-07-01",
                ARM + "Encoding/jobs/../../../secrets",
                ARM + "Encoding",
                "/mkio/api/v1/projects/emulated-project/media/transforms/Encoding/jobs")) {
            emulator.requests().clear();
            String next = emulator.authority() + address;
            emulator.faults()
                    .inject(Fault.status(200)
                            .body("application/json", "{\"value\":[],\"@odata.nextLink\":\"" + next + "\"}")
                            .on(RequestKind.JOBS)
                            .once());
            assertEquals(
                    "each job is polled individually",
                    Set.copyOf(ids),
                    get(service(EmulatedService.RESOURCE_MANAGER).jobs(ids)).keySet());
            assertEquals(address, 1 + 3, emulator.requests().count(RequestKind.JOBS));
            assertEquals(address, 0, emulator.requests().count(RequestKind.OTHER));
        }
    }

    @Test
    public void followsAPageWithAnotherFormOfTheHost() throws Exception {
        int port = emulator.authority().getPort();
        for (String origin : List.of(
                "https://LOCALHOST:" + port,
                "HTTPS://LocalHost:" + port,
                "https://localhost:443",
                "https://localhost",
                "http://localhost:" + port,
                "")) {
            emulator.requests().clear();
            emulator.live().pageSize(2).nextPagesAt(origin);
            List<JobId> ids = jobs(5);
            assertEquals(
                    origin,
                    Set.copyOf(ids),
                    get(service(EmulatedService.RESOURCE_MANAGER).jobs(ids)).keySet());
            assertEquals("three pages at " + origin, 3, emulator.requests().count(RequestKind.JOBS));
        }
    }

    @Test
    public void followsAPageToATrustedRegionalHost() {
        Set<String> trusted = Set.of(
                "https://management.azure.com/x",
                "https://westeurope.management.azure.com:443/x",
                "https://WestEurope.Management.Azure.com/x");
        Set<String> others = Set.of(
                "https://management.azure.com.example.com/x",
                "https://westeurope.management.azure.com:444/x",
                "https://user@westeurope.management.azure.com/x",
                "http://westeurope.management.azure.com/x",
                "https://10.0.0.1/x",
                "mailto:x",
                "https://a b/x");
        RestClient client = new RestClient(
                URI.create("https://management.azure.com/"),
                Map.of(),
                null,
                null,
                new EndpointPolicy(V3Dialect.RESOURCE_MANAGER_HOSTS, List.of()),
                ErrorForm.RESOURCE_MANAGER,
                clock,
                Duration.ofSeconds(1));
        trusted.forEach(link -> assertTrue(link, client.linked(link).isPresent()));
        others.forEach(link -> assertFalse(link, client.linked(link).isPresent()));
    }

    @Test
    public void limitsPages() throws Exception {
        emulator.live().pageSize(1);
        List<JobId> ids = jobs(8);
        assertEquals(
                Set.copyOf(ids), get(service(EmulatedService.RAVNUR).jobs(ids)).keySet());
        assertEquals(5 + 3, emulator.requests().count(RequestKind.JOBS));
    }

    @Test
    public void reportsTheRequestIdOfMkIoErrors() {
        JobId id = EmulatedService.MK_IO.idOf(addJob("Encoding"));
        emulator.faults()
                .inject(
                        Fault.status(403)
                                .body(
                                        "application/json",
                                        "{\"error\":{\"code\":\"Forbidden\",\"detail\":\"No access.\"},\"status\":403,\"ref\":\"r-1\"}"));
        ServiceException e =
                failureOf(ServiceException.class, service(EmulatedService.MK_IO).jobs(List.of(id)));
        assertEquals("Forbidden: No access.", e.getMessage());
        assertEquals(Optional.of("r-1"), e.requestId());
    }

    private static String clause(JobId id) {
        return "name%20eq%20'" + V3Urls.name(id) + "'";
    }

    private List<String> targets(EmulatedService api, EmulatedJob job) throws Exception {
        emulator.requests().clear();
        AmsService service = service(api);
        get(service.jobs(List.of(api.idOf(job))));
        get(service.cancel(api.idOf(job)));
        return List.of(
                emulator.requests().last(RequestKind.JOBS).target(),
                emulator.requests().last(RequestKind.CANCEL).target());
    }

    private List<JobId> jobs(int count) {
        return Stream.generate(() -> addJob("Encoding"))
                .limit(count)
                .map(EmulatedService.MK_IO::idOf)
                .toList();
    }

    private EmulatedJob addJob(String transform) {
        return emulator.addJob(JobScript.named("Encoding").transform(transform).task("Encode", Duration.ofMinutes(2)));
    }

    private AmsService service(EmulatedService api) {
        HttpClient http = TestHttp.clientOf(emulator);
        return api.service(
                api.endpoint(emulator),
                api.tokens(emulator, http, executor, clock),
                () -> http,
                new EndpointPolicy(TrustedHosts.NONE, List.of("localhost")),
                clock,
                Duration.ofSeconds(20));
    }
}
