/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.watch;

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

import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.ServiceException;
import io.jenkins.plugins.ams.watch.Waits.Wait;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.junit.Rule;
import org.junit.Test;

/** The operating system gives no thread for seconds, or a thread pool is full: every wait continues afterwards. */
public class ThreadExhaustionTest {

    private static final Duration OUTAGE = Duration.ofMillis(2500);
    private static final List<Supplier<Throwable>> REASONS = List.of(
            () -> new OutOfMemoryError("unable to create native thread: possibly out of memory or process limits"),
            () -> new RejectedExecutionException("the queue is full"));

    @Rule
    public final Simulation simulation = new Simulation();

    @Test
    public void aWaitThatBeginsMeanwhileIsPolledAfterwards() {
        for (Supplier<Throwable> reason : REASONS) {
            simulation.threads.refuse(reason);
            Wait wait = simulation.begin();
            simulation.advance(OUTAGE);
            assertThat(wait.heard().states(), empty());

            simulation.threads.refuse(() -> null);
            simulation.advance(Duration.ofSeconds(1));
            assertThat(wait.heard().states(), contains(JobState.PROCESSING));
        }
    }

    @Test
    public void aWaitContinuesWhereverTheOutageBegins() {
        simulation.pollInterval = Duration.ofSeconds(5);
        for (Supplier<Throwable> reason : REASONS) {
            // in steps that hit alarms, responses to polls and responses to requests for tasks
            for (int step = 0; step < 40; step++) {
                Wait wait = simulation.begin();
                simulation.advance(Duration.ofMillis(50L * step));
                simulation.threads.refuse(reason);
                simulation.advance(OUTAGE);
                simulation.threads.refuse(() -> null);
                int polls = simulation.service.polls().size();
                simulation.advance(Duration.ofSeconds(12));
                assertThat("after step " + step, simulation.service.polls().size(), greaterThan(polls));
                assertFalse(wait.watch().isOver());
                wait.watch().cancel();
            }
        }
        assertThat(simulation.threads.refused(), greaterThan(20));
    }

    @Test
    public void aDeadlineThatPassesMeanwhileEndsTheWaitAfterwards() {
        Wait wait = simulation.begin(simulation::target, Duration.ofSeconds(30), new RecordingListener());
        simulation.advance(Duration.ofSeconds(29));
        simulation.threads.refuse(REASONS.get(0));
        simulation.advance(OUTAGE);
        assertFalse(wait.watch().isOver());

        simulation.threads.refuse(() -> null);
        simulation.advance(RetryingExecutor.RETRY_DELAY);
        assertThat(wait.heard().outcome(), instanceOf(Outcome.TimedOut.class));
    }

    @Test
    public void aHeartbeatThatComesMeanwhileIsNotTheLast() {
        Wait wait = simulation.begin();
        simulation.advance(Duration.ofSeconds(59));
        simulation.threads.refuse(REASONS.get(0));
        simulation.advance(Duration.ofMinutes(10));
        simulation.threads.refuse(() -> null);
        simulation.advance(Duration.ofMinutes(5));
        assertThat(wait.heard().waiting(), hasSize(greaterThanOrEqualTo(5)));
        assertThat("beats did not pile up", wait.heard().waiting(), hasSize(6));
    }

    @Test
    public void anOutcomeThatCannotBeDeliveredIsDeliveredAfterwards() {
        Wait wait = simulation.begin();
        simulation.advance(Duration.ofSeconds(1));
        simulation.service.state(JobState.FINISHED);
        simulation.notifications.refuse(REASONS.get(0));
        simulation.advance(Duration.ofMinutes(1));
        assertTrue(wait.watch().isOver());
        assertThat(wait.heard().outcomes(), empty());

        simulation.notifications.refuse(() -> null);
        simulation.advance(RetryingExecutor.RETRY_DELAY);
        assertThat(wait.heard().outcome(), instanceOf(Outcome.Ended.class));
    }

    @Test
    public void aCancellationIsSentAfterwards() {
        simulation.threads.refuse(REASONS.get(0));
        CompletableFuture<Boolean> answer = simulation.watcher.cancelJob(
                new JobId("Encoding/job"), simulation::target, Duration.ofDays(1), new RecordingCancellation());
        simulation.advance(OUTAGE);
        simulation.threads.refuse(() -> null);
        simulation.advance(Duration.ofSeconds(1));
        assertEquals(true, answer.getNow(false));
    }

    @Test
    public void aLookupOrARequestThatGetsNoThreadIsRetriedAndIsNoErrorOfTheJob() {
        for (Supplier<Throwable> reason : REASONS) {
            int[] lookups = {0};
            Wait wait = simulation.begin(() -> {
                if (lookups[0]++ < 3) {
                    sneak(reason.get());
                }
                return simulation.target();
            });
            simulation.advance(Duration.ofSeconds(20));
            assertThat(wait.heard().states(), contains(JobState.PROCESSING));

            int[] requests = {0};
            simulation.service.failPolls(() -> requests[0]++ < 5 ? new IllegalStateException(reason.get()) : null);
            simulation.advance(Duration.ofMinutes(5));
            assertFalse(wait.watch().isOver());
            assertThat(wait.heard().troubles(), hasSize(2));
            assertThat(wait.heard().recoveries(), hasSize(2));
        }
    }

    /** Whatever swallows it: a thread that dies, a defect of an executor. */
    @Test
    public void anAlarmThatIsLostDelaysPollsByAMinuteAtMost() {
        Wait wait = simulation.begin();
        simulation.advance(Duration.ofSeconds(10));
        simulation.threads.loseNext();
        int polls = simulation.service.polls().size();
        simulation.advance(Heartbeat.INTERVAL.plusSeconds(1));
        assertThat(simulation.service.polls().size(), greaterThan(polls));
        assertFalse(wait.watch().isOver());
    }

    @Test
    public void responsesThatAreLostDoNotKeepTheirPlacesForEver() {
        List<Wait> waits = new ArrayList<>();
        simulation.service.loseResponses(true);
        for (int i = 0; i < Pace.FEW_IN_FLIGHT; i++) {
            waits.add(simulation.begin());
        }
        simulation.advance(Duration.ofMinutes(1));
        simulation.service.loseResponses(false);
        Wait next = simulation.begin();
        simulation.advance(Connection.MAX_IN_FLIGHT.minusMinutes(3));
        assertThat("there is no room", next.heard().states(), empty());
        simulation.advance(Duration.ofMinutes(5));

        assertThat(next.heard().states(), contains(JobState.PROCESSING));
        for (Wait wait : waits) {
            assertThat(wait.heard().states(), contains(JobState.PROCESSING));
            ServiceException error = (ServiceException) wait.heard().troubles().get(0);
            assertEquals(ServiceException.Kind.NO_ANSWER, error.kind());
        }
    }

    private static void sneak(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) thrown;
    }
}
