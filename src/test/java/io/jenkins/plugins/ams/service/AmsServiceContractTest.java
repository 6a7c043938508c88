/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

import static io.jenkins.plugins.ams.testing.TestHttp.failureOf;
import static io.jenkins.plugins.ams.testing.TestHttp.get;
import static org.awaitility.Awaitility.await;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.auth.ApplicationIdentity;
import io.jenkins.plugins.ams.auth.AuthenticationException;
import io.jenkins.plugins.ams.auth.TokenSource;
import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.emulator.Emulator;
import io.jenkins.plugins.ams.emulator.Fault;
import io.jenkins.plugins.ams.emulator.Faults;
import io.jenkins.plugins.ams.emulator.Gateway;
import io.jenkins.plugins.ams.emulator.JobScript;
import io.jenkins.plugins.ams.emulator.RecordedRequest;
import io.jenkins.plugins.ams.emulator.RequestKind;
import io.jenkins.plugins.ams.service.ErrorDetail.Retry;
import io.jenkins.plugins.ams.service.JobId.MalformedJobIdException;
import io.jenkins.plugins.ams.service.ServiceException.Kind;
import io.jenkins.plugins.ams.testing.CapturedLog;
import io.jenkins.plugins.ams.testing.ExpectedLog;
import io.jenkins.plugins.ams.testing.ManualClock;
import io.jenkins.plugins.ams.testing.TestHttp;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameters;

