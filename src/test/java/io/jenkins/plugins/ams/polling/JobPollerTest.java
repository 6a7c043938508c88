/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.emulator.JobScript;
import io.jenkins.plugins.ams.emulator.RecordedRequest;
import io.jenkins.plugins.ams.emulator.RequestKind;
import io.jenkins.plugins.ams.emulator.StateNumbers;
import io.jenkins.plugins.ams.polling.Waits.Wait;
import io.jenkins.plugins.ams.service.JobBatcher;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.MediaTask;
import io.jenkins.plugins.ams.testing.ExpectedLog;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;

/** Waits without errors. */
public class JobPollerTest {

    private static final JobScript ENCODING = JobScript.named("Encoding BigBuckBunny")
            .queued(Duration.ofSeconds(18))
            .task("Encode", Duration.ofMinutes(4))
            .task("Thumbnails", Duration.ofMinutes(2));

    @Rule
    public final ExpectedLog expected = ExpectedLog.of(Notifications.class, JobBatcher.class);

    @Rule
    public final Waits waits = new Waits();

    @Test
    public void pollsAJobFromQueuedToFinished() {
        EmulatedJob job = waits.emulator.addJob(ENCODING.outputAsset("encoded"));
        Wait wait = waits.wait(job);

        waits.advanceUntilEnded(wait, Duration.ofMinutes(8));

        WaitOutcome.Completed ended = (WaitOutcome.Completed) wait.listener().outcome();
        assertEquals(JobState.FINISHED, ended.job().state());
        assertEquals("Encoding BigBuckBunny", ended.job().name());
        assertEquals(2, ended.details().tasks().size());
        assertEquals("encoded", ended.details().outputAssets().get(0).name());
        assertNull(ended.detailsError());
        assertThat(wait.listener().states(), contains(JobState.QUEUED, JobState.PROCESSING));
        assertThat(wait.listener().errors(), empty());
        assertEquals(0, waits.poller.size());
        assertEquals("no scheduled task remains", 0, waits.time.scheduledTasks());
    }

    @Test
    public void completesAtOnceForAnEndedJob() {
        EmulatedJob finished = waits.emulator.addJob(ENCODING);
        finished.finish();
        EmulatedJob failed = waits.emulator.addJob(ENCODING);
        failed.fail("ErrorParsingConfiguration", "no such preset");
        EmulatedJob canceled = waits.emulator.addJob(ENCODING.canceling(Duration.ZERO));
        canceled.cancel();

        for (EmulatedJob job : List.of(finished, failed, canceled)) {
            Wait wait = waits.wait(job);
            WaitOutcome.Completed ended =
                    (WaitOutcome.Completed) wait.listener().outcome();
            assertEquals(job.state(), StateNumbers.of(ended.job().state()));
        }
    }

    @Test
    public void reportsWhyATaskFailed() {
        EmulatedJob job = waits.emulator.addJob(
                ENCODING.endsInError(0, "ErrorDownloadingInputAssetServiceFailure", "Stage: DownloadFile."));
        Wait wait = waits.wait(job);

        waits.advanceUntilEnded(wait, Duration.ofMinutes(8));

        WaitOutcome.Completed ended = (WaitOutcome.Completed) wait.listener().outcome();
        assertEquals(JobState.ERROR, ended.job().state());
        assertEquals(
                "ErrorDownloadingInputAssetServiceFailure",
                ended.details().tasks().get(0).errors().get(0).code());
    }

    @Test
    public void keepsPollingWhileCanceling() {
        EmulatedJob job = waits.emulator.addJob(ENCODING.canceling(Duration.ofSeconds(30)));
        Wait wait = waits.wait(job);
        job.cancel();

        waits.advanceUntilEnded(wait, Duration.ofMinutes(2));

        assertThat(wait.listener().states(), contains(JobState.QUEUED, JobState.CANCELING));
        assertEquals(
                JobState.CANCELED,
                ((WaitOutcome.Completed) wait.listener().outcome()).job().state());
    }

    @Test
    public void keepsPollingOnAnUndocumentedState() {
        EmulatedJob job = waits.emulator.addJob(ENCODING);
        job.setState(42);
        Wait wait = waits.wait(job);
        assertThat(wait.listener().states(), contains(JobState.UNKNOWN));
        assertEquals("42", wait.jobWait().lastJob().orElseThrow().stateText());

        job.finish();
        waits.advanceUntilEnded(wait, Duration.ofMinutes(2));

        assertThat(wait.listener().outcome(), instanceOf(WaitOutcome.Completed.class));
    }

