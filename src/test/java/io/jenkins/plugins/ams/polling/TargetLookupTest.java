/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.instanceOf;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.auth.AuthenticationException;
import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.emulator.JobScript;
import io.jenkins.plugins.ams.polling.Waits.Wait;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.v2.AmsV2JobId;
import io.jenkins.plugins.ams.testing.ExpectedLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.Rule;
import org.junit.Test;

/** The lookup of a wait's target, which may involve a credentials store that does not respond. */
public class TargetLookupTest {

    @Rule
    public final ExpectedLog expected = ExpectedLog.ofMsal4j();

    @Rule
    public final Waits waits = new Waits();

    @Test
    public void hungLookupsBlockNoThreadOfThePoller() {
        for (int i = 0; i < 100; i++) {
            waits.wait(job().id(), new SlowSource(), null);
        }
        Wait healthy = waits.wait(job());
        assertEquals(List.of(JobState.PROCESSING), healthy.listener().states());
    }

    @Test
    public void pollsOnceTheTargetIsFound() {
        SlowSource source = new SlowSource();
        Wait wait = waits.wait(job().id(), source, null);
        assertEquals(List.of(), wait.listener().states());
        source.lookups.get(0).complete(waits.target());
        waits.settle();
        assertEquals(List.of(JobState.PROCESSING), wait.listener().states());
    }

    @Test
    public void reportsAndRetriesAHungStore() {
        SlowSource source = new SlowSource();
        Wait wait = waits.wait(job().id(), source, null);
        source.lookups.get(0).completeExceptionally(unavailable());
        waits.settle();
        assertEquals(1, wait.listener().errors().size());
        assertFalse(wait.jobWait().isEnded());
        waits.advance(Duration.ofSeconds(3));
        source.lookups.get(1).complete(waits.target());
        waits.settle();
        assertEquals(List.of(JobState.PROCESSING), wait.listener().states());
        assertEquals(1, wait.listener().recoveries().size());
    }

    @Test
    public void otherErrorsEndTheWait() {
        SlowSource source = new SlowSource();
        Wait wait = waits.wait(job().id(), source, null);
        source.lookups.get(0).completeExceptionally(new IllegalStateException("There is no such account"));
        waits.settle();
        assertThat(wait.listener().outcome(), instanceOf(WaitOutcome.Failed.class));
    }

    @Test
    public void timesOutWhileALookupHangs() {
        SlowSource source = new SlowSource();
        Wait wait = waits.wait(job().id(), source, Duration.ofMinutes(2));
        waits.advance(Duration.ofMinutes(2));
        assertThat(wait.listener().outcome(), instanceOf(WaitOutcome.TimedOut.class));
        source.lookups.get(0).complete(waits.target());
        waits.settle();
        assertEquals(List.of(), wait.listener().states());
    }

    @Test
    public void doesNotPollACanceledWait() {
        SlowSource source = new SlowSource();
        Wait wait = waits.wait(job().id(), source, null);
        wait.jobWait().cancel();
        source.lookups.get(0).complete(waits.target());
        waits.settle();
        assertEquals(List.of(), wait.listener().states());
        assertEquals(0, waits.emulator.requests().count());
    }

    /** The job was found before: at the start of a wait, a rejection is a configuration error. */
    @Test
    public void retriesTheLookupOfNewCredentials() {
        SlowSource source = new SlowSource();
        Wait wait = waits.wait(job().id(), source, null);
        source.lookups.get(0).complete(waits.target());
        waits.settle();
        waits.emulator.azureAd().rotateSecret("rotated").expireTokens();
        waits.advance(Duration.ofMinutes(2));
        source.lookups.get(1).completeExceptionally(unavailable());
        waits.settle();
        assertFalse(wait.jobWait().isEnded());
        waits.advance(Duration.ofMinutes(1));
        source.lookups.get(2).complete(waits.target());
        waits.settle();
        assertTrue(wait.listener().recoveries().size() > 0);
    }

    @Test
    public void aCancellationBlocksNoThread() {
        EmulatedJob job = job();
        SlowSource source = new SlowSource();
        CompletableFuture<Boolean> result = waits.poller.cancelJob(
                AmsV2JobId.parse(job.id()), source, Duration.ofDays(1), false, new RecordingCancellation());
        waits.settle();
        source.lookups.get(0).complete(waits.target());
        waits.settle();
        assertTrue(result.join());
        waits.advance(JobCancellation.FOLLOW_PERIOD);
    }

    private EmulatedJob job() {
        return waits.emulator.addJob(
                JobScript.named("Encoding").queued(Duration.ZERO).task("Encode", Duration.ofHours(1)));
    }

    private static AuthenticationException unavailable() {
        return AuthenticationException.of(
                AuthenticationException.Kind.CREDENTIALS_UNAVAILABLE, "no result within 30 s");
    }

    /** Lookups that the test completes. */
    private static final class SlowSource implements PollTarget.Source {

        final List<CompletableFuture<PollTarget>> lookups = new ArrayList<>();

        @Override
        public PollTarget find() {
            throw new AssertionError("would block a thread of the poller");
        }

        @Override
        public synchronized CompletableFuture<PollTarget> lookUp() {
            CompletableFuture<PollTarget> lookup = new CompletableFuture<>();
            lookups.add(lookup);
            return lookup;
        }
    }
}
