/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.junit.Assert.assertEquals;

import io.jenkins.plugins.ams.polling.Waits.Wait;
import io.jenkins.plugins.ams.service.JobState;
import java.time.Duration;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;

/** The controller's clock is changed during waits. The service's clock and the elapsed time are not affected. */
public class ClockJumpTest {

    private static final List<Duration> JUMPS =
            List.of(Duration.ofHours(-24), Duration.ofHours(-1), Duration.ofHours(1), Duration.ofHours(24));

    @Rule
    public final Simulation simulation = new Simulation();

    @Test
    public void progressIsPolledAndReportedAsBefore() {
        for (Duration jump : JUMPS) {
            long start = simulation.time.millis();
            simulation.service.createdNow().progress(() -> (simulation.time.millis() - start) / 36_000d);
            Wait wait = simulation.begin();
            simulation.advance(Duration.ofMinutes(30));
            int tasks = simulation.service.count("tasks");
            simulation.time.clock().advance(jump);
            simulation.advance(Duration.ofMinutes(20));
            List<Integer> percents = wait.listener().percents();

            assertThat("after " + jump, percents.get(percents.size() - 1), greaterThan(55));
            assertThat("after " + jump, simulation.service.count("tasks"), greaterThan(tasks));
            assertThat("after " + jump, simulation.service.count("tasks"), lessThan(tasks + 40));
            wait.jobWait().cancel();
            simulation.time.clock().advance(jump.negated());
        }
    }

    @Test
    public void theEndIsSeenWithinThePollingInterval() {
        for (Duration jump : JUMPS) {
            simulation.service.createdNow().state(JobState.PROCESSING);
            Wait wait = simulation.begin();
            simulation.advance(Duration.ofMinutes(30));
            simulation.time.clock().advance(jump);
            simulation.advance(Duration.ofMinutes(5));
            simulation.service.state(JobState.FINISHED);
            Duration duration = simulation.advanceUntilEnded(wait, Duration.ofHours(1));

            assertThat("after " + jump, duration, lessThanOrEqualTo(Duration.ofSeconds(62)));
            assertThat(wait.listener().outcome(), instanceOf(WaitOutcome.Completed.class));
            simulation.time.clock().advance(jump.negated());
        }
    }

    @Test
    public void deadlinesIgnoreClockJumps() {
        for (Duration jump : JUMPS) {
            Wait wait = simulation.begin(simulation::target, Duration.ofMinutes(30), new RecordingListener());
            simulation.advance(Duration.ofMinutes(10));
            simulation.time.clock().advance(jump);
            Duration rest = simulation.advanceUntilEnded(wait, Duration.ofDays(3));
            assertEquals("after " + jump, Duration.ofMinutes(20), rest);
        }
    }

    @Test
    public void theExpectedEndMovesWithTheClock() {
        JobProgress before = new JobProgress(
                50,
                simulation.time.clock().instant(),
                simulation.time.clock().instant().plusSeconds(600));
        JobProgress after = before.seenAt(before.seen().minusSeconds(3600));
        assertEquals(Duration.ofSeconds(600), after.remaining(after.seen()));
        assertEquals(50, after.percent(), 0);
        assertEquals(
                null,
                new JobProgress(0, before.seen(), null).seenAt(after.seen()).end());
    }
}
