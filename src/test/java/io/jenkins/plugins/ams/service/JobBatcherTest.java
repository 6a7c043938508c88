/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

import static io.jenkins.plugins.ams.service.EmulatedAccount.idOf;
import static io.jenkins.plugins.ams.testing.TestHttp.failureOf;
import static io.jenkins.plugins.ams.testing.TestHttp.get;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.emulator.Fault;
import io.jenkins.plugins.ams.emulator.RequestKind;
import io.jenkins.plugins.ams.service.ServiceException.Kind;
import io.jenkins.plugins.ams.service.v2.AmsV2JobId;
import io.jenkins.plugins.ams.service.v2.AmsV2Service;
import io.jenkins.plugins.ams.testing.CapturedLog;
import io.jenkins.plugins.ams.testing.ExpectedLog;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** Tests services that do not support the undocumented filter for several jobs. */
public class JobBatcherTest {

    @Rule
    public final ExpectedLog expected = ExpectedLog.of(JobBatcher.class);

    @Rule
    public final EmulatedAccount account = new EmulatedAccount();

    private List<JobId> three;

    @Before
    public void addJobs() {
        three = List.of(idOf(account.addJob()), idOf(account.addJob()), idOf(account.addJob()));
    }

    @Test
    public void retriesARejectedBatchIndividually() throws Exception {
        account.emulator().settings().oneClausePerFilter(true);
        assertEquals(Set.copyOf(three), get(account.service().jobs(three)).keySet());
        assertEquals(1, account.service().jobsPerRequest());
        assertEquals(1 + 3, requests());

        assertEquals(
                "the batch is split into individual requests",
                Set.copyOf(three),
                get(account.service().jobs(three)).keySet());
        assertEquals(1 + 3 + 3, requests());
    }

    @Test
    public void logsOnceForConcurrentBatches() throws Exception {
        account.emulator().settings().oneClausePerFilter(true);
        account.emulator().faults().inject(Fault.latency(Duration.ofMillis(200)).on(RequestKind.JOBS));
        try (CapturedLog log = CapturedLog.start()) {
            CompletableFuture<Map<JobId, MediaJob>> first = account.service().jobs(three);
            CompletableFuture<Map<JobId, MediaJob>> second = account.service().jobs(three);
            get(first);
            get(second);
            assertEquals(1, log.messagesOf(JobBatcher.class).size());
        }
    }

    @Test
    public void retriesBatchingLater() throws Exception {
        account.emulator().settings().oneClausePerFilter(true);
        for (int i = 0; i < 3; i++) {
            assertEquals(Set.copyOf(three), get(account.service().jobs(three)).keySet());
            assertEquals("one batch and one request for each job", (i + 1) * (1 + 3), requests());
            account.clock().advance(JobBatcher.DISABLED_FOR.minusSeconds(1));
            assertEquals(1, account.service().jobsPerRequest());
            account.clock().advance(Duration.ofSeconds(1));
            assertTrue(account.service().jobsPerRequest() > 1);
        }
        account.emulator().settings().oneClausePerFilter(false);
        assertEquals(Set.copyOf(three), get(account.service().jobs(three)).keySet());
        assertEquals(3 * (1 + 3) + 1, requests());
        assertTrue(account.service().jobsPerRequest() > 1);
    }

    @Test
    public void retriesBatchingWhenTheClockIsSetBack() throws Exception {
        account.emulator().settings().oneClausePerFilter(true);
        get(account.service().jobs(three));
        account.clock().advance(Duration.ofDays(-1));
        assertTrue(account.service().jobsPerRequest() > 1);
    }

    @Test
    public void disablesBatchingWhenTheUriIsTooLong() throws Exception {
        for (int status : new int[] {400, 404, 414, 501}) {
            AmsV2Service service = account.serviceAt(account.emulator().endpoint());
            account.emulator()
                    .faults()
                    .inject(Fault.status(status).on(RequestKind.JOBS).once());
            assertEquals(Set.copyOf(three), get(service.jobs(three)).keySet());
            assertEquals(1, service.jobsPerRequest());
        }
    }

