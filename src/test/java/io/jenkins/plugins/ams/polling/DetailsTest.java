/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.lessThan;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;

import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.emulator.Fault;
import io.jenkins.plugins.ams.emulator.JobScript;
import io.jenkins.plugins.ams.emulator.RequestKind;
import io.jenkins.plugins.ams.polling.Waits.Wait;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.ServiceException;
import java.time.Duration;
import org.junit.Rule;
import org.junit.Test;

/**
 * Errors in requests for a job's tasks and output assets. Once a poll has found that the job has ended, they do not
 * change the outcome.
 */
public class DetailsTest {

    private static final JobScript ENCODING =
            JobScript.named("Encoding").task("Encode", Duration.ofMinutes(2)).outputAsset("encoded");

    /** A filter that matches no job. */
    private static final Fault UNKNOWN_JOB =
            Fault.status(200).body("application/json", "{\"value\":[]}").on(RequestKind.JOBS);

    @Rule
    public final Waits waits = new Waits();

    @Test
    public void aJobDeletedBetweenRequestsIsNotFound() {
        EmulatedJob job = waits.emulator.addJob(ENCODING);
        Wait wait = waits.wait(job);
        waits.emulator.faults().inject(Fault.status(404).on(RequestKind.TASKS));
        waits.advance(Duration.ofSeconds(5));
        waits.emulator.faults().inject(UNKNOWN_JOB);
        waits.advance(WaitErrors.MIN_NOT_FOUND_ANY_MORE.plusMinutes(1));

        WaitOutcome.JobNotFound unknown =
                (WaitOutcome.JobNotFound) wait.listener().outcome();
        assertEquals(JobState.PROCESSING, unknown.lastSeen().state());
    }

    @Test
    public void keepsPollingWhenOnlyTheTasksAreNotFound() {
        waits.emulator.faults().inject(Fault.status(404).on(RequestKind.TASKS));
        Wait wait = waits.wait(waits.emulator.addJob(ENCODING));
        assertThat("the poll is reported", wait.listener().states(), contains(JobState.PROCESSING));
        assertThat(wait.listener().lastTasks(), empty());

        waits.advanceUntilEnded(wait, Duration.ofMinutes(4));

        assertFinished(wait);
        assertMissing(ServiceException.Kind.NOT_FOUND, wait);
    }

    @Test
    public void retriesErrorsOfTasks() {
        Wait wait = waits.wait(waits.emulator.addJob(ENCODING));
        waits.emulator.faults().inject(Fault.status(500).on(RequestKind.TASKS).times(3));
        waits.advanceUntilEnded(wait, Duration.ofMinutes(4));

        assertThat(wait.listener().errors(), hasSize(1));
        assertThat(wait.listener().recoveries(), hasSize(1));
        assertFinished(wait);
        assertNull(completed(wait).detailsError());
    }

    @Test
    public void retriesErrorsOfFinalDetails() {
        EmulatedJob job = waits.emulator.addJob(ENCODING);
        job.finish();
        waits.emulator.faults().inject(Fault.status(500).on(RequestKind.ASSETS).times(3));
        Wait wait = waits.wait(job);
        waits.advanceUntilEnded(wait, Duration.ofMinutes(1));

        assertThat(wait.listener().errors(), hasSize(1));
        assertThat(wait.listener().recoveries(), hasSize(1));
        assertNull(completed(wait).detailsError());
        assertThat(completed(wait).details().outputAssets(), hasSize(1));
    }

    @Test
    public void completesWithoutUnavailableDetails() {
        for (RequestKind kind : new RequestKind[] {RequestKind.TASKS, RequestKind.ASSETS}) {
            for (int status : new int[] {500, 503}) {
                EmulatedJob job = waits.emulator.addJob(ENCODING);
                job.finish();
                waits.emulator.faults().inject(Fault.status(status).on(kind));
                waits.emulator.requests().clear();
                Wait wait = waits.wait(job);
                waits.advanceUntilEnded(wait, Duration.ofMinutes(5));

                assertFinished(wait);
                assertMissing(ServiceException.Kind.UNAVAILABLE, wait);
                assertThat(
                        "requests are retried with backoff",
                        waits.emulator.requests().count(kind),
                        lessThan(10L));
                assertThat(completed(wait).details().tasks(), hasSize(kind == RequestKind.ASSETS ? 1 : 0));
                waits.emulator.faults().clear();
                waits.advance(Duration.ofMinutes(2)); // expires the retry delay
            }
        }
    }

