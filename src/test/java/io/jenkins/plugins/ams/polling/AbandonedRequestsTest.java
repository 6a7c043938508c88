/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.junit.Assert.assertEquals;

import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.emulator.Fault;
import io.jenkins.plugins.ams.emulator.Faults;
import io.jenkins.plugins.ams.emulator.JobScript;
import io.jenkins.plugins.ams.emulator.RequestKind;
import io.jenkins.plugins.ams.polling.Waits.Wait;
import io.jenkins.plugins.ams.service.JobState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/**
 * Requests whose result is no longer needed are aborted at once and free their place. In these tests, they never reach
 * their timeout.
 */
public class AbandonedRequestsTest {

    @Rule
    public final HttpWaits waits = new HttpWaits();

    private Faults.Injection hang;

    @Before
    public void hang() {
        waits.wait(job()).jobWait().cancel(); // requests a token first
        hang = waits.emulator.faults().inject(Fault.hang());
    }

    @Test
    public void freeCapacityForOtherWaits() {
        List<JobWait> aborted = new ArrayList<>();
        for (int i = 0; i < ConcurrencyLimiter.MIN_IN_FLIGHT; i++) {
            aborted.add(beginHung());
        }
        await().until(() -> hang.hits() == ConcurrencyLimiter.MIN_IN_FLIGHT);
        hang.remove();
        RecordingListener listener = new RecordingListener();
        waits.begin(job().id(), waits::target, null, listener);
        waits.awaitIdleThreads();
        assertThat("the concurrency limit is reached", listener.states(), empty());

        aborted.get(0).cancel();
        await().until(() -> listener.states().size() == 1);
        assertThat(listener.states(), contains(JobState.QUEUED));
        aborted.forEach(JobWait::cancel);
        awaitAbandoned();
        assertThat("an aborted request is not an error of the service", listener.errors(), empty());
        assertEquals("one connection stays open", 1, waits.emulator.connections());
    }

    @Test
    public void continueWhileAnotherWaitSharesThem() {
        waits.emulator.faults().clear();
        Wait first = waits.wait(job());
        Wait second = waits.wait(job());
        waits.emulator.requests().clear();
        hang = waits.emulator.faults().inject(Fault.hang());
        waits.time.advanceUntil(() -> waits.poller.inFlight() > 0, Duration.ofMinutes(1), waits::awaitIdleThreads);
        await().until(() -> hang.hits() == 1);
        assertEquals(1, waits.poller.inFlight());
        int open = waits.emulator.connections();

        first.jobWait().cancel();
        waits.awaitIdleThreads();
        assertEquals(1, waits.poller.inFlight());
        assertEquals(open, waits.emulator.connections());

        second.jobWait().cancel();
        awaitAbandoned();
        await().until(() -> waits.emulator.connections() == open - 1);
    }

    @Test
    public void endWithTheTimeoutOfTheirWait() {
        RecordingListener listener = new RecordingListener();
        waits.begin(job().id(), waits::target, Duration.ofMinutes(1), listener);
        await().until(() -> hang.hits() == 1);
        waits.time.advance(Duration.ofMinutes(1), waits::awaitIdleThreads);
        awaitAbandoned();
        assertEquals(new WaitOutcome.TimedOut(null), listener.outcome());
    }

    @Test
    public void areNotCountedAsErrors() {
        for (int i = 0; i < 5; i++) {
            JobWait jobWait = beginHung();
            int hits = i + 1;
            await().until(() -> hang.hits() == hits);
            jobWait.cancel();
            awaitAbandoned();
        }
        hang.remove();
        waits.emulator.faults().inject(Fault.status(504).on(RequestKind.JOBS).times(2));
        Wait wait = waits.wait(job());
        waits.advance(Duration.ofSeconds(2));
        Wait other = waits.wait(job());
        assertThat("aborted requests do not count as errors", other.listener().states(), contains(JobState.QUEUED));
        waits.advance(Duration.ofSeconds(10));
        assertThat(wait.listener().states(), contains(JobState.QUEUED));
    }

    /** Well below the timeout of an HTTP exchange. */
    private void awaitAbandoned() {
        await().atMost(Duration.ofSeconds(15)).until(() -> waits.poller.inFlight() == 0);
        waits.settle();
    }

    private JobWait beginHung() {
        return waits.begin(job().id(), waits::target, null, new RecordingListener());
    }

    private EmulatedJob job() {
        return waits.emulator.addJob(JobScript.named("job").queued(Duration.ofHours(1)));
    }
}