    @Test
    public void keepsBatchingAfterOtherErrors() {
        for (int status : new int[] {408, 429, 500, 503}) {
            account.emulator()
                    .faults()
                    .inject(Fault.status(status).on(RequestKind.JOBS).once());
            ServiceException e =
                    failureOf(ServiceException.class, account.service().jobs(three));
            assertEquals(status, e.status());
            assertTrue(account.service().jobsPerRequest() > 1);
        }
    }

    @Test
    public void disablesBatchingWhenOnlyBatchesAreForbidden() throws Exception {
        account.emulator().faults().inject(Fault.status(403).forBatches());
        assertEquals(Set.copyOf(three), get(account.service().jobs(three)).keySet());
        assertEquals(1, account.service().jobsPerRequest());
    }

    @Test
    public void keepsBatchingWhenEveryRequestIsForbidden() {
        account.emulator().faults().inject(Fault.status(403).on(RequestKind.JOBS));
        ServiceException e = failureOf(ServiceException.class, account.service().jobs(three));
        assertEquals(Kind.FORBIDDEN, e.kind());
        assertEquals(1 + 3, requests());
        assertTrue(account.service().jobsPerRequest() > 1);
    }

    @Test
    public void disablesBatchingWhenOnlyBatchesFailRepeatedly() throws Exception {
        for (Fault fault : List.of(Fault.status(500), Fault.htmlPage(), Fault.hugeBody(RestClient.MAX_BYTES))) {
            AmsV2Service service = account.serviceAt(account.emulator().endpoint());
            account.emulator().faults().clear();
            account.emulator().faults().inject(fault.forBatches());
            for (int i = 0; i < JobBatcher.MAX_FAILURES; i++) {
                assertTrue(service.jobsPerRequest() > 1);
                get(service.jobs(three.subList(0, 1)));
                failureOf(ServiceException.class, service.jobs(three));
            }
            assertEquals(fault.toString(), 1, service.jobsPerRequest());
            assertEquals(Set.copyOf(three), get(service.jobs(three)).keySet());
            account.clock().advance(JobBatcher.DISABLED_FOR);
            assertTrue(service.jobsPerRequest() > 1);
            assertEquals(
                    "all jobs are found although the next batch fails",
                    Set.copyOf(three),
                    get(service.jobs(three)).keySet());
            assertEquals(1, service.jobsPerRequest());
        }
    }

    @Test
    public void keepsBatchingWhenErrorsAreRareOrGeneral() throws Exception {
        Fault fault = Fault.status(500).on(RequestKind.JOBS);
        for (int i = 0; i < 2 * JobBatcher.MAX_FAILURES; i++) {
            get(account.service().jobs(three.subList(0, 1)));
            account.emulator().faults().inject(fault.once());
            failureOf(ServiceException.class, account.service().jobs(three));
            get(account.service().jobs(three));
        }
        account.emulator().faults().inject(fault);
        for (int i = 0; i < 2 * JobBatcher.MAX_FAILURES; i++) {
            failureOf(ServiceException.class, account.service().jobs(three.subList(0, 1)));
            failureOf(ServiceException.class, account.service().jobs(three));
        }
        assertTrue(account.service().jobsPerRequest() > 1);
    }

    @Test
    public void omitsARejectedJobOfABatch() throws Exception {
        JobId bad = three.get(1);
        account.emulator().faults().inject(Fault.status(400).forJob(bad.value()));
        assertEquals(
                Set.of(three.get(0), three.get(2)),
                get(account.service().jobs(three)).keySet());
        ServiceException e = failureOf(ServiceException.class, account.service().jobs(List.of(bad)));
        assertEquals(Kind.CLIENT_ERROR, e.kind());
        assertTrue(
                "one rejected job does not disable batches", account.service().jobsPerRequest() > 1);
    }

