/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.instanceOf;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.polling.Waits.Wait;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.ServiceException;
import io.jenkins.plugins.ams.testing.ExpectedLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.junit.Rule;
import org.junit.Test;

/**
 * The operating system cannot create threads for some seconds, or a thread pool is full. Every wait continues
 * afterwards.
 */
public class ThreadExhaustionTest {

    private static final Duration OUTAGE = Duration.ofMillis(2500);
    private static final List<Supplier<Throwable>> REASONS = List.of(
            () -> new OutOfMemoryError("unable to create native thread: possibly out of memory or process limits"),
            () -> new RejectedExecutionException("the queue is full"));

    @Rule
    public final ExpectedLog expected = ExpectedLog.of(RetryingExecutor.class);

    @Rule
    public final Simulation simulation = new Simulation();

    @Test
    public void aWaitThatBeginsDuringTheOutageIsPolledAfterwards() {
        for (Supplier<Throwable> reason : REASONS) {
            simulation.threads.rejectWith(reason);
            Wait wait = simulation.begin();
            simulation.advance(OUTAGE);
            assertThat(wait.listener().states(), empty());

            simulation.threads.rejectWith(() -> null);
            simulation.advance(Duration.ofSeconds(1));
            assertThat(wait.listener().states(), contains(JobState.PROCESSING));
        }
    }

    @Test
    public void aWaitContinuesWhereverTheOutageBegins() {
        simulation.pollInterval = Duration.ofSeconds(5);
        for (Supplier<Throwable> reason : REASONS) {
            // The outage begins at scheduled tasks, responses to polls and responses to requests for tasks.
            for (int step = 0; step < 40; step++) {
                Wait wait = simulation.begin();
                simulation.advance(Duration.ofMillis(50L * step));
                simulation.threads.rejectWith(reason);
                simulation.advance(OUTAGE);
                simulation.threads.rejectWith(() -> null);
                int polls = simulation.service.polls().size();
                simulation.advance(Duration.ofSeconds(12));
                assertThat("after step " + step, simulation.service.polls().size(), greaterThan(polls));
                assertFalse(wait.jobWait().isEnded());
                wait.jobWait().cancel();
            }
        }
        assertThat(simulation.threads.rejected(), greaterThan(20));
    }

    @Test
    public void aDeadlinePassedDuringTheOutageEndsTheWait() {
        Wait wait = simulation.begin(simulation::target, Duration.ofSeconds(30), new RecordingListener());
        simulation.advance(Duration.ofSeconds(29));
        simulation.threads.rejectWith(REASONS.get(0));
        simulation.advance(OUTAGE);
        assertFalse(wait.jobWait().isEnded());

        simulation.threads.rejectWith(() -> null);
        simulation.advance(RetryingExecutor.RETRY_DELAY);
        assertThat(wait.listener().outcome(), instanceOf(WaitOutcome.TimedOut.class));
    }

    @Test
    public void heartbeatsContinueAfterwards() {
        Wait wait = simulation.begin();
        simulation.advance(Duration.ofSeconds(59));
        simulation.threads.rejectWith(REASONS.get(0));
        simulation.advance(Duration.ofMinutes(10));
        simulation.threads.rejectWith(() -> null);
        simulation.advance(Duration.ofMinutes(5));
        assertThat(wait.listener().waiting(), hasSize(greaterThanOrEqualTo(5)));
        assertThat("heartbeats did not accumulate", wait.listener().waiting(), hasSize(6));
    }

    @Test
    public void anUndeliverableOutcomeIsDeliveredAfterwards() {
        Wait wait = simulation.begin();
        simulation.advance(Duration.ofSeconds(1));
        simulation.service.state(JobState.FINISHED);
        simulation.notifications.rejectWith(REASONS.get(0));
        simulation.advance(Duration.ofMinutes(1));
        assertTrue(wait.jobWait().isEnded());
        assertThat(wait.listener().outcomes(), empty());

        simulation.notifications.rejectWith(() -> null);
        simulation.advance(RetryingExecutor.RETRY_DELAY);
        assertThat(wait.listener().outcome(), instanceOf(WaitOutcome.Completed.class));
    }

    @Test
    public void aCancellationIsSentAfterwards() {
        simulation.threads.rejectWith(REASONS.get(0));
        CompletableFuture<Boolean> result = simulation.poller.cancelJob(
                new JobId("Encoding/job"), simulation::target, Duration.ofDays(1), false, new RecordingCancellation());
        simulation.advance(OUTAGE);
        simulation.threads.rejectWith(() -> null);
        simulation.advance(Duration.ofSeconds(1));
        assertEquals(true, result.getNow(false));
    }

    @Test
    public void retriesLookupsAndRequestsWithoutAThread() {
        for (Supplier<Throwable> reason : REASONS) {
            int[] lookups = {0};
            Wait wait = simulation.begin(() -> {
                if (lookups[0]++ < 3) {
                    sneakyThrow(reason.get());
                }
                return simulation.target();
            });
            simulation.advance(Duration.ofSeconds(20));
            assertThat(wait.listener().states(), contains(JobState.PROCESSING));

            int[] requests = {0};
            simulation.service.failPolls(() -> requests[0]++ < 5 ? new IllegalStateException(reason.get()) : null);
            simulation.advance(Duration.ofMinutes(5));
            assertFalse(wait.jobWait().isEnded());
            assertThat(wait.listener().errors(), hasSize(2));
            assertThat(wait.listener().recoveries(), hasSize(2));
        }
    }

    /** A task is lost, because its thread dies or because of a defect of an executor. */
    @Test
    public void aLostScheduledTaskDelaysPollsByAMinuteAtMost() {
        Wait wait = simulation.begin();
        simulation.advance(Duration.ofSeconds(10));
        simulation.threads.dropNext();
        int polls = simulation.service.polls().size();
        simulation.advance(Heartbeat.INTERVAL.plusSeconds(1));
        assertThat(simulation.service.polls().size(), greaterThan(polls));
        assertFalse(wait.jobWait().isEnded());
    }

    @Test
    public void lostResponsesFreeTheirCapacity() {
        List<Wait> waits = new ArrayList<>();
        simulation.service.loseResponses(true);
        for (int i = 0; i < ConcurrencyLimiter.MIN_IN_FLIGHT; i++) {
            waits.add(simulation.begin());
        }
        simulation.advance(Duration.ofMinutes(1));
        simulation.service.loseResponses(false);
        Wait next = simulation.begin();
        simulation.advance(AccountQueue.MAX_IN_FLIGHT.minusMinutes(3));
        assertThat("the concurrency limit is reached", next.listener().states(), empty());
        simulation.advance(Duration.ofMinutes(5));

        assertThat(next.listener().states(), contains(JobState.PROCESSING));
        for (Wait wait : waits) {
            assertThat(wait.listener().states(), contains(JobState.PROCESSING));
            ServiceException error = (ServiceException) wait.listener().errors().get(0);
            assertEquals(ServiceException.Kind.NO_RESPONSE, error.kind());
        }
    }

    private static void sneakyThrow(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) thrown;
    }
}
