/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service.v2;

import static io.jenkins.plugins.ams.service.EmulatedAccount.idOf;
import static io.jenkins.plugins.ams.testing.TestHttp.failureOf;
import static io.jenkins.plugins.ams.testing.TestHttp.get;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.emulator.AmsSettings.Form;
import io.jenkins.plugins.ams.emulator.DateSpelling;
import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.emulator.JobScript;
import io.jenkins.plugins.ams.emulator.RecordedRequest;
import io.jenkins.plugins.ams.emulator.RequestKind;
import io.jenkins.plugins.ams.emulator.StateNumbers;
import io.jenkins.plugins.ams.service.EmulatedAccount;
import io.jenkins.plugins.ams.service.ErrorDetail;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.MediaTask;
import io.jenkins.plugins.ams.service.OutputAsset;
import io.jenkins.plugins.ams.service.ServiceException;
import io.jenkins.plugins.ams.service.ServiceException.Kind;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;

public class AmsV2ServiceTest {

    @Rule
    public final EmulatedAccount account = new EmulatedAccount();

    @Test
    public void pollsAJobAsDocumented() throws Exception {
        EmulatedJob emulated = account.addJob();
        account.clock().advance(Duration.ofMinutes(1));
        MediaJob job = get(account.service().jobs(List.of(idOf(emulated)))).get(idOf(emulated));
        assertEquals("Encoding", job.name());
        assertEquals(JobState.PROCESSING, job.state());
        assertEquals(emulated.created(), job.created());

        RecordedRequest request = account.emulator().requests().last(RequestKind.JOBS);
        String guid = emulated.id().substring(emulated.id().lastIndexOf(':') + 1);
        assertEquals("GET", request.method());
        assertEquals("/api/Jobs()?$filter=Id%20eq%20'nb%3Ajid%3AUUID%3A" + guid + "'&$top=1", request.target());
        assertTrue(request.header("Authorization").orElse("").startsWith("Bearer ey"));
        Map.of(
                        "Accept",
                        "application/json",
                        "x-ms-version",
                        "2.19",
                        "DataServiceVersion",
                        "3.0",
                        "MaxDataServiceVersion",
                        "3.0")
                .forEach((name, value) ->
                        assertEquals(name, List.of(value), request.headers().get(name)));
    }

    @Test
    public void givesEachRequestItsOwnId() throws Exception {
        JobId id = idOf(account.addJob());
        get(account.service().tasks(id));
        get(account.service().tasks(id));
        List<String> ids = account.emulator().requests().of(RequestKind.TASKS).stream()
                .map(request -> request.header("x-ms-client-request-id").orElseThrow())
                .toList();
        assertNotEquals(UUID.fromString(ids.get(0)), UUID.fromString(ids.get(1)));
    }

    @Test
    public void omitsUnknownJobs() throws Exception {
        JobId unknown = AmsV2JobId.parse(UUID.randomUUID().toString());
        assertEquals(Map.of(), get(account.service().jobs(List.of(unknown))));
        EmulatedJob known = account.addJob();
        assertEquals(
                Set.of(idOf(known)),
                get(account.service().jobs(List.of(unknown, idOf(known)))).keySet());
        assertTrue("an unknown job does not disable batches", account.service().jobsPerRequest() > 1);
    }

    @Test
    public void sendsNoRequestForNoJobs() throws Exception {
        assertEquals(Map.of(), get(account.service().jobs(List.of())));
        assertEquals(0, account.emulator().requests().count());
    }

    @Test
    public void pollsManyJobsWithOneRequest() throws Exception {
        int maxJobs = account.service().jobsPerRequest();
        assertTrue(Integer.toString(maxJobs), maxJobs >= 20);
        List<JobId> ids = Stream.generate(account::addJob)
                .limit(maxJobs)
                .map(EmulatedAccount::idOf)
                .toList();
        assertEquals(Set.copyOf(ids), get(account.service().jobs(ids)).keySet());
        assertEquals(1, account.emulator().requests().count(RequestKind.JOBS));
        URI endpoint = account.emulator().endpoint();
        String target = account.emulator().requests().last(RequestKind.JOBS).target();
        assertTrue(target, endpoint.resolve(target).toString().length() <= 2000);
        List<JobId> oneMore = new ArrayList<>(ids);
        oneMore.add(idOf(account.addJob()));
        assertThrows(IllegalArgumentException.class, () -> account.service().jobs(oneMore));
    }