    @Test
    public void failsWhenEveryJobIsRejected() {
        account.emulator().faults().inject(Fault.status(400).on(RequestKind.JOBS));
        ServiceException e = failureOf(ServiceException.class, account.service().jobs(three));
        assertEquals(Kind.CLIENT_ERROR, e.kind());
        assertEquals(1 + 3, requests());
    }

    @Test
    public void failsWithTheFirstErrorUnrelatedToTheJob() {
        account.emulator()
                .faults()
                .inject(Fault.status(400).on(RequestKind.JOBS).once());
        account.emulator().faults().inject(Fault.status(503).forJob(three.get(1).value()));
        ServiceException e = failureOf(ServiceException.class, account.service().jobs(three));
        assertEquals(Kind.UNAVAILABLE, e.kind());
        assertEquals(1 + 2, requests());
    }

    @Test
    public void pollsAMissingJobIndividually() throws Exception {
        for (int i = 1; i <= JobBatcher.MAX_FAILURES; i++) {
            assertTrue(
                    "a single delayed listing does not disable batches",
                    account.service().jobsPerRequest() > 1);
            account.emulator().faults().inject(emptyFeed().once());
            assertEquals(Set.copyOf(three), get(account.service().jobs(three)).keySet());
            assertEquals(i * (1 + 3), requests());
        }
        assertEquals("the filter is not supported", 1, account.service().jobsPerRequest());
        account.clock().advance(JobBatcher.DISABLED_FOR);
        assertTrue(account.service().jobsPerRequest() > 1);
        account.emulator().requests().clear();
        account.emulator().faults().inject(emptyFeed().once());
        assertEquals(Set.copyOf(three), get(account.service().jobs(three)).keySet());
        assertEquals(
                "disabled after one failure in the trial", 1, account.service().jobsPerRequest());
        account.clock().advance(JobBatcher.DISABLED_FOR);
        assertEquals(Set.copyOf(three), get(account.service().jobs(three)).keySet());
        assertEquals((1 + 3) + 1, requests());
        assertTrue(account.service().jobsPerRequest() > 1);
    }

    @Test
    public void resetsTheLagAfterACompleteResponse() throws Exception {
        for (int i = 0; i < 3 * JobBatcher.MAX_FAILURES; i++) {
            account.emulator().faults().inject(emptyFeed().times(i % 2));
            get(account.service().jobs(three));
            assertTrue(account.service().jobsPerRequest() > 1);
        }
    }

    @Test
    public void keepsBatchingWhenFewJobsAreMissing() throws Exception {
        List<JobId> many =
                Stream.generate(() -> idOf(account.addJob())).limit(12).toList();
        String listed = many.stream()
                .limit(11)
                .map(id -> "{\"Id\":\"" + id + "\",\"State\":2}")
                .collect(Collectors.joining(",", "{\"value\":[", "]}"));
        for (int i = 0; i < 3 * JobBatcher.MAX_FAILURES; i++) {
            account.emulator()
                    .faults()
                    .inject(Fault.status(200)
                            .body("application/json", listed)
                            .on(RequestKind.JOBS)
                            .once());
            assertEquals(Set.copyOf(many), get(account.service().jobs(many)).keySet());
        }
        assertTrue(account.service().jobsPerRequest() > 1);
        assertEquals(3 * JobBatcher.MAX_FAILURES * 2, requests());
    }

    @Test
    public void acceptsABatchWithoutUnknownJobs() throws Exception {
        JobId unknown = AmsV2JobId.parse(UUID.randomUUID().toString());
        assertEquals(
                Set.of(three.get(0)),
                get(account.service().jobs(List.of(three.get(0), unknown))).keySet());
        assertEquals(2, requests());
        assertTrue(account.service().jobsPerRequest() > 1);
    }

    private static Fault emptyFeed() {
        return Fault.status(200).body("application/json", "{\"value\":[]}").on(RequestKind.JOBS);
    }

    private long requests() {
        return account.emulator().requests().count(RequestKind.JOBS);
    }
}
