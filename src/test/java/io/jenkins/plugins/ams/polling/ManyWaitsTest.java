/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.emulator.Fault;
import io.jenkins.plugins.ams.emulator.JobScript;
import io.jenkins.plugins.ams.emulator.RequestKind;
import io.jenkins.plugins.ams.service.JobState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.Rule;
import org.junit.Test;

/** The requests and scheduled tasks of many waits. AmsThreadsTest measures the threads. */
public class ManyWaitsTest {

    private static final int WAITS = 200;

    @Rule
    public final Waits waits = new Waits();

    private final List<JobWait> jobWaits = new ArrayList<>();
    private final List<RecordingListener> listeners = new ArrayList<>();

    @Test
    public void twoHundredWaitsCompleteWithFewRequests() {
        beginMany();
        waits.advance(Duration.ofMinutes(8));

        assertAllEnded();
        listeners.forEach(listener -> assertThat(listener.errors(), empty()));
        long polls = waits.emulator.requests().count(RequestKind.JOBS);
        assertThat("the service throttles at 100 requests per second", busiestSecond(), lessThanOrEqualTo(100L));
        assertThat("polls of " + WAITS + " waits", polls, lessThan(8L * 60 * ConcurrencyLimiter.MAX_IN_FLIGHT));
        assertEquals("tokens", 1, waits.emulator.requests().count(RequestKind.TOKEN));
        assertEquals(WAITS, waits.emulator.requests().count(RequestKind.ASSETS));
    }

    @Test
    public void twoHundredWaitsSurviveAnOutage() {
        beginMany();
        waits.advance(Duration.ofSeconds(30));
        waits.emulator.faults().inject(Fault.status(503));
        waits.emulator.requests().clear();
        waits.advance(Duration.ofMinutes(5));
        assertThat(
                "all waits share one backoff",
                waits.emulator.requests().count(),
                lessThan(20L * ConcurrencyLimiter.MAX_IN_FLIGHT));

        waits.emulator.faults().clear();
        waits.advance(Duration.ofMinutes(6));

        assertAllEnded();
        for (RecordingListener listener : listeners) {
            assertThat(listener.errors(), hasSize(lessThanOrEqualTo(1)));
            assertEquals(listener.errors().size(), listener.recoveries().size());
        }
    }

    @Test
    public void oneScheduledTaskServesAQueue() {
        waits.begin(job(Duration.ofHours(1)).id(), waits::target, null, new RecordingListener());
        waits.settle();
        waits.advance(Duration.ofMinutes(5));
        JobWait soon = waits.begin(job(Duration.ofHours(1)).id(), waits::target, null, new RecordingListener());
        waits.settle();
        assertEquals("one scheduled task for the poll and one for the heartbeat", 2, waits.time.scheduledTasks());

        // The scheduled task runs while all threads are busy, and its wait is canceled before the task is processed.
        waits.threads.pause();
        waits.time.advanceUntil(() -> waits.threads.hasWaiting(), Duration.ofMinutes(1), waits::settle);
        soon.cancel();
        waits.threads.resume();
        waits.settle();

        assertEquals(2, waits.time.scheduledTasks());
    }

    @Test
    public void aLateHeartbeatDoesNotReachTheNextWait() {
        JobWait first = waits.begin(job(Duration.ofHours(1)).id(), waits::target, null, new RecordingListener());
        waits.settle();
        waits.threads.pause();
        waits.time.advance(Duration.ofMinutes(1), waits::settle);
        first.cancel();
        RecordingListener next = new RecordingListener();
        waits.begin(job(Duration.ofHours(1)).id(), waits::target, null, next);
        waits.threads.resume();
        waits.settle();
        assertEquals(2, waits.time.scheduledTasks());

        waits.advance(Duration.ofMinutes(5));
        assertEquals(2, waits.time.scheduledTasks());
        assertThat(next.waiting(), hasSize(5));
    }

    private void beginMany() {
        Random random = new Random(7);
        for (int i = 0; i < WAITS; i++) {
            EmulatedJob job = job(Duration.ofSeconds(random.nextInt(120)));
            RecordingListener listener = new RecordingListener();
            listeners.add(listener);
            jobWaits.add(waits.begin(job.id(), waits::target, null, listener));
        }
        waits.settle();
    }

    private EmulatedJob job(Duration queued) {
        return waits.emulator.addJob(
                JobScript.named("job").queued(queued).task("Encode", queued.plus(Duration.ofMinutes(2))));
    }

    private void assertAllEnded() {
        for (RecordingListener listener : listeners) {
            WaitOutcome.Completed ended = (WaitOutcome.Completed) listener.outcome();
            assertEquals(JobState.FINISHED, ended.job().state());
            assertEquals(null, ended.detailsError());
        }
        assertTrue(jobWaits.stream().allMatch(JobWait::isEnded));
        assertEquals(0, waits.poller.size());
        assertEquals(0, waits.time.scheduledTasks());
    }

    private long busiestSecond() {
        return waits.emulator.requests().all().stream()
                .collect(Collectors.groupingBy(request -> request.time().getEpochSecond(), Collectors.counting()))
                .values()
                .stream()
                .mapToLong(Long::longValue)
                .max()
                .orElse(0);
    }
}
