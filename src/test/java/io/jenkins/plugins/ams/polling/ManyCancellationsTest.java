/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.junit.Assert.assertEquals;

import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.emulator.Fault;
import io.jenkins.plugins.ams.emulator.JobScript;
import io.jenkins.plugins.ams.emulator.RequestKind;
import io.jenkins.plugins.ams.emulator.StateNumbers;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.v2.AmsV2JobId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;

/** Hundreds of jobs are canceled at the same time. All cancellations succeed, regardless of the time in the queue. */
public class ManyCancellationsTest {

    @Rule
    public final Waits waits = new Waits();

    private SlowCancellations service;
    private final List<EmulatedJob> jobs = new ArrayList<>();
    private final List<CompletableFuture<Boolean>> outcomes = new ArrayList<>();

    @After
    public void letPollsEnd() {
        advance(JobCancellation.FOLLOW_PERIOD.multipliedBy(2));
    }

    @Test
    public void cancelsFiveHundredJobsOfASecondEach() {
        canceling(Duration.ofSeconds(1));
        cancel(500);
        Duration taken = advanceUntilAllAreDone(Duration.ofMinutes(5));

        assertAllAreCanceled();
        assertEquals("one request for each", 500, service.sent());
        assertEquals(ConcurrencyLimiter.MAX_IN_FLIGHT, service.maxInFlight());
        assertThat("16 concurrent requests", taken, lessThanOrEqualTo(Duration.ofSeconds(500 / 16 + 1)));
    }

    /** The time in the queue is three times the retry period and does not count. */
    @Test
    public void timeInTheQueueDoesNotCount() {
        canceling(JobCancellation.RETRY_PERIOD.minus(Duration.ofSeconds(1)));
        cancel(4 * ConcurrencyLimiter.MAX_IN_FLIGHT);
        advanceUntilAllAreDone(JobCancellation.RETRY_PERIOD.multipliedBy(4));
        assertAllAreCanceled();
    }

    @Test
    public void resumesAfterThrottlingOldestFirst() {
        Fault throttling = Fault.status(429).retryAfter(Duration.ofSeconds(20)).on(RequestKind.CANCEL);
        waits.emulator.faults().inject(throttling.times(ConcurrencyLimiter.MAX_IN_FLIGHT + 2));
        canceling(Duration.ofMillis(100));
        cancel(300);
        waits.time.advanceUntil(
                () -> outcomes.subList(0, 100).stream().allMatch(CompletableFuture::isDone),
                Duration.ofMinutes(5),
                waits::settle);
        assertThat(
                "jobs are canceled in the order of their first attempts",
                outcomes.subList(200, 300).stream()
                        .filter(CompletableFuture::isDone)
                        .count(),
                lessThanOrEqualTo(0L));
        advanceUntilAllAreDone(Duration.ofMinutes(5));
        assertAllAreCanceled();
    }

    /** Polls continue while hundreds of cancellations use the whole concurrency limit. */
    @Test
    public void doesNotStarvePolls() {
        canceling(Duration.ofSeconds(1));
        EmulatedJob waited = waits.emulator.addJob(JobScript.named("waited").queued(Duration.ofHours(1)));
        RecordingListener listener = new RecordingListener();
        JobWait wait =
                waits.begin(waited.id(), () -> service.at(waits.target()), Duration.ofSeconds(2), null, listener);
        advance(Duration.ofSeconds(1));
        cancel(500);
        waits.emulator.requests().clear();
        waits.time.advanceUntil(() -> false, Duration.ofSeconds(20), waits::settle);

        assertThat(
                "polls continue every two seconds", waits.emulator.requests().count(RequestKind.JOBS), greaterThan(5L));
        assertThat(service.maxInFlight(), greaterThanOrEqualTo(ConcurrencyLimiter.MAX_IN_FLIGHT - 1));
        wait.cancel();
        advanceUntilAllAreDone(Duration.ofMinutes(5));
        assertAllAreCanceled();
    }

    /** No request is sent after the user was notified to cancel the job manually. */
    @Test
    public void sendsNothingAfterAFailure() {
        canceling(Duration.ofSeconds(30));
        cancel(3 * ConcurrencyLimiter.MAX_IN_FLIGHT, Duration.ofSeconds(40));
        advance(Duration.ofSeconds(40));

        assertEquals(2 * ConcurrencyLimiter.MAX_IN_FLIGHT, service.sent());
        assertEquals(
                "requests in flight are completed",
                ConcurrencyLimiter.MAX_IN_FLIGHT,
                outcomes.stream().filter(outcome -> !outcome.isDone()).count());
        assertEquals(
                "cancellations that were not sent have failed",
                ConcurrencyLimiter.MAX_IN_FLIGHT,
                outcomes.stream()
                        .filter(CompletableFuture::isCompletedExceptionally)
                        .count());
        advance(Duration.ofHours(1));
        assertEquals(2 * ConcurrencyLimiter.MAX_IN_FLIGHT, service.sent());
        for (int i = 0; i < jobs.size(); i++) {
            boolean failed = outcomes.get(i).isCompletedExceptionally();
            assertEquals(
                    failed ? StateNumbers.of(JobState.PROCESSING) : StateNumbers.of(JobState.CANCELED),
                    jobs.get(i).state());
        }
    }

    /** A few requests verify the effect of hundreds of cancellations. */
    @Test
    public void pollsManyJobsWithOneRequest() {
        canceling(Duration.ofMillis(100));
        cancel(200);
        advanceUntilAllAreDone(Duration.ofMinutes(1));
        advance(JobCancellation.FOLLOW_PERIOD);

        long polls = waits.emulator.requests().count(RequestKind.JOBS);
        assertThat(polls, greaterThanOrEqualTo(200L / 25));
        assertThat("at most three polls per job, with 25 jobs per request", polls, lessThanOrEqualTo(3 * 200L / 25));
        assertEquals("no request for details", 0, waits.emulator.requests().count(RequestKind.TASKS));
        assertEquals(0, waits.emulator.requests().count(RequestKind.ASSETS));
    }

    private void canceling(Duration latency) {
        service = new SlowCancellations(waits.time, latency);
    }

    private void advance(Duration by) {
        waits.advance(by);
    }

    private void cancel(int count) {
        cancel(count, Duration.ofDays(1));
    }

    private void cancel(int count, Duration within) {
        for (int i = 0; i < count; i++) {
            EmulatedJob job = waits.emulator.addJob(JobScript.named("Encoding " + i)
                    .task("Encode", Duration.ofHours(9))
                    .canceling(Duration.ofSeconds(5)));
            jobs.add(job);
            outcomes.add(waits.poller.cancelJob(
                    AmsV2JobId.parse(job.id()),
                    () -> service.at(waits.target()),
                    within,
                    false,
                    new RecordingCancellation()));
            waits.settle(); // so that the requests are in the order of the test
        }
    }

    private Duration advanceUntilAllAreDone(Duration atMost) {
        long before = waits.time.millis();
        waits.time.advanceUntil(() -> outcomes.stream().allMatch(CompletableFuture::isDone), atMost, waits::settle);
        return Duration.ofMillis(waits.time.millis() - before);
    }

    private void assertAllAreCanceled() {
        for (CompletableFuture<Boolean> outcome : outcomes) {
            assertEquals(true, outcome.getNow(false));
        }
        advance(Duration.ofSeconds(5));
        for (EmulatedJob job : jobs) {
            assertEquals(StateNumbers.of(JobState.CANCELED), job.state());
        }
    }
}
