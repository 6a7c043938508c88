/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.watch;

import static org.awaitility.Awaitility.await;
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
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.ServiceException;
import io.jenkins.plugins.ams.watch.Waits.Wait;
import java.time.Duration;
import org.junit.Rule;
import org.junit.Test;

/** Faults at a job's tasks and output assets. Once the job's end was seen, that is the outcome, whatever happens then. */
public class DetailsTest {

    private static final JobScript ENCODING =
            JobScript.named("Encoding").task("Encode", Duration.ofMinutes(2)).outputAsset("encoded");

    /** A filter that matches no job. */
    private static final Fault UNKNOWN_JOB =
            Fault.status(200).body("application/json", "{\"value\":[]}").on(RequestKind.JOBS);

    @Rule
    public final Waits waits = new Waits();

    @Test
    public void aJobThatIsDeletedBetweenTwoRequestsIsUnknown() {
        EmulatedJob job = waits.emulator.addJob(ENCODING);
        Wait wait = waits.wait(job);
        waits.emulator.faults().inject(Fault.status(404).on(RequestKind.TASKS));
        waits.advance(Duration.ofSeconds(5));
        waits.emulator.faults().inject(UNKNOWN_JOB);
        waits.advance(Look.MIN_NOT_FOUND_ANY_MORE.plusMinutes(1));

        Outcome.Unknown unknown = (Outcome.Unknown) wait.heard().outcome();
        assertEquals(JobState.PROCESSING, unknown.lastSeen().state());
    }

    @Test
    public void watchesOnWhereOnlyTheTasksAreNotKnown() {
        waits.emulator.faults().inject(Fault.status(404).on(RequestKind.TASKS));
        Wait wait = waits.wait(waits.emulator.addJob(ENCODING));
        assertThat("is told of the job", wait.heard().states(), contains(JobState.PROCESSING));
        assertThat(wait.heard().lastTasks(), empty());

        waits.advanceUntilOver(wait, Duration.ofMinutes(4));

        assertFinished(wait);
        assertMissing(ServiceException.Kind.NOT_FOUND, wait);
    }

    @Test
    public void ridesThroughAFaultAtTheTasks() {
        Wait wait = waits.wait(waits.emulator.addJob(ENCODING));
        waits.emulator.faults().inject(Fault.status(500).on(RequestKind.TASKS).times(3));
        waits.advanceUntilOver(wait, Duration.ofMinutes(4));

        assertThat(wait.heard().troubles(), hasSize(1));
        assertThat(wait.heard().recoveries(), hasSize(1));
        assertFinished(wait);
        assertNull(ended(wait).missing());
    }

    @Test
    public void ridesThroughAFaultAtTheDetailsOfTheEnd() {
        EmulatedJob job = waits.emulator.addJob(ENCODING);
        job.finish();
        waits.emulator.faults().inject(Fault.status(500).on(RequestKind.ASSETS).times(3));
        Wait wait = waits.wait(job);
        waits.advanceUntilOver(wait, Duration.ofMinutes(1));

        assertThat(wait.heard().troubles(), hasSize(1));
        assertThat(wait.heard().recoveries(), hasSize(1));
        assertNull(ended(wait).missing());
        assertThat(ended(wait).outputAssets(), hasSize(1));
    }

    @Test
    public void endsWithoutDetailsWhereTheServiceDoesNotTellThem() {
        for (RequestKind kind : new RequestKind[] {RequestKind.TASKS, RequestKind.ASSETS}) {
            for (int status : new int[] {500, 503}) {
                EmulatedJob job = waits.emulator.addJob(ENCODING);
                job.finish();
                waits.emulator.faults().inject(Fault.status(status).on(kind));
                waits.emulator.requests().clear();
                Wait wait = waits.wait(job);
                waits.advanceUntilOver(wait, Duration.ofMinutes(5));

                assertFinished(wait);
                assertMissing(ServiceException.Kind.BUSY, wait);
                assertThat("backs off", waits.emulator.requests().count(kind), lessThan(10L));
                assertThat(ended(wait).tasks(), hasSize(kind == RequestKind.ASSETS ? 1 : 0));
                waits.emulator.faults().clear();
                waits.advance(Duration.ofMinutes(2)); // leaves no pause to the next
            }
        }
    }

