/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.watch;

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

/** What many waits cost: requests, threads and alarms. */
public class ManyWaitsTest {

    private static final int MANY = 200;

    @Rule
    public final Waits waits = new Waits();

    private final List<Watch> watches = new ArrayList<>();
    private final List<RecordingListener> listeners = new ArrayList<>();

    @Test
    public void twoHundredWaitsOnOneAccountEndRightAndAskLittle() {
        int threadsBefore = Thread.activeCount();
        int mostThreads = 0;
        beginMany();
        for (int minute = 0; minute < 8; minute++) {
            waits.advance(Duration.ofMinutes(1));
            mostThreads = Math.max(mostThreads, Thread.activeCount());
        }

        assertAllEnded();
        listeners.forEach(listener -> assertThat(listener.troubles(), empty()));
        assertThat("threads", mostThreads - threadsBefore, lessThan(16));
        long looks = waits.emulator.requests().count(RequestKind.JOBS);
        assertThat("the service throttles at 100 a second", busiestSecond(), lessThanOrEqualTo(100L));
        assertThat("looks at jobs, of " + MANY + " waits", looks, lessThan(8L * 60 * Pace.MOST_IN_FLIGHT));
        assertEquals("tokens", 1, waits.emulator.requests().count(RequestKind.TOKEN));
        assertEquals(MANY, waits.emulator.requests().count(RequestKind.ASSETS));
    }

    @Test
    public void twoHundredWaitsRideThroughAServiceThatIsDown() {
        beginMany();
        waits.advance(Duration.ofSeconds(30));
        waits.emulator.faults().inject(Fault.status(503));
        waits.emulator.requests().clear();
        waits.advance(Duration.ofMinutes(5));
        assertThat(
                "one connection, one back-off", waits.emulator.requests().count(), lessThan(20L * Pace.MOST_IN_FLIGHT));

        waits.emulator.faults().clear();
        waits.advance(Duration.ofMinutes(6));

        assertAllEnded();
        for (RecordingListener listener : listeners) {
            assertThat(listener.troubles(), hasSize(lessThanOrEqualTo(1)));
            assertEquals(listener.troubles().size(), listener.recoveries().size());
        }
    }

    @Test
    public void oneAlarmIsEnoughForAConnection() {
        waits.begin(job(Duration.ofHours(1)).id(), waits::target, null, new RecordingListener());
        waits.settle();
        waits.advance(Duration.ofMinutes(5));
        Watch soon = waits.begin(job(Duration.ofHours(1)).id(), waits::target, null, new RecordingListener());
        waits.settle();
        assertEquals("and one for the beats of all", 2, waits.time.alarms());

        // the alarm goes off while all threads are busy, and before it is heard its wait is cancelled
        waits.threads.hold();
        waits.time.advanceUntil(() -> waits.threads.isHolding(), Duration.ofMinutes(1), waits::rest);
        soon.cancel();
        waits.threads.release();
        waits.settle();

        assertEquals(2, waits.time.alarms());
    }

    @Test
    public void aBeatThatIsHeardLateIsNotThatOfTheNextWait() {
        Watch first = waits.begin(job(Duration.ofHours(1)).id(), waits::target, null, new RecordingListener());
        waits.settle();
        waits.threads.hold();
        waits.time.advance(Duration.ofMinutes(1), waits::rest);
        first.cancel();
        RecordingListener next = new RecordingListener();
        waits.begin(job(Duration.ofHours(1)).id(), waits::target, null, next);
        waits.threads.release();
        waits.settle();
        assertEquals(2, waits.time.alarms());

        waits.advance(Duration.ofMinutes(5));
        assertEquals(2, waits.time.alarms());
        assertThat(next.waiting(), hasSize(5));
    }

    private void beginMany() {
        Random random = new Random(7);
        for (int i = 0; i < MANY; i++) {
            EmulatedJob job = job(Duration.ofSeconds(random.nextInt(120)));
            RecordingListener listener = new RecordingListener();
            listeners.add(listener);
            watches.add(waits.begin(job.id(), waits::target, null, listener));
        }
        waits.settle();
    }

    private EmulatedJob job(Duration queued) {
        return waits.emulator.addJob(
                JobScript.named("job").queued(queued).task("Encode", queued.plus(Duration.ofMinutes(2))));
    }

    private void assertAllEnded() {
        for (RecordingListener listener : listeners) {
            Outcome.Ended ended = (Outcome.Ended) listener.outcome();
            assertEquals(JobState.FINISHED, ended.job().state());
            assertEquals(null, ended.missing());
        }
        assertTrue(watches.stream().allMatch(Watch::isOver));
        assertEquals(0, waits.watcher.size());
        assertEquals(0, waits.time.alarms());
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