    @Test
    public void readsBothFormsAndEveryDateFormat() throws Exception {
        EmulatedJob emulated = account.addJob();
        account.clock().advance(Duration.ofMinutes(5));
        for (Form form : List.of(Form.MINIMAL_JSON, Form.VERBOSE_JSON)) {
            for (DateSpelling dates : DateSpelling.values()) {
                account.emulator().settings().form(form).dates(dates).durationsAsDouble(form == Form.VERBOSE_JSON);
                MediaJob job =
                        get(account.service().jobs(List.of(idOf(emulated)))).get(idOf(emulated));
                String which = form + " " + dates;
                assertEquals(which, JobState.FINISHED, job.state());
                assertFalse(which, job.runningDuration().isZero());
                if (dates == DateSpelling.YEAR_ONE) {
                    assertEquals(which, null, job.created());
                } else {
                    assertEquals(
                            which,
                            120,
                            Duration.between(job.startTime(), job.endTime()).toSeconds());
                    assertEquals(
                            which,
                            emulated.created().getEpochSecond(),
                            job.created().getEpochSecond());
                }
                MediaTask task = get(account.service().tasks(idOf(emulated))).get(0);
                assertEquals(which, "Encode", task.name());
                assertEquals(which, JobState.FINISHED, task.state());
                assertEquals(which, 100, task.progress(), 0);
            }
        }
    }

    @Test
    public void readsTasksWithTheirProgressAndErrors() throws Exception {
        EmulatedJob emulated = account.emulator()
                .addJob(JobScript.named("two")
                        .task("Encode", Duration.ofMinutes(2))
                        .task("Package", Duration.ofMinutes(1)));
        account.clock().advance(Duration.ofMinutes(1));
        emulated.setProgress(0, 41.5);
        List<MediaTask> tasks = get(account.service().tasks(idOf(emulated)));
        assertEquals(
                List.of("Encode", "Package"),
                tasks.stream().map(MediaTask::name).toList());
        assertEquals(41.5, tasks.get(0).progress(), 0);
        assertEquals(
                "/api/Jobs('" + emulated.id().replace(":", "%3A") + "')/Tasks",
                account.emulator().requests().last(RequestKind.TASKS).target());

        emulated.fail(0, "ErrorParsingConfiguration", "The preset is bad.");
        MediaTask failed = get(account.service().tasks(idOf(emulated))).get(0);
        assertEquals(JobState.ERROR, failed.state());
        assertEquals(List.of(new ErrorDetail("ErrorParsingConfiguration", "The preset is bad.")), failed.errors());
    }

    @Test
    public void readsOutputAssets() throws Exception {
        EmulatedJob emulated = account.emulator()
                .addJob(JobScript.named("assets").outputAsset("out").deletedOutputAsset());
        for (Form form : List.of(Form.MINIMAL_JSON, Form.VERBOSE_JSON)) {
            account.emulator().settings().form(form);
            List<OutputAsset> assets = get(account.service().outputAssets(idOf(emulated)));
            assertEquals(
                    List.of("out", "Nonexistent Asset"),
                    assets.stream().map(OutputAsset::name).toList());
            assertTrue(assets.get(0).uri(), assets.get(0).uri().startsWith("https://"));
            assertFalse(assets.get(0).uri(), assets.get(0).uri().contains("?"));
            assertEquals(null, assets.get(1).uri());
        }
        assertEquals(
                "/api/Jobs('" + emulated.id().replace(":", "%3A") + "')/OutputMediaAssets()",
                account.emulator().requests().last(RequestKind.ASSETS).target());
    }

    @Test
    public void cancelsOnlyARunningJob() throws Exception {
        EmulatedJob emulated = account.addJob();
        assertTrue(get(account.service().cancel(idOf(emulated))));
        assertTrue(StateNumbers.state(emulated.state()) != JobState.PROCESSING);
        assertEquals(
                "/api/CancelJob?jobid='" + emulated.id().replace(":", "%3a") + "'",
                account.emulator().requests().last(RequestKind.CANCEL).target());
        assertFalse("canceled twice", get(account.service().cancel(idOf(emulated))));
        account.clock().advance(Duration.ofMinutes(5));
        assertFalse("canceled after its end", get(account.service().cancel(idOf(emulated))));
    }

    @Test
    public void reportsAnUnknownJobAsNotFound() {
        JobId unknown = AmsV2JobId.parse(UUID.randomUUID().toString());
        for (var call : List.of(
                account.service().tasks(unknown),
                account.service().outputAssets(unknown),
                account.service().cancel(unknown))) {
            ServiceException e = failureOf(ServiceException.class, call);
            assertEquals(Kind.NOT_FOUND, e.kind());
            assertEquals(404, e.status());
            assertTrue(e.requestId().isPresent());
        }
    }

    @Test
    public void rejectsADisallowedEndpoint() {
        for (String endpoint :
                List.of("https://evil.example.com/api/", "http://localhost/api/", "https://127.0.0.1/")) {
            assertThrows(IllegalArgumentException.class, () -> account.serviceAt(URI.create(endpoint)));
        }
    }

    @Test
    public void acceptsAnEndpointWithoutTrailingSlash() throws Exception {
        EmulatedJob emulated = account.addJob();
        AmsV2Service service = account.serviceAt(account.emulator().authority().resolve("/api"));
        assertEquals(
                Set.of(idOf(emulated)),
                get(service.jobs(List.of(idOf(emulated)))).keySet());
    }
}
