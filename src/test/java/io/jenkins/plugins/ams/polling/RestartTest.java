/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertSame;

import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.polling.Waits.Wait;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.ServiceException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;

/** Waits that are resumed after a restart. Their deadlines may have passed in the meantime. */
public class RestartTest {

    private static final Duration PASSED = Duration.ofHours(-1);
    private static final Exception BUSY = ServiceException.of(ServiceException.Kind.UNAVAILABLE, 503, "busy");

    @Rule
    public final Simulation simulation = new Simulation();

    @Test
    public void jobsThatEndedDuringDowntimeComplete() {
        simulation.service.latency(Duration.ofMillis(300)).state(JobState.FINISHED);
        List<Wait> waits = resume(1000, PASSED);
        waits.addAll(resume(200, Duration.ofSeconds(20))); // passes before all jobs are polled
        simulation.advance(Duration.ofMinutes(10));

        for (Wait wait : waits) {
            WaitOutcome.Completed ended =
                    (WaitOutcome.Completed) wait.listener().outcome();
            assertEquals(JobState.FINISHED, ended.job().state());
            assertEquals("the details are complete", null, ended.detailsError());
        }
    }

    @Test
    public void firstPollsPrecedeDetails() {
        simulation.service.latency(Duration.ofMillis(300)).state(JobState.FINISHED);
        List<Wait> waits = resume(300, PASSED);
        simulation.advance(Duration.ofMinutes(2));
        assertEquals(
                "polls before the first request for details, within the requests in flight",
                300,
                simulation.service.requests().indexOf("tasks"),
                ConcurrencyLimiter.MAX_IN_FLIGHT);
        waits.forEach(wait -> assertThat(wait.listener().outcome(), instanceOf(WaitOutcome.Completed.class)));
    }

    @Test
    public void cancellationsPrecedeBoth() {
        simulation.service.latency(Duration.ofMillis(300)).state(JobState.FINISHED);
        resume(300, PASSED);
        simulation.settle();
        simulation.poller.cancelJob(
                new JobId("Encoding/other"),
                simulation::target,
                Duration.ofDays(1),
                false,
                new RecordingCancellation());
        simulation.advance(Duration.ofMinutes(2));
        assertThat(simulation.service.requests().indexOf("cancel"), lessThan(ConcurrencyLimiter.MAX_IN_FLIGHT));
    }

    @Test
    public void throttlingDelaysFinishedBuildsByMinutesAtMost() {
        simulation.service.latency(Duration.ofMillis(300)).state(JobState.FINISHED);
        List<Wait> waits = resume(20, PASSED);
        simulation.advance(Duration.ofSeconds(1));
        assertThat("no details have been requested yet", simulation.service.requests(), not(hasItem("tasks")));
        simulation.service.failPolls(ServiceException.of(
                ServiceException.Kind.UNAVAILABLE,
                503,
                "busy",
                new AmsException.Context(null, Duration.ofHours(4), null)));
        simulation.advance(JobCompletion.DETAILS_TIMEOUT.plusMinutes(2));

        List<Wait> over =
                waits.stream().filter(wait -> wait.jobWait().isEnded()).toList();
        assertThat(over, hasSize(greaterThan(8)));
        over.forEach(wait -> assertEquals(
                JobState.FINISHED,
                ((WaitOutcome.Completed) wait.listener().outcome()).job().state()));
    }

    @Test
    public void aRunningJobTimesOutAtTheFirstPoll() {
        Wait wait = simulation.resume(PASSED, true);
        simulation.advance(Duration.ofSeconds(1));
        WaitOutcome.TimedOut timedOut = (WaitOutcome.TimedOut) wait.listener().outcome();
        assertEquals(JobState.PROCESSING, timedOut.lastSeen().state());
        assertThat(simulation.service.requests(), contains("poll"));
    }

    @Test
    public void aFutureDeadlineApplies() {
        Wait wait = simulation.resume(Duration.ofMinutes(5), true);
        assertEquals(Duration.ofMinutes(5), simulation.advanceUntilEnded(wait, Duration.ofMinutes(10)));
        assertThat(wait.listener().outcome(), instanceOf(WaitOutcome.TimedOut.class));
    }

    @Test
    public void theFirstCompletePollDecides() {
        simulation.service.failPolls(BUSY);
        Wait finished = simulation.resume(PASSED, true);
        simulation.advance(Duration.ofMinutes(20));
        assertFalse(finished.jobWait().isEnded());

        simulation.service.failPolls((Exception) null).state(JobState.FINISHED);
        simulation.advanceUntilEnded(finished, Duration.ofMinutes(5));
        assertThat(finished.listener().outcome(), instanceOf(WaitOutcome.Completed.class));
    }

    @Test
    public void theFirstPollTimesOutAfterHalfAnHour() {
        simulation.service.failPolls(BUSY);
        Wait wait = simulation.resume(PASSED, true);
        assertEquals(JobWait.FIRST_POLL_TIMEOUT, simulation.advanceUntilEnded(wait, Duration.ofHours(2)));
        assertEquals(new WaitOutcome.TimedOut(null), wait.listener().outcome());
    }

    /** Accounts and credentials may come from a source that Jenkins cannot reach right after its start. */
    @Test
    public void retriesAMissingAccountOnceTheJobWasSeen() {
        int[] lookups = {0};
        PollTarget.Source delayedSource = () -> {
            if (lookups[0]++ < 4) {
                throw new IOException("There are no credentials 'ams-ci'.");
            }
            return simulation.target();
        };
        Wait resumed = simulation.resume(delayedSource, null, true);
        simulation.advance(Duration.ofMinutes(2));
        assertThat(resumed.listener().states(), contains(JobState.PROCESSING));
        assertThat(resumed.listener().rejections(), hasSize(1));
        assertThat(resumed.listener().recoveries(), hasSize(1));

        lookups[0] = 0;
        Wait unseen = simulation.resume(delayedSource, null, false);
        simulation.settle();
        assertThat(unseen.listener().outcome(), instanceOf(WaitOutcome.Failed.class));
    }

    @Test
    public void aRemovedAccountEndsTheWaitLater() {
        IOException gone = new IOException("There is no AMS account 'media'.");
        Wait wait = simulation.resume(
                () -> {
                    throw gone;
                },
                null,
                true);
        Duration lasted = simulation.advanceUntilEnded(wait, Duration.ofHours(1));
        assertThat(lasted, greaterThan(RetryPolicy.MIN_REJECTION_PERIOD.minusMinutes(2)));
        assertThat(lasted, lessThan(RetryPolicy.MIN_REJECTION_PERIOD.plusMinutes(5)));
        assertSame(
                gone, ((WaitOutcome.Failed) wait.listener().outcome()).cause().getCause());
        assertThat(simulation.service.requests(), empty());
    }

    private List<Wait> resume(int count, Duration untilDeadline) {
        List<Wait> waits = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            waits.add(simulation.resume(untilDeadline, true));
        }
        return waits;
    }
}