    @Test
    public void keepsThePollingIntervalWithinBounds() {
        EmulatedJob job = waits.emulator.addJob(
                JobScript.named("long").queued(Duration.ofMinutes(30)).task("Encode", Duration.ofHours(1)));
        Wait wait = waits.wait(job);
        waits.advanceUntilEnded(wait, Duration.ofMinutes(95));

        List<Instant> polls = waits.emulator.requests().of(RequestKind.JOBS).stream()
                .filter(request -> request.status() == 200) // A token expires during the wait.
                .map(RecordedRequest::time)
                .toList();
        for (int i = 1; i < polls.size(); i++) {
            Duration interval = Duration.between(polls.get(i - 1), polls.get(i));
            assertThat(interval, greaterThanOrEqualTo(PollSchedule.MIN_INTERVAL));
            assertThat(interval, lessThanOrEqualTo(Duration.ofSeconds(60)));
        }
        assertThat(polls, hasSize(lessThan(150)));
        assertTrue(wait.jobWait().isEnded());
    }

    @Test
    public void mostPollsRequestOnlyTheState() {
        EmulatedJob job = waits.emulator.addJob(JobScript.named("long").task("Encode", Duration.ofMinutes(30)));
        Wait wait = waits.wait(job);
        waits.advanceUntilEnded(wait, Duration.ofMinutes(31));

        long polls = waits.emulator.requests().count(RequestKind.JOBS);
        long taskPolls = waits.emulator.requests().count(RequestKind.TASKS);
        assertThat("task requests " + taskPolls + ", polls " + polls, taskPolls, lessThan(polls / 2));
        List<Integer> percents = wait.listener().percents();
        for (int i = 1; i < percents.size(); i++) {
            int step = percents.get(i) - percents.get(i - 1);
            assertTrue("progress is reported in small steps: " + percents, step >= 0 && step <= 15);
        }
        assertEquals(
                100,
                ((WaitOutcome.Completed) wait.listener().outcome())
                        .details()
                        .tasks()
                        .get(0)
                        .progress(),
                0);
    }

    @Test
    public void batchesPollsOfManyWaits() {
        List<Wait> all = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            all.add(waits.wait(waits.emulator.addJob(JobScript.named("job " + i).queued(Duration.ofHours(1)))));
        }
        waits.emulator.requests().clear();

        waits.advance(Duration.ofMinutes(10));

