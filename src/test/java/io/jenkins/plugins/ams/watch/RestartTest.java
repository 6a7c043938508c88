/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.watch;

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

import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.ServiceException;
import io.jenkins.plugins.ams.watch.Waits.Wait;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;

/** Waits that are resumed after a restart, whose deadlines may have passed meanwhile. */
public class RestartTest {

    private static final Duration PASSED = Duration.ofHours(-1);
    private static final Exception BUSY =
            new ServiceException(ServiceException.Kind.BUSY, 503, "busy", null, null, null);

    @Rule
    public final Simulation simulation = new Simulation();

    @Test
    public void jobsThatEndedWhileJenkinsWasDownHaveEndedInTimeHoweverManyThereAre() {
        simulation.service.latency(Duration.ofMillis(300)).state(JobState.FINISHED);
        List<Wait> waits = resume(1000, PASSED);
        waits.addAll(resume(200, Duration.ofSeconds(20))); // passes before all are polled
        simulation.advance(Duration.ofMinutes(10));

        for (Wait wait : waits) {
            Outcome.Ended ended = (Outcome.Ended) wait.heard().outcome();
            assertEquals(JobState.FINISHED, ended.job().state());
            assertEquals("has its details", null, ended.missing());
        }
    }

    @Test
    public void theFirstPollsGoBeforeDetails() {
        simulation.service.latency(Duration.ofMillis(300)).state(JobState.FINISHED);
        List<Wait> waits = resume(300, PASSED);
        simulation.advance(Duration.ofMinutes(2));
        assertEquals(
                "before the first detail, but for those in flight",
                300,
                simulation.service.requests().indexOf("tasks"),
                Pace.MOST_IN_FLIGHT);
        waits.forEach(wait -> assertThat(wait.heard().outcome(), instanceOf(Outcome.Ended.class)));
    }

    @Test
    public void cancellationsGoBeforeBoth() {
        simulation.service.latency(Duration.ofMillis(300)).state(JobState.FINISHED);
        resume(300, PASSED);
        simulation.settle();
        simulation.watcher.cancelJob(
                new JobId("Encoding/other"), simulation::target, Duration.ofDays(1), new RecordingCancellation());
        simulation.advance(Duration.ofMinutes(2));
        assertThat(simulation.service.requests().indexOf("cancel"), lessThan(Pace.MOST_IN_FLIGHT));
    }

    @Test
    public void aServiceThatAsksToBeLeftAloneMeanwhileHoldsFinishedBuildsForAFewMinutes() {
        simulation.service.latency(Duration.ofMillis(300)).state(JobState.FINISHED);
        List<Wait> waits = resume(20, PASSED);
        simulation.advance(Duration.ofSeconds(1));
        assertThat("all are still to be asked for", simulation.service.requests(), not(hasItem("tasks")));
        simulation.service.failPolls(
                new ServiceException(ServiceException.Kind.BUSY, 503, "busy", Duration.ofHours(4), null, null));
        simulation.advance(WaitLimits.MAX_DETAILS.plusMinutes(2));

        List<Wait> over = waits.stream().filter(wait -> wait.watch().isOver()).toList();
        assertThat(over, hasSize(greaterThan(8)));
        over.forEach(wait -> assertEquals(
                JobState.FINISHED,
                ((Outcome.Ended) wait.heard().outcome()).job().state()));
    }

    @Test
    public void aJobThatStillRunsHasTimedOutAtTheFirstPoll() {
        Wait wait = simulation.resume(PASSED, true);
        simulation.advance(Duration.ofSeconds(1));
        Outcome.TimedOut timedOut = (Outcome.TimedOut) wait.heard().outcome();
        assertEquals(JobState.PROCESSING, timedOut.lastSeen().state());
        assertThat(simulation.service.requests(), contains("poll"));
    }

    @Test
    public void aDeadlineThatIsStillToComeCountsAsEver() {
        Wait wait = simulation.resume(Duration.ofMinutes(5), true);
        assertEquals(Duration.ofMinutes(5), simulation.advanceUntilOver(wait, Duration.ofMinutes(10)));
        assertThat(wait.heard().outcome(), instanceOf(Outcome.TimedOut.class));
    }

    @Test
    public void theFirstCompletePollDecidesHoweverLateItComes() {
        simulation.service.failPolls(BUSY);
        Wait finished = simulation.resume(PASSED, true);
        simulation.advance(Duration.ofMinutes(20));
        assertFalse(finished.watch().isOver());

        simulation.service.failPolls((Exception) null).state(JobState.FINISHED);
        simulation.advanceUntilOver(finished, Duration.ofMinutes(5));
        assertThat(finished.heard().outcome(), instanceOf(Outcome.Ended.class));
    }

    @Test
    public void theBoundForTheFirstPollIsHalfAnHour() {
        simulation.service.failPolls(BUSY);
        Wait wait = simulation.resume(PASSED, true);
        assertEquals(WaitLimits.MAX_FIRST_POLL, simulation.advanceUntilOver(wait, Duration.ofHours(2)));
        assertEquals(new Outcome.TimedOut(null), wait.heard().outcome());
    }

    /** Accounts and credentials may come from where Jenkins has no access right after its start. */
    @Test
    public void anAccountThatIsNotFoundYetDoesNotEndAWaitThatHasSeenItsJob() {
        int[] lookups = {0};
        Target.Source late = () -> {
            if (lookups[0]++ < 4) {
                throw new IOException("There are no credentials 'ams-ci'.");
            }
            return simulation.target();
        };
        Wait resumed = simulation.resume(late, null, true);
        simulation.advance(Duration.ofMinutes(2));
        assertThat(resumed.heard().states(), contains(JobState.PROCESSING));
        assertThat(resumed.heard().rejections(), hasSize(1));
        assertThat(resumed.heard().recoveries(), hasSize(1));

        lookups[0] = 0;
        Wait unseen = simulation.resume(late, null, false);
        simulation.settle();
        assertThat(unseen.heard().outcome(), instanceOf(Outcome.Refused.class));
    }

    @Test
    public void anAccountThatIsNotFoundAnyMoreEndsTheWaitAfterAWhile() {
        IOException gone = new IOException("There is no AMS account 'media'.");
        Wait wait = simulation.resume(
                () -> {
                    throw gone;
                },
                null,
                true);
        Duration lasted = simulation.advanceUntilOver(wait, Duration.ofHours(1));
        assertThat(lasted, greaterThan(RetryPolicy.MIN_PATIENCE.minusMinutes(2)));
        assertThat(lasted, lessThan(RetryPolicy.MIN_PATIENCE.plusMinutes(5)));
        assertEquals(new Outcome.Refused(gone), wait.heard().outcome());
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