    @Test
    public void retriesDetailsThatAreRejectedForHalfAMinute() {
        EmulatedJob job = waits.emulator.addJob(ENCODING);
        job.fail("ErrorParsingConfiguration", "no such preset");
        waits.emulator.faults().inject(Fault.status(403).on(RequestKind.TASKS).times(2));
        Wait passes = waits.wait(job);
        waits.advance(Look.MAX_REJECTED_DETAILS);
        assertNull(ended(passes).missing());
        assertThat(passes.heard().rejections(), hasSize(1));

        waits.emulator.faults().inject(Fault.status(403).on(RequestKind.TASKS));
        Wait lasts = waits.wait(job);
        waits.advance(Look.MAX_REJECTED_DETAILS);
        assertEquals(JobState.ERROR, ended(lasts).job().state());
        assertMissing(ServiceException.Kind.FORBIDDEN, lasts);
    }

    /** Whether the service asks for it when it is asked for details, or has before. */
    @Test
    public void aServiceThatAsksToBeLeftAloneHoldsAFinishedBuildForAFewMinutesAtMost() {
        for (RequestKind kind : new RequestKind[] {RequestKind.TASKS, RequestKind.ASSETS}) {
            EmulatedJob job = waits.emulator.addJob(ENCODING);
            job.finish();
            waits.emulator
                    .faults()
                    .inject(Fault.status(503).retryAfter(Duration.ofHours(1)).on(kind));
            Wait wait = waits.wait(job);
            waits.advanceUntilOver(wait, WaitLimits.MAX_DETAILS.plusMinutes(1));

            assertFinished(wait);
            assertMissing(ServiceException.Kind.BUSY, wait);
            waits.emulator.faults().clear();
            waits.advance(Duration.ofHours(1));
        }
    }

    @Test
    public void endsThoughTheServiceGoesDownRightAfterTheEnd() {
        for (Fault fault : new Fault[] {Fault.status(503), Fault.status(500), Fault.status(403), Fault.status(404)}) {
            EmulatedJob job = waits.emulator.addJob(ENCODING);
            job.finish();
            waits.emulator
                    .faults()
                    .inject(Fault.status(500).on(RequestKind.TASKS).once());
            Wait wait = waits.wait(job);
            assertFalse(wait.watch().isOver());
            waits.emulator.faults().inject(fault);
            waits.advanceUntilOver(wait, Duration.ofMinutes(5));

            assertFinished(wait);
            assertNotNull(ended(wait).missing());
            waits.emulator.faults().clear();
            waits.advance(Duration.ofMinutes(2));
        }
    }

    @Test
    public void aFinishedJobThatIsDeletedAtOnceHasFinished() {
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
    public void aJobThatEndedInTimeHasNotTimedOutForWantOfDetails() {
        EmulatedJob job = waits.emulator.addJob(ENCODING);
        waits.emulator
                .faults()
                .inject(Fault.status(503).retryAfter(Duration.ofMinutes(10)).on(RequestKind.ASSETS));
        Wait wait = waits.wait(job.id(), waits::target, Duration.ofMinutes(3));
        waits.advance(Duration.ofMinutes(3));

        assertFinished(wait);
        assertMissing(ServiceException.Kind.BUSY, wait);
        assertThat("as last seen", ended(wait).tasks(), hasSize(1));
    }

    @Test
    public void aJobThatEndedInTimeHasNotTimedOutWhileItsDetailsHang() {
        EmulatedJob job = waits.emulator.addJob(ENCODING);
        job.finish();
        waits.emulator.faults().inject(Fault.hang().on(RequestKind.TASKS));
        RecordingListener listener = new RecordingListener();
        Watch watch = waits.begin(job.id(), waits::target, Duration.ofMinutes(3), listener);
        await().until(() -> waits.emulator.requests().count(RequestKind.TASKS) > 0);
        waits.advanceWhileSomeHang(Duration.ofMinutes(3));

        assertThat(listener.outcome(), instanceOf(Outcome.Ended.class));
        assertNotNull(((Outcome.Ended) listener.outcome()).missing());
        assertEquals(JobState.FINISHED, watch.lastJob().orElseThrow().state());
    }

    private static Outcome.Ended ended(Wait wait) {
        return (Outcome.Ended) wait.heard().outcome();
    }

    private static void assertFinished(Wait wait) {
        assertEquals(JobState.FINISHED, ended(wait).job().state());
    }

    private static void assertMissing(ServiceException.Kind kind, Wait wait) {
        assertEquals(kind, ((ServiceException) ended(wait).missing()).kind());
    }
}
