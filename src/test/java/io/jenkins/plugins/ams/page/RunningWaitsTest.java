/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.page;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.emulator.JobScript;
import io.jenkins.plugins.ams.polling.JobProgress;
import io.jenkins.plugins.ams.polling.JobWait;
import io.jenkins.plugins.ams.polling.JobWaitListener;
import io.jenkins.plugins.ams.polling.PollTarget;
import io.jenkins.plugins.ams.polling.WaitOutcome;
import io.jenkins.plugins.ams.polling.Waits;
import io.jenkins.plugins.ams.result.CancelStatus;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.MediaTask;
import io.jenkins.plugins.ams.service.ServiceException;
import io.jenkins.plugins.ams.service.v2.AmsV2JobId;
import io.jenkins.plugins.ams.testing.Language;
import java.time.Duration;
import java.util.List;
import java.util.LongSummaryStatistics;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Tests that a wait is listed from its beginning until it ends, for whatever reason. */
public class RunningWaitsTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Rule
    public final Language language = Language.english();

    @Rule
    public final Waits waits = new Waits();

    private final RunningWaits running = new RunningWaits();
    private EmulatedJob job;
    private BuildJobs jobs;
    private WaitEntry entry;
    private boolean abandoned;

    private final JobWaitListener listener = new JobWaitListener() {
        @Override
        public void onPolled(MediaJob polled, List<MediaTask> tasks, JobProgress progress) {
            entry.onPolled(polled, tasks, progress);
        }

        @Override
        public boolean isAbandoned() {
            return abandoned;
        }

        @Override
        public void onEnded(WaitOutcome outcome) {
            entry.onEnded(outcome);
        }
    };

    @Before
    public void addJob() {
        job = waits.emulator.addJob(JobScript.named("Encoding").task("Encode", Duration.ofHours(1)));
        jobs = BuildJobs.load(new JobFile(() -> folder.getRoot().toPath()), false, 0);
        JobSaver saver = new JobSaver(waits.time, waits.executor());
        BuildJobs.Slot slot = jobs.slot(AmsV2JobId.parse(job.id()), "media");
        entry = new WaitEntry(jobs, slot, saver, waits.time.clock());
    }

    @After
    public void letTheSaverEnd() {
        waits.advance(Duration.ofMinutes(1));
    }

    @Test
    public void containAWaitUntilItsJobEnds() {
        begin(waits::target, null);
        assertThat(running.all(), hasSize(1));
        waits.settle();
        assertEquals("Encoding", view().getJob().getName());
        job.finish();
        waits.advance(Duration.ofMinutes(2));
        assertThat(running.all(), empty());
    }

    @Test
    public void containNoWaitThatIsAborted() {
        JobWait wait = begin(waits::target, null);
        waits.settle();
        wait.cancel();
        assertThat(running.all(), empty());
    }

    @Test
    public void containNoWaitThatHasTimedOut() {
        begin(waits::target, Duration.ofMinutes(5));
        waits.advance(Duration.ofMinutes(6));
        assertThat(running.all(), empty());
    }

    @Test
    public void containNoWaitOfABuildThatHasEnded() {
        begin(waits::target, null);
        waits.settle();
        abandoned = true;
        waits.advance(Duration.ofMinutes(2));
        assertThat(running.all(), empty());
    }

    @Test
    public void containNoWaitThatHasFailed() {
        begin(
                () -> {
                    throw new IllegalStateException("no such account");
                },
                null);
        waits.advance(Duration.ofMinutes(30));
        assertThat(running.all(), empty());
    }

    @Test
    public void containNoWaitThatHadEndedBefore() {
        JobWait wait = waits.begin(job.id(), waits::target, null, listener);
        wait.cancel();
        running.add(null, null, entry, wait, user -> {});
        assertThat(running.all(), empty());
    }

    @Test
    public void includeAWaitWhoseTargetIsNotKnown() {
        begin(
                () -> {
                    throw ServiceException.noResponse("the credentials store hangs");
                },
                null);
        waits.settle();
        assertThat(running.all(), hasSize(1));
        assertEquals("Not scheduled yet", view().getNextPollText());
        assertEquals("Not polled yet", view().getJob().getState());
    }

    @Test
    public void showTheNextPollAndTheBeginning() {
        begin(waits::target, null);
        waits.settle();
        waits.advance(Duration.ofMinutes(20));
        waits.settle();
        assertEquals("20 min", view().getWaitingText());
        assertTrue(view().getNextPollText(), view().getNextPollText().matches("In \\d+ s|Now"));
        assertEquals("media", view().getAccount());
    }

    @Test
    public void aCancellationCanBeRequestedOnce() {
        entry.begin("media");
        assertTrue(entry.requestCancellation());
        assertFalse("requested already", entry.requestCancellation());
        jobs.change(jobs.slots().get(0), before -> before.canceling(CancelStatus.ACCEPTED, null));
        assertFalse("being canceled", entry.requestCancellation());
        jobs.change(jobs.slots().get(0), before -> before.canceling(CancelStatus.FAILED, "no role"));
        assertTrue("failed", entry.requestCancellation());
        entry.aborted();
        assertFalse("not waiting", entry.requestCancellation());
    }

    @Test
    public void aCancellationContinuesAcrossRestarts() {
        entry.begin("media");
        entry.requestCancellation();
        entry.resume("media");
        assertEquals(CancelStatus.REQUESTED, entry.record().getCancelStatus());
        entry.begin("media");
        assertNull("another wait for the job", entry.record().getCancelStatus());
    }

    /** Otherwise, users could count the waits of builds that they cannot see. */
    @Test
    public void numbersDoNotRevealHowManyWaitsHaveBegun() {
        for (int i = 0; i < 20; i++) {
            begin(waits::target, null);
        }
        LongSummaryStatistics numbers =
                running.all().stream().mapToLong(RunningWait::number).summaryStatistics();
        assertEquals(
                20, running.all().stream().map(RunningWait::number).distinct().count());
        assertTrue(numbers.toString(), numbers.getMax() - numbers.getMin() > 1_000_000);
        assertTrue(numbers.toString(), numbers.getMin() > 0 && numbers.getMax() < 1L << 53);
    }

    private WaitView view() {
        return new WaitView(running.all().get(0), waits.time.clock().instant());
    }

    private JobWait begin(PollTarget.Source targets, Duration timeLimit) {
        entry.begin("media");
        JobWait wait = waits.begin(job.id(), targets, timeLimit, listener);
        running.add(null, null, entry, wait, user -> {});
        return wait;
    }
}
