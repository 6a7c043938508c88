/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.emulator.Emulator;
import io.jenkins.plugins.ams.emulator.Fault;
import io.jenkins.plugins.ams.emulator.Faults;
import io.jenkins.plugins.ams.emulator.JobScript;
import io.jenkins.plugins.ams.emulator.RequestKind;
import io.jenkins.plugins.ams.polling.Waits.Wait;
import io.jenkins.plugins.ams.service.EmulatedService;
import io.jenkins.plugins.ams.service.JobBatcher;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.ServiceException;
import io.jenkins.plugins.ams.testing.ExpectedLog;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.Rule;
import org.junit.Test;

/** Errors of the service: transient errors are retried, final ones end the wait. */
public class ServiceErrorsTest {

    private static final JobScript ENCODING =
            JobScript.named("Encoding").queued(Duration.ofSeconds(20)).task("Encode", Duration.ofMinutes(2));

    @Rule
    public final ExpectedLog expected = ExpectedLog.ofMsal4j(JobBatcher.class);

    @Rule
    public final Waits waits = new Waits();

    @Test
    public void retriesABusyServiceAndReportsItOnce() {
        Wait wait = waits.wait(waits.emulator.addJob(ENCODING));
        Faults.Injection busy = waits.emulator.faults().inject(Fault.status(503));
        waits.advance(Duration.ofMinutes(10));
        assertThat(wait.listener().errors(), hasSize(1));
        assertTrue(wait.jobWait().error().isPresent());
        assertThat(
                "heartbeats report the error every minute",
                wait.listener().waiting(),
                hasSize(greaterThanOrEqualTo(9)));
        for (RecordingListener.Heartbeat heartbeat : wait.listener().waiting()) {
            assertEquals(503, ((ServiceException) heartbeat.error()).status());
            assertThat(heartbeat.untilPoll(), lessThanOrEqualTo(Duration.ofMinutes(2)));
        }
        assertThat("polls are retried with a backoff of up to two minutes", busy.hits(), lessThan(16));
        assertThat(busy.hits(), greaterThan(8));

        busy.remove();
        waits.advanceUntilEnded(wait, Duration.ofMinutes(3));

        assertThat(wait.listener().recoveries(), hasSize(1));
        assertFinished(wait);
    }

    @Test
    public void reportsANewErrorAfterRecovery() {
        Wait wait = waits.wait(waits.emulator.addJob(ENCODING));
        for (int i = 0; i < 2; i++) {
            waits.emulator.faults().inject(Fault.status(503).once());
            waits.advance(Duration.ofSeconds(15));
        }
        waits.advanceUntilEnded(wait, Duration.ofMinutes(3));

        assertThat(wait.listener().errors(), hasSize(2));
        assertThat(wait.listener().recoveries(), hasSize(2));
        assertThat(
                "the backoff starts again with its initial value",
                wait.listener().retryDelays(),
                everyItem(lessThanOrEqualTo(Duration.ofSeconds(2))));
    }

    @Test
    public void honorsRetryAfterForAllWaits() {
        List<Fault> throttled = List.of(
                Fault.status(503).retryAfter(Duration.ofSeconds(40)),
                Fault.status(429).retryAfter(Duration.ofSeconds(40)),
                Fault.status(502).retryAfter(Duration.ofSeconds(40)),
                Fault.status(504).retryAfter(Duration.ofSeconds(40)),
                Fault.status(503).retryAfterDate(Duration.ofSeconds(40)),
                Fault.status(429).retryAfterDate(Duration.ofSeconds(40)));
        List<Wait> all = new ArrayList<>();
        for (Fault fault : throttled) {
            all.add(waits.wait(waits.emulator.addJob(ENCODING.queued(Duration.ofHours(1)))));
            waits.emulator.faults().inject(fault.once());
            Wait notified = waits.wait(waits.emulator.addJob(ENCODING.queued(Duration.ofHours(1))));
            all.add(notified);
            waits.emulator.requests().clear();
            all.add(waits.wait(waits.emulator.addJob(ENCODING.queued(Duration.ofHours(1)))));

            // An HTTP date has whole seconds, and the clock is at about 125 ms here.
            Duration retryAfter = notified.listener().retryDelays().get(0);
            assertThat(retryAfter, lessThanOrEqualTo(Duration.ofSeconds(40)));
            assertThat(retryAfter, greaterThan(Duration.ofSeconds(39)));
            waits.advance(retryAfter.minusMillis(1));
            assertEquals(fault.toString(), 0, waits.emulator.requests().count());
            waits.advance(Duration.ofMillis(1));
            assertThat(waits.emulator.requests().count(), greaterThan(0L));
            assertThat(notified.listener().recoveries(), contains(retryAfter));
        }
        all.forEach(wait -> assertFalse(wait.jobWait().isEnded()));
    }

    @Test
    public void remembersRetryAfterWithoutWaits() {
        waits.emulator
                .faults()
                .inject(Fault.status(503).retryAfter(Duration.ofHours(1)).once());
        waits.wait(waits.emulator.addJob(ENCODING)).jobWait().cancel();
        waits.emulator.requests().clear();
        waits.advance(Duration.ofMinutes(45));
        waits.wait(waits.emulator.addJob(ENCODING));
        assertEquals(0, waits.emulator.requests().count());
        waits.advance(Duration.ofMinutes(15));
        assertThat(waits.emulator.requests().count(), greaterThan(0L));
    }

