/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.watch;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.instanceOf;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.auth.AuthenticationException;
import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.emulator.JobScript;
import io.jenkins.plugins.ams.service.AmsV2JobId;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.watch.Waits.Wait;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.Rule;
import org.junit.Test;

/** The way from a wait to where it polls, which may lead through a credentials store that does not respond. */
public class TargetLookupTest {

    @Rule
    public final Waits waits = new Waits();

    @Test
    public void lookupsThatHangHoldNoThreadOfTheWatcher() {
        for (int i = 0; i < 100; i++) {
            waits.wait(job().id(), new SlowSource(), null);
        }
        Wait healthy = waits.wait(job());
        assertEquals(List.of(JobState.PROCESSING), healthy.heard().states());
    }

    @Test
    public void aWaitIsPolledWhenItsTargetIsFound() {
        SlowSource source = new SlowSource();
        Wait wait = waits.wait(job().id(), source, null);
        assertEquals(List.of(), wait.heard().states());
        source.lookups.get(0).complete(waits.target());
        waits.settle();
        assertEquals(List.of(JobState.PROCESSING), wait.heard().states());
    }

    @Test
    public void aStoreThatDoesNotRespondIsReportedAndAskedAgain() {
        SlowSource source = new SlowSource();
        Wait wait = waits.wait(job().id(), source, null);
        source.lookups.get(0).completeExceptionally(unavailable());
        waits.settle();
        assertEquals(1, wait.heard().troubles().size());
        assertFalse(wait.watch().isOver());
        waits.advance(Duration.ofSeconds(3));
        source.lookups.get(1).complete(waits.target());
        waits.settle();
        assertEquals(List.of(JobState.PROCESSING), wait.heard().states());
        assertEquals(1, wait.heard().recoveries().size());
    }

    @Test
    public void anythingElseEndsTheWait() {
        SlowSource source = new SlowSource();
        Wait wait = waits.wait(job().id(), source, null);
        source.lookups.get(0).completeExceptionally(new IllegalStateException("There is no such account"));
        waits.settle();
        assertThat(wait.heard().outcome(), instanceOf(Outcome.Refused.class));
    }

    @Test
    public void theDeadlinePassesWhileALookupHangs() {
        SlowSource source = new SlowSource();
        Wait wait = waits.wait(job().id(), source, Duration.ofMinutes(2));
        waits.advance(Duration.ofMinutes(2));
        assertThat(wait.heard().outcome(), instanceOf(Outcome.TimedOut.class));
        source.lookups.get(0).complete(waits.target());
        waits.settle();
        assertEquals(List.of(), wait.heard().states());
    }

    @Test
    public void aCanceledWaitIsNotPolledWhenItsTargetIsFound() {
        SlowSource source = new SlowSource();
        Wait wait = waits.wait(job().id(), source, null);
        wait.watch().cancel();
        source.lookups.get(0).complete(waits.target());
        waits.settle();
        assertEquals(List.of(), wait.heard().states());
        assertEquals(0, waits.emulator.requests().count());
    }

    /** Once the job was seen: at the start of a wait a rejection is an error of configuration. */
    @Test
    public void newCredentialsAreLookedUpAgainIfTheirStoreDoesNotRespond() {
        SlowSource source = new SlowSource();
        Wait wait = waits.wait(job().id(), source, null);
        source.lookups.get(0).complete(waits.target());
        waits.settle();
        waits.emulator.azureAd().rotateSecret("rotated").expireTokens();
        waits.advance(Duration.ofMinutes(2));
        source.lookups.get(1).completeExceptionally(unavailable());
        waits.settle();
        assertFalse(wait.watch().isOver());
        waits.advance(Duration.ofMinutes(1));
        source.lookups.get(2).complete(waits.target());
        waits.settle();
        assertTrue(wait.heard().recoveries().size() > 0);
    }

    @Test
    public void aCancellationHoldsNoThreadEither() {
        EmulatedJob job = job();
        SlowSource source = new SlowSource();
        CompletableFuture<Boolean> answer = waits.watcher.cancelJob(
                AmsV2JobId.parse(job.id()), source, Duration.ofDays(1), new RecordingCancellation());
        waits.settle();
        source.lookups.get(0).complete(waits.target());
        waits.settle();
        assertTrue(answer.join());
        waits.advance(Cancellation.FOLLOW_PERIOD);
    }

    private EmulatedJob job() {
        return waits.emulator.addJob(
                JobScript.named("Encoding").queued(Duration.ZERO).task("Encode", Duration.ofHours(1)));
    }

    private static AuthenticationException unavailable() {
        return new AuthenticationException(
                AuthenticationException.Kind.CREDENTIALS_UNAVAILABLE, null, "no result within 30 s", null, null, null);
    }

    /** Lookups end when the test lets them. */
    private static final class SlowSource implements Target.Source {

        final List<CompletableFuture<Target>> lookups = new ArrayList<>();

        @Override
        public Target find() {
            throw new AssertionError("would block a thread of the watcher");
        }

        @Override
        public synchronized CompletableFuture<Target> lookUp() {
            CompletableFuture<Target> lookup = new CompletableFuture<>();
            lookups.add(lookup);
            return lookup;
        }
    }
}
