/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.instanceOf;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.MediaTask;
import io.jenkins.plugins.ams.testing.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** A console that hangs blocks one of the threads that call listeners, and delays no other wait. */
public class HungListenerTest {

    private static final int NOTIFICATION_THREADS = 4;

    private final ManualTime time = new ManualTime();
    private final Simulation.Threads threads = new Simulation.Threads();
    private final FakeService service = new FakeService(time);
    private final CountDownLatch end = new CountDownLatch(1);
    private final List<JobWait> jobWaits = new ArrayList<>();
    private ExecutorService notifications;
    private JobPoller poller;

    @Before
    public void begin() {
        notifications = Executors.newFixedThreadPool(NOTIFICATION_THREADS, task -> {
            Thread thread = new Thread(task, "listener-test");
            thread.setDaemon(true);
            return thread;
        });
        poller = new JobPoller(time.clock(), time, threads, notifications, new Random(42));
    }

    @After
    public void end() {
        end.countDown();
        jobWaits.forEach(JobWait::cancel);
        notifications.shutdownNow();
    }

    @Test
    public void delaysNoOtherWait() {
        Hanging hanging = hang();
        RecordingListener other = new RecordingListener();
        RecordingListener limited = new RecordingListener();
        begin(other, null);
        begin(limited, Duration.ofMinutes(90));
        for (int minute = 1; minute <= 60; minute++) {
            int beats = minute;
            advance(Heartbeat.INTERVAL);
            await().until(() -> other.waiting().size() == beats);
        }
        assertThat(other.states(), contains(JobState.PROCESSING));

        advance(Duration.ofMinutes(30));
        await().until(() -> limited.outcomes().size() == 1);
        assertThat(limited.outcome(), instanceOf(WaitOutcome.TimedOut.class));
        service.state(JobState.FINISHED);
        advance(Duration.ofMinutes(2));
        await().until(() -> other.outcomes().size() == 1);
        assertThat(hanging.states(), empty());
    }

    @Test
    public void manyHungListenersDelayNoOtherWait() {
        for (int i = 0; i < NOTIFICATION_THREADS - 1; i++) {
            hang();
        }
        advance(Duration.ofMinutes(1));
        RecordingListener other = new RecordingListener();
        begin(other, Duration.ofMinutes(10));
        advance(Duration.ofMinutes(10));
        await().until(() -> other.outcomes().size() == 1);
    }

    @Test
    public void deliversTheLatestEventsToAHungListener() {
        Hanging hanging = hang();
        JobWait jobWait = jobWaits.get(0);
        await().until(() -> hanging.hangs);
        int polls = service.polls().size();
        advance(Duration.ofMinutes(30));
        assertThat("polling continues", service.polls().size(), greaterThan(polls + 20));
        service.state(JobState.ERROR);
        advance(Duration.ofMinutes(2));
        assertTrue(jobWait.isEnded());

        end.countDown();
        await().until(() -> hanging.outcomes().size() == 1);
        assertThat("only the last poll is reported", hanging.percents(), hasSize(2));
        assertThat(hanging.waiting(), hasSize(1));
        assertEquals(
                JobState.ERROR,
                ((WaitOutcome.Completed) hanging.outcome()).job().state());
        assertThat(hanging.misuses(), empty());
    }

    @Test
    public void delaysNoPollHoweverManyHang() {
        for (int i = 0; i < NOTIFICATION_THREADS + 3; i++) {
            hang();
        }
        RecordingListener other = new RecordingListener();
        JobWait jobWait = begin(other, Duration.ofMinutes(10));
        int polls = service.polls().size();
        advance(Duration.ofMinutes(9));
        assertEquals(JobState.PROCESSING, jobWait.lastJob().orElseThrow().state());
        assertThat(service.polls().size(), greaterThan(polls + 9 * 5));
        assertFalse(jobWait.isEnded());
        advance(Duration.ofMinutes(1));
        assertTrue(jobWait.isEnded());

        end.countDown();
        await().until(() -> other.outcomes().size() == 1);
        assertThat(other.misuses(), empty());
    }

    @Test
    public void canBeCanceled() {
        Hanging hanging = hang();
        await().until(() -> hanging.hangs);
        jobWaits.get(0).cancel();
        assertEquals(0, poller.size());
        end.countDown();
        await().until(() -> hanging.states().size() == 1);
        assertThat(hanging.outcomes(), empty());
    }

    /** A build waits for the outcome of a cancellation, whose own console may hang. */
    @Test
    public void whatBecomesOfACancellationIsNotifiedOnTheSameThreads() {
        List<String> calls = new CopyOnWriteArrayList<>();
        CancellationListener listener = new CancellationListener() {
            @Override
            public void onRetry(AmsException error, Duration delay) {
                calls.add("retry on " + Thread.currentThread().getName());
            }

            @Override
            public void onPolled(MediaJob job) {
                calls.add("polled on " + Thread.currentThread().getName());
                awaitEnd();
            }
        };
        poller.cancelJob(
                        new JobId("Encoding/job"),
                        () -> new PollTarget("account", () -> service),
                        Duration.ofHours(24),
                        false,
                        listener)
                .whenComplete((accepted, error) ->
                        calls.add(accepted + " on " + Thread.currentThread().getName()));
        poller.notifyAfter(
                Duration.ofSeconds(5),
                () -> calls.add("later on " + Thread.currentThread().getName()));
        advance(Duration.ofSeconds(5));
        await().until(() -> calls.size() == 2);
        service.state(JobState.CANCELED);
        advance(Duration.ofMinutes(1));
        await().until(() -> calls.size() == 3);
        assertThat(
                calls,
                containsInAnyOrder("true on listener-test", "later on listener-test", "polled on listener-test"));
        JobWait other = begin(new RecordingListener(), null);
        advance(Duration.ofMinutes(1));
        assertEquals(
                "other jobs are polled in the meantime",
                JobState.CANCELED,
                other.lastJob().orElseThrow().state());
    }

    private Hanging hang() {
        Hanging hanging = new Hanging();
        begin(hanging, null);
        advance(Duration.ofSeconds(1));
        return hanging;
    }

    private JobWait begin(RecordingListener listener, Duration timeLimit) {
        JobId job = new JobId("Encoding/job-" + jobWaits.size());
        JobWait jobWait = poller.waitFor(
                job,
                () -> new PollTarget("account", () -> service),
                Duration.ofSeconds(10),
                timeLimit == null ? null : time.clock().instant().plus(timeLimit),
                JobWait.Start.NEW,
                listener);
        jobWaits.add(jobWait);
        return jobWait;
    }

    private void awaitEnd() {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void advance(Duration by) {
        time.advance(by, () -> {
            while (threads.run()) {
                // until nothing is left to do
            }
        });
    }

    /** A listener whose first call hangs until the test releases it. */
    private final class Hanging extends RecordingListener {
        private volatile boolean hangs;

        @Override
        public void onPolled(MediaJob job, List<MediaTask> tasks, JobProgress progress) {
            hangs = true;
            awaitEnd();
            super.onPolled(job, tasks, progress);
        }
    }
}
