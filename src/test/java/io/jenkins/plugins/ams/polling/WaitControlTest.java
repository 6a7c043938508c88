/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.polling.Waits.Wait;
import io.jenkins.plugins.ams.service.JobState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.Rule;
import org.junit.Test;

/** Tests what callers can find out about a wait in progress, and how they can poll its job early. */
public class WaitControlTest {

    @Rule
    public final Simulation simulation = new Simulation();

    @Test
    public void tellsTheTimeUntilTheNextPoll() {
        Wait wait = simulation.begin();
        assertEquals(
                "the target is not looked up yet",
                Optional.empty(),
                wait.jobWait().untilPoll());
        simulation.settle();
        assertEquals("in flight", Optional.of(Duration.ZERO), wait.jobWait().untilPoll());
        simulation.advance(Duration.ofMinutes(30));
        Duration until = wait.jobWait().untilPoll().orElseThrow();
        assertTrue(until.toString(), until.compareTo(simulation.pollInterval.multipliedBy(2)) < 0);
        int polls = simulation.service.polls().size();
        simulation.advance(until.plusMillis(1));
        assertEquals(polls + 1, simulation.service.polls().size());
    }

    @Test
    public void notifiesOnceWhenTheWaitEnds() {
        List<String> ends = new ArrayList<>();
        Wait finished = simulation.begin();
        finished.jobWait().whenEnded(() -> ends.add("finished"));
        Wait canceled = simulation.begin();
        canceled.jobWait().whenEnded(() -> ends.add("canceled"));
        simulation.advance(Duration.ofMinutes(1));
        assertEquals(List.of(), ends);
        canceled.jobWait().cancel();
        canceled.jobWait().cancel();
        assertEquals(List.of("canceled"), ends);
        simulation.service.state(JobState.FINISHED);
        simulation.advance(Duration.ofMinutes(3));
        assertEquals(List.of("canceled", "finished"), ends);
        finished.jobWait().whenEnded(() -> ends.add("late"));
        assertEquals(List.of("canceled", "finished", "late"), ends);
    }

    @Test
    public void pollsAtOnceOnRequest() {
        simulation.pollInterval = Duration.ofHours(1);
        Wait wait = simulation.begin();
        simulation.advance(Duration.ofHours(10));
        simulation.service.state(JobState.CANCELED);
        assertTrue(wait.jobWait().untilPoll().orElseThrow().compareTo(Duration.ofMinutes(1)) > 0);
        wait.jobWait().pollSoon();
        wait.jobWait().pollSoon();
        int polls = simulation.service.polls().size();
        simulation.advance(Duration.ofSeconds(2));
        assertTrue(wait.jobWait().isEnded());
        assertEquals("no poll is sent twice", polls, simulation.service.polls().size());
        wait.jobWait().pollSoon();
    }

    @Test
    public void anEarlyRequestForAPollHasNoEffect() {
        Wait wait = simulation.begin();
        wait.jobWait().pollSoon();
        simulation.settle();
        wait.jobWait().pollSoon();
        simulation.advance(Duration.ofSeconds(1));
        assertEquals(1, simulation.service.polls().size());
    }
}
