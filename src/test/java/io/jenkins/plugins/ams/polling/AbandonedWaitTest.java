/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.polling.Waits.Wait;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.ServiceException;
import io.jenkins.plugins.ams.testing.CapturedLog;
import java.time.Duration;
import org.junit.Rule;
import org.junit.Test;

/** Builds that end without canceling their waits, for example because they were killed. */
public class AbandonedWaitTest {

    @Rule
    public final Simulation simulation = new Simulation();

    private boolean abandoned;
    private int notified;

    private final RecordingListener listener = new RecordingListener() {
        @Override
        public boolean isAbandoned() {
            return abandoned;
        }

        @Override
        public void onAbandoned() {
            notified++;
        }
    };

    @Test
    public void arePolledForAMinuteAtMost() {
        assertEndsSoon();
    }

    @Test
    public void endSoonWhenTheServiceFails() {
        simulation.service.failPolls(ServiceException.of(
                ServiceException.Kind.UNAVAILABLE,
                503,
                "busy",
                new AmsException.Context(null, Duration.ofHours(3), null)));
        assertEndsSoon();
    }

    @Test
    public void endSoonWhenTheJobEnds() {
        Wait wait = simulation.begin(simulation::target, null, listener);
        simulation.advance(Duration.ofMinutes(10));
        abandoned = true;
        simulation.service.state(JobState.FINISHED);
        simulation.advance(Heartbeat.INTERVAL);
        assertTrue(wait.jobWait().isEnded());
    }

    private void assertEndsSoon() {
        Wait wait = simulation.begin(simulation::target, Duration.ofHours(2), listener);
        simulation.advance(Duration.ofMinutes(10));
        assertFalse(wait.jobWait().isEnded());
        abandoned = true;
        try (CapturedLog log = CapturedLog.start()) {
            simulation.advance(Heartbeat.INTERVAL);
            assertThat(
                    log.messagesOf(JobWait.class),
                    contains("Canceling the wait for Encoding/job-0: its build has ended without canceling it"));
        }
        assertTrue(wait.jobWait().isEnded());
        assertEquals(0, simulation.poller.size());
        int polls = simulation.service.polls().size();
        simulation.advance(Duration.ofHours(4));
        assertEquals(polls, simulation.service.polls().size());
        assertThat("no outcome is reported", listener.outcomes(), empty());
        assertEquals("the listener is notified that the wait was abandoned", 1, notified);
    }
}