    @Test
    public void continuesWhenOnlyBatchesFail() {
        for (int status : new int[] {403, 500}) {
            waits.emulator.faults().clear();
            waits.emulator.faults().inject(Fault.status(status).forBatches());
            PollTarget.Source another =
                    () -> new PollTarget(status, waits.target().service());
            List<Wait> all = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                String id = waits.emulator
                        .addJob(ENCODING.queued(Duration.ofHours(1)))
                        .id();
                all.add(waits.wait(id, another, null));
            }
            waits.advance(Duration.ofMinutes(30));
            for (Wait wait : all) {
                assertFalse(wait.jobWait().isEnded());
                assertThat(wait.listener().errors(), hasSize(lessThanOrEqualTo(4)));
            }
        }
    }

    @Test
    public void failsOnlyTheWaitOfARejectedJob() {
        Map<Integer, ServiceException.Kind> kinds =
                Map.of(400, ServiceException.Kind.CLIENT_ERROR, 403, ServiceException.Kind.FORBIDDEN);
        for (EmulatedService api : List.of(EmulatedService.AMS_V2, EmulatedService.RESOURCE_MANAGER)) {
            kinds.forEach((status, kind) -> {
                String name = api + " " + status;
                List<Wait> all = new ArrayList<>();
                EmulatedJob rejected = null;
                for (String transform : List.of("Encoding", "Encoding", "Secret")) {
                    rejected = waits.emulator.addJob(
                            ENCODING.queued(Duration.ofHours(1)).transform(transform));
                    RecordingListener listener = new RecordingListener();
                    PollTarget.Source targets = () -> waits.target(api, name);
                    JobWait jobWait = waits.begin(api.idOf(rejected), targets, Duration.ofMinutes(1), null, listener);
                    all.add(new Wait(jobWait, listener));
                    waits.settle();
                }
                waits.emulator.faults().inject(Fault.status(status).forJob(rejected.id()));
                waits.advance(RetryPolicy.MIN_REJECTION_PERIOD.plusMinutes(5));
                assertFalse(name, all.get(0).jobWait().isEnded());
                assertFalse(name, all.get(1).jobWait().isEnded());
                assertFailed(kind, all.get(2));
            });
        }
    }

    @Test
    public void retriesInvalidResponses() {
        Map<String, ServiceException.Kind> kinds = new LinkedHashMap<>();
        for (Fault fault : List.of(
                Fault.garbage(),
                Fault.htmlPage(),
                Fault.hugeBody(5_000_000),
                Fault.truncatedBody(20),
                Fault.reset(),
                Fault.closed(),
                Fault.status(408),
                Fault.status(500),
                Fault.status(504))) {
            Wait wait = waits.wait(waits.emulator.addJob(ENCODING));
            Faults.Injection injection = waits.emulator.faults().inject(fault);
            waits.advance(Duration.ofSeconds(15));
            injection.remove();
            waits.advanceUntilEnded(wait, Duration.ofMinutes(4));

            assertFinished(wait);
            assertThat(fault.toString(), wait.listener().errors(), hasSize(1));
            assertThat(fault.toString(), wait.listener().recoveries(), hasSize(1));
            ServiceException reported =
                    (ServiceException) wait.listener().errors().get(0);
            kinds.put(fault.toString(), reported.kind());
        }
        assertEquals(
                "{garbage=INVALID_RESPONSE, HTML page=INVALID_RESPONSE, huge body=INVALID_RESPONSE, truncated body=NO_RESPONSE,"
                        + " reset=NO_RESPONSE, closed=NO_RESPONSE, status 408=UNAVAILABLE, status 500=UNAVAILABLE, status 504=UNAVAILABLE}",
                kinds.toString());
    }

    @Test
    public void pollsAFailingJobIndividually() {
        for (Fault fault : List.of(Fault.status(500), Fault.garbage(), Fault.htmlPage())) {
            EmulatedJob bad = waits.emulator.addJob(ENCODING);
            Wait failing = waits.wait(bad.id(), waits::target, Duration.ofMinutes(5));
            List<Wait> good = new ArrayList<>();
            for (int i = 0; i < 9; i++) {
                good.add(waits.wait(waits.emulator.addJob(ENCODING)));
            }
            Faults.Injection injection =
                    waits.emulator.faults().inject(fault.on(RequestKind.JOBS).forJob(bad.id()));
            waits.emulator.requests().clear();
            waits.advance(Duration.ofMinutes(3));

            good.forEach(ServiceErrorsTest::assertFinished);
            for (Wait wait : good) {
                assertThat(
                        "other jobs share at most one request with the failing job",
                        wait.listener().errors(),
                        hasSize(lessThan(2)));
                assertThat(wait.listener().recoveries(), everyItem(lessThanOrEqualTo(Duration.ofSeconds(3))));
            }
            String guid = bad.id().substring(bad.id().lastIndexOf(':') + 1);
            long shared = waits.emulator.requests().of(RequestKind.JOBS).stream()
                    .filter(request ->
                            request.target().contains(guid) && request.target().contains("%20or%20"))
                    .count();
            assertThat(shared, lessThan(2L));
            assertThat(failing.listener().errors(), hasSize(1));
            waits.advance(Duration.ofMinutes(2));
            assertThat(failing.listener().outcome(), instanceOf(WaitOutcome.TimedOut.class));
            injection.remove();
        }
    }

    @Test
    public void failsWhenANewTokenIsRejected() {
        waits.emulator.faults().inject(Fault.expiredToken().on(RequestKind.JOBS));
        Wait wait = waits.wait(waits.emulator.addJob(ENCODING));

        assertFailed(ServiceException.Kind.UNAUTHORIZED, wait);
        assertEquals(2, waits.emulator.requests().count(RequestKind.JOBS));
        assertEquals(2, waits.emulator.requests().count(RequestKind.TOKEN));
    }

    @Test
    public void failsWhenForbidden() {
        Wait wait = waits.wait(waits.emulator.addJob(ENCODING));
        waits.emulator.faults().inject(Fault.status(403).on(RequestKind.JOBS));
        waits.advance(RetryPolicy.MIN_REJECTION_PERIOD);
        assertFalse("the credentials were accepted before", wait.jobWait().isEnded());
        waits.advanceUntilEnded(wait, Duration.ofMinutes(5));

        assertFailed(ServiceException.Kind.FORBIDDEN, wait);
        assertThat(wait.listener().rejections(), hasSize(1));
        assertThat(wait.listener().errors(), empty());
    }

    @Test
    public void retriesARedirectToAnUntrustedHostForMinutes() {
        URI foreign = waits.emulator.redirects().to(302, URI.create("https://media.example.com/api/"));
        Wait wait = waits.wait(
                waits.emulator.addJob(ENCODING).id(),
                () -> waits.target(waits.emulator, foreign, waits.emulator.clientSecret()),
                null);

        assertFalse("it may be that of a portal", wait.jobWait().isEnded());
        Exception error = wait.listener().errors().get(0);
        assertEquals(
                "redirected to media.example.com, which may not receive the token (UNKNOWN_HOST)", error.getMessage());
        waits.advanceUntilEnded(wait, Duration.ofMinutes(10));
        WaitOutcome.Failed outcome = (WaitOutcome.Failed) wait.listener().outcome();
        assertFalse("is not retried", outcome.cause().isTransient());
        assertEquals(error.getMessage(), outcome.cause().getCause().getMessage());
    }

    @Test
    public void failsOnARedirectLoop() {
        Wait wait = waits.wait(
                waits.emulator.addJob(ENCODING).id(),
                () -> waits.target(waits.emulator, waits.emulator.redirects().loop(302), waits.emulator.clientSecret()),
                null);

        assertFailed(ServiceException.Kind.REDIRECT_REJECTED, wait);
    }

    @Test
    public void timesOutWhileARequestHangs() {
        EmulatedJob job = waits.emulator.addJob(ENCODING);
        waits.emulator.faults().inject(Fault.hang().on(RequestKind.JOBS).once());
        RecordingListener listener = new RecordingListener();
        JobWait jobWait = waits.begin(job.id(), waits::target, Duration.ofMinutes(2), listener);
        waits.advance(Duration.ofSeconds(119));
        assertFalse(jobWait.isEnded());
        waits.advance(Duration.ofSeconds(1));

        assertEquals(new WaitOutcome.TimedOut(null), listener.outcome());
        assertEquals(0, waits.poller.size());
        assertEquals(0, waits.time.scheduledTasks());
    }

    @Test
    public void throttlingAffectsOneAccountOnly() {
        try (Emulator other = Emulator.start(waits.time.clock())) {
            other.faults()
                    .inject(Fault.status(429).retryAfter(Duration.ofMinutes(30)).on(RequestKind.JOBS));
            List<Wait> throttled = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                throttled.add(waits.wait(
                        other.addJob(ENCODING).id(),
                        () -> waits.target(other, other.endpoint(), other.clientSecret()),
                        null));
            }
            Wait undisturbed = waits.wait(waits.emulator.addJob(ENCODING));
            waits.advanceUntilEnded(undisturbed, Duration.ofMinutes(3));

            assertFinished(undisturbed);
            assertThat(undisturbed.listener().errors(), empty());
            throttled.forEach(wait -> assertFalse(wait.jobWait().isEnded()));
            assertEquals(
                    "one throttled request delays all waits",
                    1,
                    other.requests().count(RequestKind.JOBS));
        }
    }

    private static void assertFinished(Wait wait) {
        WaitOutcome.Completed ended = (WaitOutcome.Completed) wait.listener().outcome();
        assertEquals(JobState.FINISHED, ended.job().state());
    }

    private static void assertFailed(ServiceException.Kind kind, Wait wait) {
        WaitOutcome.Failed failed = (WaitOutcome.Failed) wait.listener().outcome();
        assertEquals(kind, ((ServiceException) failed.cause()).kind());
    }
}