        long polls = waits.emulator.requests().of(RequestKind.JOBS).stream()
                .mapToLong(request -> request.target().split("nb%3A", -1).length - 1)
                .sum();
        long requests = waits.emulator.requests().count(RequestKind.JOBS);
        assertThat("polls " + polls + ", requests " + requests, requests, lessThan(polls / 10));
        assertEquals("all waits share one token", 0, waits.emulator.requests().count(RequestKind.TOKEN));
        all.forEach(wait -> assertThat(wait.listener().errors(), empty()));
    }

    @Test
    public void pollsIndividuallyWhenBatchesAreRejected() {
        waits.emulator.settings().oneClausePerFilter(true);
        List<Wait> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            EmulatedJob job = waits.emulator.addJob(JobScript.named("job " + i).queued(Duration.ofMinutes(1)));
            RecordingListener listener = new RecordingListener();
            all.add(new Wait(waits.begin(job.id(), waits::target, null, listener), listener));
        }
        waits.settle();

        waits.advance(Duration.ofMinutes(4));

        for (Wait wait : all) {
            assertThat(wait.listener().outcome(), instanceOf(WaitOutcome.Completed.class));
            assertThat(wait.listener().errors(), empty());
        }
        long rejected = waits.emulator.requests().of(RequestKind.JOBS).stream()
                .filter(request -> request.status() == 400)
                .count();
        assertThat("few batch requests after they were rejected", rejected, lessThanOrEqualTo(4L));
    }

    @Test
    public void aJvmErrorEndsTheWait() {
        EmulatedJob job = waits.emulator.addJob(ENCODING);
        Wait noTarget = waits.wait(
                job.id(),
                () -> {
                    throw new NoClassDefFoundError("com/example/Missing");
                },
                null);
        Wait noClient = waits.wait(
                job.id(),
                () -> new PollTarget("broken", () -> {
                    throw new NoClassDefFoundError("com/example/Missing");
                }),
                null);
        for (Wait wait : List.of(noTarget, noClient)) {
            WaitOutcome.Failed failed = (WaitOutcome.Failed) wait.listener().outcome();
            assertThat(failed.cause().getMessage(), containsString("com/example/Missing"));
        }
    }

    @Test
    public void reportsAnUnknownJobAsNotFound() {
        Wait wait = waits.wait("nb:jid:UUID:00000000-0000-0000-0000-000000000000", waits::target, null);
        assertFalse(wait.jobWait().isEnded());

        waits.advance(Duration.ofSeconds(19));
        assertFalse(wait.jobWait().isEnded());
        waits.advance(Duration.ofSeconds(2));

        assertEquals(new WaitOutcome.JobNotFound(null), wait.listener().outcome());
        assertEquals(3, waits.emulator.requests().count(RequestKind.JOBS));
    }

    @Test
    public void waitsForAJobThatAppearsLater() {
        String guid = "11111111-1500-80c3-a70e-f1e4ff0d4333";
        Wait wait = waits.wait(guid, waits::target, null);
        waits.emulator.addJob(ENCODING.id(guid));

        waits.advanceUntilEnded(wait, Duration.ofMinutes(8));

        assertThat(wait.listener().outcome(), instanceOf(WaitOutcome.Completed.class));
    }

    @Test
    public void timesOutAtItsDeadline() {
        EmulatedJob job = waits.emulator.addJob(ENCODING);
        Wait wait = waits.wait(job.id(), waits::target, Duration.ofMinutes(2));

        waits.advance(Duration.ofSeconds(119));
        assertFalse(wait.jobWait().isEnded());
        waits.advance(Duration.ofSeconds(1));

        WaitOutcome.TimedOut timedOut = (WaitOutcome.TimedOut) wait.listener().outcome();
        assertEquals(JobState.PROCESSING, timedOut.lastSeen().state());
        waits.advance(Duration.ofMinutes(10));
        assertThat(wait.listener().outcomes(), hasSize(1));
        assertEquals(0, waits.time.scheduledTasks());
    }

    @Test
    public void stopsOnceCanceled() {
        EmulatedJob job = waits.emulator.addJob(ENCODING);
        Wait wait = waits.wait(job.id(), waits::target, Duration.ofMinutes(2));
        wait.jobWait().cancel();
        waits.emulator.requests().clear();

        waits.advance(Duration.ofMinutes(10));

        assertThat(wait.listener().outcomes(), empty());
        assertEquals(0, waits.emulator.requests().count());
        assertEquals(0, waits.poller.size());
        assertEquals(0, waits.time.scheduledTasks());
    }

    @Test
    public void canBeCanceledBeforeItsFirstPoll() {
        EmulatedJob job = waits.emulator.addJob(ENCODING);
        RecordingListener listener = new RecordingListener();
        waits.begin(job.id(), waits::target, null, listener).cancel();

        waits.advance(Duration.ofMinutes(10));

        assertThat(listener.outcomes(), empty());
        assertEquals(0, waits.poller.size());
        assertEquals(0, waits.time.scheduledTasks());
    }

    @Test
    public void isNotStalledByAClockSetBack() {
        EmulatedJob job = waits.emulator.addJob(ENCODING);
        Wait wait = waits.wait(job);
        waits.time.clock().advance(Duration.ofHours(-3));
        job.finish();

        waits.advance(Duration.ofSeconds(10));

        assertThat(wait.listener().outcome(), instanceOf(WaitOutcome.Completed.class));
    }

    @Test
    public void aFailingListenerAffectsNoOtherWait() {
        EmulatedJob job = waits.emulator.addJob(JobScript.named("short").task("Encode", Duration.ofSeconds(10)));
        RecordingListener broken = new RecordingListener() {
            @Override
            public void onPolled(MediaJob seen, List<MediaTask> tasks, JobProgress progress) {
                throw new IllegalStateException("a defect of this listener");
            }
        };
        waits.begin(job.id(), waits::target, null, broken);
        Wait other = waits.wait(job);

        waits.advance(Duration.ofSeconds(30));

        assertThat(other.listener().outcome(), instanceOf(WaitOutcome.Completed.class));
        assertThat("the end is reported despite the exception", broken.outcomes(), hasSize(1));
    }
}