/** Tests the contract of {@link AmsService} with each implementation. */
@RunWith(Parameterized.class)
public class AmsServiceContractTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final EmulatedService api;
    private final ManualClock clock = new ManualClock();
    private final ExecutorService executor = Executors.newSingleThreadExecutor();
    private Emulator emulator;
    private HttpClient http;
    private AmsService service;

    public AmsServiceContractTest(EmulatedService api) {
        this.api = api;
    }

    @Rule
    public final ExpectedLog expected = ExpectedLog.ofMsal4j(JobBatcher.class);

    @Parameters(name = "{0}")
    public static EmulatedService[] apis() {
        return EmulatedService.values();
    }

    @Before
    public void start() {
        emulator = Emulator.start(clock);
        http = TestHttp.clientOf(emulator);
        service = serviceAt(api.endpoint(emulator));
    }

    @After
    public void stop() {
        executor.shutdownNow();
        emulator.close();
    }

    @Test
    public void reportsEachStateOfAJob() throws Exception {
        EmulatedJob job = emulator.addJob(JobScript.named("Encoding")
                .queued(Duration.ofSeconds(20))
                .scheduled(Duration.ofSeconds(10))
                .task("Encode", Duration.ofMinutes(1)));
        assertEquals(JobState.QUEUED, poll(job).state());
        assertEquals(job.created(), poll(job).created());
        assertNull(poll(job).startTime());
        clock.advance(Duration.ofSeconds(25));
        assertEquals(JobState.SCHEDULED, poll(job).state());
        clock.advance(Duration.ofSeconds(10));
        assertEquals(JobState.PROCESSING, poll(job).state());
        assertEquals(job.created().plusSeconds(30), poll(job).startTime());
        assertNull(poll(job).endTime());
        clock.advance(Duration.ofMinutes(1));
        MediaJob ended = poll(job);
        assertEquals(JobState.FINISHED, ended.state());
        assertEquals(job.created().plusSeconds(90), ended.endTime());
        assertFalse(ended.runningDuration().isZero());
        assertEquals(api.idOf(job), ended.id());
        assertEquals(JobState.FINISHED, JobState.named(ended.stateText()));
    }

    @Test
    public void treatsAnUndocumentedStateAsUnknown() throws Exception {
        EmulatedJob job = addJob();
        job.setState(42);
        assertEquals(JobState.UNKNOWN, poll(job).state());
    }

    @Test
    public void reportsTaskProgress() throws Exception {
        EmulatedJob job = emulator.addJob(
                JobScript.named("two").task("Encode", Duration.ofMinutes(1)).task("Package", Duration.ofMinutes(1)));
        clock.advance(Duration.ofSeconds(30));
        List<MediaTask> tasks = tasks(job);
        assertEquals(
                List.of("Encode", "Package"),
                tasks.stream().map(MediaTask::name).toList());
        assertEquals(50, tasks.get(0).progress(), 0);
        assertEquals(
                List.of(JobState.PROCESSING, JobState.QUEUED),
                tasks.stream().map(MediaTask::state).toList());
        assertEquals(job.created(), tasks.get(0).startTime());
        poll(job);
        clock.advance(Duration.ofSeconds(60));
        poll(job);
        assertEquals("the progress of the last poll", 50, tasks(job).get(1).progress(), 0);
        clock.advance(Duration.ofSeconds(10));
        assertEquals(
                "not the progress of an expired response", 66, tasks(job).get(1).progress(), 0);
    }

    @Test
    public void reportsTaskErrors() throws Exception {
        EmulatedJob job = emulator.addJob(JobScript.named("bad")
                .task("Encode", Duration.ofMinutes(1))
                .endsInError("ErrorParsingConfiguration", "The preset is bad.")
                .withError("ErrorExecutingTaskMalformedContent", "So is the file."));
        clock.advance(Duration.ofMinutes(2));
        assertEquals(JobState.ERROR, poll(job).state());
        MediaTask task = tasks(job).get(0);
        assertEquals(JobState.ERROR, task.state());
        String texts = task.errors().stream()
                .map(error -> error.code() + ": " + error.message())
                .collect(Collectors.joining("\n"));
        assertTrue(texts, texts.contains("The preset is bad."));
        if (api.returnsRetryability()) {
            assertEquals(
                    new ErrorDetail(
                            "ConfigurationUnsupported", "The preset is bad.", "Configuration", Retry.DO_NOT_RETRY),
                    task.errors().get(0));
        } else {
            assertEquals(
                    new ErrorDetail("ErrorParsingConfiguration", "The preset is bad."),
                    task.errors().get(0));
        }
        if (api.returnsErrorDetails()) {
            assertTrue(texts, texts.contains("ErrorParsingConfiguration: The preset is bad."));
            assertTrue(texts, texts.contains("ErrorExecutingTaskMalformedContent: So is the file."));
        }
    }

    @Test
    public void reportsWhetherAnErrorIsRetryable() throws Exception {
        EmulatedJob job = addJob();
        job.fail("TransientError", "Try again.");
        Retry retry = tasks(job).get(0).errors().get(0).retry();
        assertEquals(api.returnsRetryability() ? Retry.MAY_RETRY : Retry.UNSAID, retry);
    }

    @Test
    public void reportsOutputAssets() throws Exception {
        EmulatedJob job = emulator.addJob(
                JobScript.named("assets").task("Encode", Duration.ofMinutes(1)).outputAsset("out-1080p"));
        List<OutputAsset> assets = get(service.outputAssets(api.idOf(job)));
        assertEquals(
                List.of("out-1080p"), assets.stream().map(OutputAsset::name).toList());
    }

    @Test
    public void cancelsOnlyARunningJob() throws Exception {
        EmulatedJob job = addJob();
        assertTrue(get(service.cancel(api.idOf(job))));
        assertEquals(JobState.CANCELING, poll(job).state());
        assertEquals("canceled twice", api != EmulatedService.AMS_V2, get(service.cancel(api.idOf(job))));
        clock.advance(Duration.ofMinutes(5));
        assertEquals(JobState.CANCELED, poll(job).state());
        if (api == EmulatedService.AMS_V2) {
            assertFalse("a documented 400: nothing to cancel", get(service.cancel(api.idOf(job))));
        } else {
            ServiceException e = failureOf(ServiceException.class, service.cancel(api.idOf(job)));
            assertEquals("an undocumented response", Kind.CLIENT_ERROR, e.kind());
        }
    }

    @Test
    public void acceptsOnlyDocumentedCancelResponses() throws Exception {
        JobId id = api.idOf(addJob());
        for (Fault fault : List.of(
                Fault.htmlPage(),
                Fault.garbage(),
                Fault.status(200).body("application/json", "{\"error\":{\"code\":\"x\"}}"),
                Fault.status(203).body("text/plain", ""),
                Fault.status(206).body("text/plain", ""))) {
            emulator.faults().clear();
            emulator.faults().inject(fault.on(RequestKind.CANCEL));
            ServiceException e = failureOf(ServiceException.class, service.cancel(id));
            assertEquals(fault.toString(), Kind.INVALID_RESPONSE, e.kind());
        }
        for (int status : new int[] {200, 202, 204}) {
            emulator.faults().clear();
            emulator.faults().inject(Fault.status(status).body("text/plain", "").on(RequestKind.CANCEL));
            CompletableFuture<Boolean> accepted = service.cancel(id);
            if (status == 204 || api != EmulatedService.AMS_V2) {
                assertTrue(Integer.toString(status), get(accepted));
            } else {
                assertEquals(
                        Kind.INVALID_RESPONSE,
                        failureOf(ServiceException.class, accepted).kind());
            }
        }
    }

    @Test
    public void distinguishesNothingToCancelFromOtherRejections() {
        JobId id = api.idOf(addJob());
        emulator.faults()
                .inject(Fault.error(409, "ScopeLocked", "The scope is locked.").on(RequestKind.CANCEL));
        ServiceException locked = failureOf(ServiceException.class, service.cancel(id));
        assertEquals(Kind.CLIENT_ERROR, locked.kind());
        assertEquals("ScopeLocked: The scope is locked.", locked.getMessage());
        emulator.faults().clear();
        emulator.faults().inject(Fault.gateway(Gateway.BAD_REQUEST).on(RequestKind.CANCEL));
        assertEquals(
                Kind.GATEWAY,
                failureOf(ServiceException.class, service.cancel(id)).kind());
    }

    @Test
    public void distinguishesAMissingAccountFromAMissingJob() {
        JobId id = api.idOf(addJob());
        for (String code : List.of("SubscriptionNotFound", "ResourceGroupNotFound", "ParentResourceNotFound")) {
            ServiceException e = failure(Fault.error(404, code, "It was not found."));
            assertEquals(code, Kind.ACCOUNT_NOT_FOUND, e.kind());
            assertEquals(code, e.code().orElseThrow());
            assertEquals(code + ": It was not found.", e.getMessage());
            assertFalse(e.isTransient());
        }
        emulator.faults().clear();
        URI endpoint = api.endpoint(emulator);
        emulator.faults()
                .inject(Fault.error(404, "InvalidResourceType", "Not in this namespace.")
                        .on(RequestKind.JOBS));
        for (List<JobId> ids : List.of(List.of(id), List.of(id, api.idOf(addJob())))) {
            assertEquals(
                    Kind.ACCOUNT_NOT_FOUND,
                    failureOf(ServiceException.class, serviceAt(endpoint).jobs(ids))
                            .kind());
        }
    }

    @Test
    public void sendsOneCancelRequestDespiteATransientError() {
        JobId id = api.idOf(addJob());
        for (int status : new int[] {408, 429, 500, 503}) {
            emulator.requests().clear();
            emulator.faults().inject(Fault.status(status).on(RequestKind.CANCEL).once());
            failureOf(ServiceException.class, service.cancel(id));
            assertEquals(1, emulator.requests().count(RequestKind.CANCEL));
        }
    }

    @Test
    public void returnsNothingForAnUnknownJob() throws Exception {
        JobId unknown = unknown();
        assertEquals(Map.of(), get(service.jobs(List.of(unknown))));
        assertEquals(Map.of(), get(service.jobs(List.of())));
        for (CompletableFuture<?> call :
                List.of(service.tasks(unknown), service.outputAssets(unknown), service.cancel(unknown))) {
            ServiceException e = failureOf(ServiceException.class, call);
            assertEquals(Kind.NOT_FOUND, e.kind());
            assertTrue(e.requestId().isPresent());
        }
    }

    @Test
    public void pollsManyJobsWithOneRequest() throws Exception {
        int maxJobs = service.jobsPerRequest();
        assertTrue(Integer.toString(maxJobs), maxJobs >= 20);
        List<JobId> ids =
                Stream.generate(this::addJob).limit(maxJobs).map(api::idOf).toList();
        assertEquals(Set.copyOf(ids), get(service.jobs(ids)).keySet());
        List<RecordedRequest> requests = emulator.requests().of(RequestKind.JOBS);
        for (RecordedRequest request : requests) {
            int length =
                    api.endpoint(emulator).resolve(request.target()).toString().length();
            assertTrue(request.target(), length <= 2000);
        }
        assertTrue("" + requests.size(), requests.size() <= 2);
        assertThrows(
                IllegalArgumentException.class,
                () -> service.jobs(
                        Stream.concat(ids.stream(), Stream.of(unknown())).toList()));
    }

    @Test
    public void findsAllKnownJobsOfABatch() throws Exception {
        List<JobId> known = Stream.of("Encoding", "Encoding", "Thumbnails", "Packaging")
                .map(transform -> emulator.addJob(JobScript.named("x").transform(transform)))
                .map(api::idOf)
                .toList();
        List<JobId> requested =
                Stream.concat(known.stream(), Stream.of(unknown())).toList();
        assertEquals(Set.copyOf(known), get(service.jobs(requested)).keySet());
        assertTrue("an unknown job does not disable batches", service.jobsPerRequest() > 1);
    }

    @Test
    public void omitsARejectedJobOfABatch() throws Exception {
        for (String transform : List.of("Encoding", "Secret")) {
            for (int status : new int[] {400, 403}) {
                EmulatedJob rejected = emulator.addJob(JobScript.named("x").transform(transform));
                List<JobId> others =
                        Stream.generate(this::addJob).limit(2).map(api::idOf).toList();
                List<JobId> all = Stream.concat(others.stream(), Stream.of(api.idOf(rejected)))
                        .toList();
                emulator.faults().inject(Fault.status(status).forJob(rejected.id()));
                AmsService fresh = serviceAt(api.endpoint(emulator));
                assertEquals(Set.copyOf(others), get(fresh.jobs(all)).keySet());
                assertEquals(
                        status,
                        failureOf(ServiceException.class, fresh.jobs(List.of(api.idOf(rejected))))
                                .status());
            }
        }
    }

    @Test
    public void failsWhenEveryJobIsRejected() {
        for (int status : new int[] {400, 403}) {
            emulator.faults().inject(Fault.status(status).on(RequestKind.JOBS));
            for (List<String> transforms : List.of(List.of("A1", "A1"), List.of("A1", "B2"))) {
                List<JobId> ids = transforms.stream()
                        .map(transform -> emulator.addJob(JobScript.named("x").transform(transform)))
                        .map(api::idOf)
                        .toList();
                AmsService fresh = serviceAt(api.endpoint(emulator));
                assertEquals(
                        status,
                        failureOf(ServiceException.class, fresh.jobs(ids)).status());
            }
            emulator.faults().clear();
        }
    }

    @Test
    public void pollsIndividuallyWhenBatchesAreRejected() throws Exception {
        emulator.settings().oneClausePerFilter(true);
        List<JobId> ids = Stream.generate(this::addJob).limit(3).map(api::idOf).toList();
        assertEquals(Set.copyOf(ids), get(service.jobs(ids)).keySet());
        assertEquals(1, service.jobsPerRequest());
        assertEquals(1 + 3, emulator.requests().count(RequestKind.JOBS));
        assertEquals(Set.copyOf(ids), get(service.jobs(ids)).keySet());
        assertEquals(1 + 3 + 3, emulator.requests().count(RequestKind.JOBS));
    }

    @Test
    public void cancelingTheFutureAbortsTheRequest() throws Exception {
        JobId id = api.idOf(addJob());
        List<JobId> several = List.of(id, api.idOf(addJob()));
        assertAborts(RequestKind.JOBS, 1, () -> service.jobs(List.of(id)));
        assertAborts(RequestKind.JOBS, 1, () -> service.jobs(several));
        assertAborts(RequestKind.CANCEL, 1, () -> service.cancel(id));
        if (!api.hasOneTokenOnly()) {
            emulator.faults().inject(Fault.expiredToken().on(RequestKind.JOBS).once());
            assertAborts(RequestKind.JOBS, 2, () -> service.jobs(List.of(id)));
        }
        emulator.settings().oneClausePerFilter(true);
        get(service.jobs(several));
        assertAborts(RequestKind.JOBS, 1, () -> service.jobs(several));
        assertEquals(Set.of(id), get(service.jobs(List.of(id))).keySet());
    }

    /** Cancels a call while its last request hangs, and checks that the call sends no other request. */
    private void assertAborts(RequestKind kind, int requests, Supplier<CompletableFuture<?>> call) {
        Faults.Injection hang = emulator.faults().inject(Fault.hang().on(kind));
        emulator.requests().clear();
        CompletableFuture<?> future = call.get();
        await().until(() -> emulator.requests().count(kind) == requests && hang.hits() == 1);
        int open = emulator.connections();
        future.cancel(true);
        await().until(() -> emulator.connections() == open - 1);
        assertEquals(requests, emulator.requests().count(kind));
        hang.remove();
    }

    @Test
    public void renewsARejectedTokenOnce() throws Exception {
        EmulatedJob job = addJob();
        poll(job);
        emulator.requests().clear();
        if (api.hasOneTokenOnly()) {
            api.rotateSecret(emulator, "another-token");
            ServiceException e = failureOf(ServiceException.class, service.jobs(List.of(api.idOf(job))));
            assertEquals(Kind.UNAUTHORIZED, e.kind());
            assertEquals(1, emulator.requests().count());
            return;
        }
        api.expireTokens(emulator);
        poll(job);
        assertEquals(
                List.of(401, 200),
                emulator.requests().of(RequestKind.JOBS).stream()
                        .map(RecordedRequest::status)
                        .toList());
        assertEquals(1, emulator.requests().count(RequestKind.TOKEN));
    }

    @Test
    public void cancelsAfterARenewal() throws Exception {
        EmulatedJob job = addJob();
        poll(job);
        api.expireTokens(emulator);
        assertTrue(get(service.cancel(api.idOf(job))));
    }

    @Test
    public void failsWhenTheRenewedTokenIsRejected() {
        emulator.faults().inject(Fault.expiredToken().on(RequestKind.JOBS));
        ServiceException e = failureOf(ServiceException.class, service.jobs(List.of(api.idOf(addJob()))));
        assertEquals(Kind.UNAUTHORIZED, e.kind());
        assertEquals(
                "whether a secret text credential was rejected",
                !(api.identity(emulator) instanceof ApplicationIdentity),
                e.isOfSecretText());
        assertFalse(e.isTransient());
        assertEquals(api.hasOneTokenOnly() ? 1 : 2, emulator.requests().count(RequestKind.JOBS));
    }

    @Test
    public void mapsStatusToKind() {
        Map.of(
                        400, Kind.CLIENT_ERROR,
                        403, Kind.FORBIDDEN,
                        408, Kind.UNAVAILABLE,
                        429, Kind.UNAVAILABLE,
                        500, Kind.UNAVAILABLE,
                        502, Kind.UNAVAILABLE,
                        503, Kind.UNAVAILABLE,
                        504, Kind.UNAVAILABLE)
                .forEach((status, kind) -> {
                    ServiceException e = failure(Fault.status(status));
                    assertEquals(Integer.toString(status), kind, e.kind());
                    assertEquals(status.intValue(), e.status());
                    assertFalse(e.getMessage().isBlank());
                    assertTrue("the request ID for support cases", e.requestId().isPresent());
                });
    }

    @Test
    public void showsTheServicesMessage() {
        String text = failure(Fault.status(403)).getMessage();
        assertTrue(text, text.contains("The Media Services account is disabled."));
    }

    @Test
    public void readsRetryAfterInBothForms() {
        assertEquals(
                Optional.of(Duration.ofSeconds(36)),
                failure(Fault.status(429).retryAfter(Duration.ofSeconds(36))).retryAfter());
        assertEquals(
                Optional.of(Duration.ofSeconds(90)),
                failure(Fault.status(503).retryAfterDate(Duration.ofSeconds(90)))
                        .retryAfter());
        assertEquals(Optional.empty(), failure(Fault.status(503)).retryAfter());
    }

    @Test
    public void treatsALostConnectionAsNoResponse() {
        for (Fault fault : List.of(Fault.reset(), Fault.closed(), Fault.lostResponse(), Fault.truncatedBody(20))) {
            ServiceException e = failure(fault);
            assertEquals(fault.toString(), Kind.NO_RESPONSE, e.kind());
            assertTrue(fault.toString(), e.isTransient());
        }
    }

    @Test
    public void timesOutWithoutResponseOrBody() {
        JobId id = api.idOf(addJob());
        AmsService withShortTimeout = service(api.endpoint(emulator), tokens(), Duration.ofSeconds(1));
        for (Fault fault : List.of(Fault.hang(), Fault.slowBody(1, Duration.ofMillis(300)))) {
            emulator.faults().inject(fault.on(RequestKind.JOBS));
            ServiceException e = failureOf(ServiceException.class, withShortTimeout.jobs(List.of(id)));
            assertEquals(fault.toString(), Kind.NO_RESPONSE, e.kind());
            emulator.faults().clear();
        }
    }

    @Test
    public void limitsTheBodySize() {
        ServiceException e = failure(Fault.hugeBody(RestClient.MAX_BYTES));
        assertEquals(Kind.INVALID_RESPONSE, e.kind());
    }

    @Test
    public void treatsUnexpectedBodiesAsInvalidResponses() {
        for (Fault fault : List.of(
                Fault.htmlPage(),
                Fault.garbage(),
                Fault.status(200).body("application/json", "{\"value\":[{\"Id\":"),
                Fault.status(200).body("application/json", "{\"something\":\"else\"}"),
                Fault.status(200).body("application/json", "{\"value\":" + "[".repeat(100_000)),
                Fault.status(204).body("text/plain", ""),
                Fault.status(304))) {
            ServiceException e = failure(fault);
            assertEquals(fault.toString(), Kind.INVALID_RESPONSE, e.kind());
            assertTrue(fault.toString(), e.isTransient());
        }
    }

    @Test
    public void followsARedirectWithTheSameRequest() throws Exception {
        EmulatedJob job = addJob();
        for (int status : new int[] {301, 302, 307, 308}) {
            AmsService redirected = serviceAt(emulator.redirects().to(status, api.endpoint(emulator)));
            assertEquals(
                    Set.of(api.idOf(job)),
                    get(redirected.jobs(List.of(api.idOf(job)))).keySet());
        }
        AmsService redirected = serviceAt(emulator.redirects().to(307, api.endpoint(emulator)));
        assertTrue("a request with a side effect", get(redirected.cancel(api.idOf(job))));
    }

    @Test
    public void sendsNoTokenToUntrustedHosts() {
        JobId id = api.idOf(addJob());
        try (Emulator foreign = Emulator.start(clock)) {
            for (String origin : List.of(
                    "https://127.0.0.1:" + foreign.authority().getPort(),
                    "http://localhost:" + foreign.authority().getPort(),
                    "https://localhost@127.0.0.1:" + foreign.authority().getPort(),
                    "https://evil.example.com")) {
                URI target = URI.create(origin + api.endpoint(foreign).getPath());
                AmsService redirected = serviceAt(emulator.redirects().to(302, target));
                ServiceException e = failureOf(ServiceException.class, redirected.jobs(List.of(id)));
                assertEquals(origin, Kind.GATEWAY, e.kind());
            }
            assertEquals(0, foreign.requests().count());
        }
        assertThrows(IllegalArgumentException.class, () -> serviceAt(URI.create("https://evil.example.com/")));
    }

    @Test
    public void pingsWithoutChangingAnything() throws Exception {
        EmulatedJob job = addJob();
        get(service.ping());
        assertEquals(JobState.PROCESSING, poll(job).state());
        api.expireTokens(emulator);
        get(service.ping());
        assertEquals(
                Kind.GATEWAY,
                failureOf(
                                ServiceException.class,
                                serviceAt(emulator.authority().resolve("/nothing/here/"))
                                        .ping())
                        .kind());
        TokenSource tokens = tokens();
        get(tokens.token()); // so that only the service can reject a request below
        emulator.faults().inject(Fault.status(403));
        assertEquals(
                Kind.FORBIDDEN,
                failureOf(
                                ServiceException.class,
                                service(api.endpoint(emulator), tokens, TIMEOUT).ping())
                        .kind());
    }

    @Test
    public void parsesUserEnteredIdsOnly() throws Exception {
        EmulatedJob job = addJob();
        JobId id = api.idOf(job);
        assertEquals(id, api.jobId("  " + id.value() + "\n"));
        assertEquals("a parsed ID parses to itself", id, api.jobId(id.value()));
        for (String text : new String[] {
            null,
            "",
            " ",
            "x",
            "/",
            "a/",
            "/b",
            "a/b/c",
            "a/../b",
            "a/b?c=d",
            "a/b%2fc",
            "a/b\u0007c",
            "a/b\u202ec",
            "a/b\nc",
            "a/b'c",
            "a\\b/c",
            id.value() + "'",
            id.value() + "/cancelJob",
            "nb:cid:UUID:" + job.jobName(),
            "a/" + "b".repeat(261),
            "a".repeat(5000) + "/b"
        }) {
            assertThrows(String.valueOf(text), MalformedJobIdException.class, () -> api.jobId(text));
        }
    }

    @Test
    public void logsEachRequestWithoutSecrets() throws Exception {
        EmulatedJob job = addJob();
        try (CapturedLog log = CapturedLog.start()) {
            poll(job);
            api.expireTokens(emulator);
            get(service.cancel(api.idOf(job)));
            assertFalse(log.messagesOf(RestClient.class).isEmpty());
            assertFalse(log.text().contains(api.secret(emulator)));
            List<String> tokens = emulator.requests().all().stream()
                    .flatMap(request -> request.header("Authorization").stream())
                    .map(header -> header.substring("Bearer ".length()))
                    .toList();
            assertFalse(tokens.isEmpty());
            tokens.forEach(token -> assertFalse(log.text().contains(token)));
        }
        assertFalse(api.identity(emulator).toString().contains(api.secret(emulator)));
    }

    @Test
    public void rejectsAWrongSecretPermanently() {
        TokenSource outdated = tokens();
        Function<AmsService, ServiceException> pingFailure = client -> failureOf(ServiceException.class, client.ping());
        api.rotateSecret(emulator, "another");
        AmsService rejected = service(api.endpoint(emulator), outdated, TIMEOUT);
        if (api.hasOneTokenOnly()) {
            assertEquals(Kind.UNAUTHORIZED, pingFailure.apply(rejected).kind());
        } else {
            AuthenticationException e = failureOf(AuthenticationException.class, rejected.ping());
            assertFalse(e.isTransient());
            assertEquals(api.kindOfWrongSecret(), e.kind());
        }
        assertNotEquals("a rotated secret is another identity", outdated, tokens());
    }

    private EmulatedJob addJob() {
        return emulator.addJob(JobScript.named("Encoding").task("Encode", Duration.ofMinutes(2)));
    }

    private MediaJob poll(EmulatedJob job) throws Exception {
        return get(service.jobs(List.of(api.idOf(job)))).get(api.idOf(job));
    }

    private List<MediaTask> tasks(EmulatedJob job) throws Exception {
        return get(service.tasks(api.idOf(job)));
    }

    private JobId unknown() {
        try (Emulator other = Emulator.start(clock)) {
            return api.idOf(other.addJob(JobScript.named("elsewhere")));
        }
    }

    private ServiceException failure(Fault fault) {
        JobId id = api.idOf(addJob());
        emulator.faults().clear();
        emulator.faults().inject(fault.on(RequestKind.JOBS));
        return failureOf(ServiceException.class, service.jobs(List.of(id)));
    }

    private TokenSource tokens() {
        return api.tokens(emulator, http, executor, clock);
    }

    private AmsService serviceAt(URI endpoint) {
        return service(endpoint, tokens(), TIMEOUT);
    }

    private AmsService service(URI endpoint, TokenSource tokens, Duration timeout) {
        EndpointPolicy policy = new EndpointPolicy(TrustedHosts.NONE, List.of("localhost"));
        return api.service(endpoint, tokens, () -> http, policy, clock, timeout);
    }
}