    @Test
    public void retriesRejectedDetailsForHalfAMinute() {
        EmulatedJob job = waits.emulator.addJob(ENCODING);
        job.fail("ErrorParsingConfiguration", "no such preset");
        waits.emulator.faults().inject(Fault.status(403).on(RequestKind.TASKS).times(2));
        Wait passes = waits.wait(job);
        waits.advance(JobCompletion.MAX_REJECTED_DETAILS);
        assertNull(completed(passes).detailsError());
        assertThat(passes.listener().rejections(), hasSize(1));

        waits.emulator.faults().inject(Fault.status(403).on(RequestKind.TASKS));
        Wait lasts = waits.wait(job);
        waits.advance(JobCompletion.MAX_REJECTED_DETAILS);
        assertEquals(JobState.ERROR, completed(lasts).job().state());
        assertMissing(ServiceException.Kind.FORBIDDEN, lasts);
    }

    /** The Retry-After header may come in the response to a request for details or in an earlier response. */
    @Test
    public void throttlingDelaysAFinishedBuildByMinutesAtMost() {
        for (RequestKind kind : new RequestKind[] {RequestKind.TASKS, RequestKind.ASSETS}) {
            EmulatedJob job = waits.emulator.addJob(ENCODING);
            job.finish();
            waits.emulator
                    .faults()
                    .inject(Fault.status(503).retryAfter(Duration.ofHours(1)).on(kind));
            Wait wait = waits.wait(job);
            waits.advanceUntilEnded(wait, JobCompletion.DETAILS_TIMEOUT.plusMinutes(1));

            assertFinished(wait);
            assertMissing(ServiceException.Kind.UNAVAILABLE, wait);
            waits.emulator.faults().clear();
            waits.advance(Duration.ofHours(1));
        }
    }

    @Test
    public void completesWhenTheServiceFailsAfterTheEnd() {
        for (Fault fault : new Fault[] {Fault.status(503), Fault.status(500), Fault.status(403), Fault.status(404)}) {
            EmulatedJob job = waits.emulator.addJob(ENCODING);
            job.finish();
            waits.emulator
                    .faults()
                    .inject(Fault.status(500).on(RequestKind.TASKS).once());
            Wait wait = waits.wait(job);
            assertFalse(wait.jobWait().isEnded());
            waits.emulator.faults().inject(fault);
            waits.advanceUntilEnded(wait, Duration.ofMinutes(5));

            assertFinished(wait);
            assertNotNull(completed(wait).detailsError());
            waits.emulator.faults().clear();
            waits.advance(Duration.ofMinutes(2));
        }
    }

    @Test
    public void aFinishedJobDeletedAtOnceCompletes() {
        EmulatedJob job = waits.emulator.addJob(ENCODING);
        job.finish();
        waits.emulator.faults().inject(Fault.status(500).on(RequestKind.TASKS).once());
        Wait wait = waits.wait(job);
        waits.emulator.faults().inject(UNKNOWN_JOB);
        waits.emulator.faults().inject(Fault.status(404).on(RequestKind.TASKS));
        waits.advance(Duration.ofSeconds(30));

        assertFinished(wait);
        assertMissing(ServiceException.Kind.NOT_FOUND, wait);
    }

    @Test
    public void missingDetailsCauseNoTimeout() {
        EmulatedJob job = waits.emulator.addJob(ENCODING);
        waits.emulator
                .faults()
                .inject(Fault.status(503).retryAfter(Duration.ofMinutes(10)).on(RequestKind.ASSETS));
        Wait wait = waits.wait(job.id(), waits::target, Duration.ofMinutes(3));
        waits.advance(Duration.ofMinutes(3));

        assertFinished(wait);
        assertMissing(ServiceException.Kind.UNAVAILABLE, wait);
        assertThat(
                "tasks of the last successful poll", completed(wait).details().tasks(), hasSize(1));
    }

    @Test
    public void hungDetailsCauseNoTimeout() {
        EmulatedJob job = waits.emulator.addJob(ENCODING);
        job.finish();
        waits.emulator.faults().inject(Fault.hang().on(RequestKind.TASKS));
        RecordingListener listener = new RecordingListener();
        JobWait jobWait = waits.begin(job.id(), waits::target, Duration.ofMinutes(3), listener);
        waits.settle();
        assertEquals(1, waits.emulator.requests().count(RequestKind.TASKS));
        waits.advance(Duration.ofMinutes(3));

        assertThat(listener.outcome(), instanceOf(WaitOutcome.Completed.class));
        assertNotNull(((WaitOutcome.Completed) listener.outcome()).detailsError());
        assertEquals(JobState.FINISHED, jobWait.lastJob().orElseThrow().state());
    }

    private static WaitOutcome.Completed completed(Wait wait) {
        return (WaitOutcome.Completed) wait.listener().outcome();
    }

    private static void assertFinished(Wait wait) {
        assertEquals(JobState.FINISHED, completed(wait).job().state());
    }

    private static void assertMissing(ServiceException.Kind kind, Wait wait) {
        assertEquals(kind, ((ServiceException) completed(wait).detailsError()).kind());
    }
}
