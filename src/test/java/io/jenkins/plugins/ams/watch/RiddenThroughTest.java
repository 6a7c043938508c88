/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.watch;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.instanceOf;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.auth.AuthenticationException;
import io.jenkins.plugins.ams.emulator.AzureAd;
import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.emulator.JobScript;
import io.jenkins.plugins.ams.emulator.RequestKind;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.watch.Waits.Wait;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.Rule;
import org.junit.Test;

/** Waits whose authority has its troubles: those that pass are ridden through, those that do not end the wait. */
public class RiddenThroughTest {

    private static final JobScript ENCODING =
            JobScript.named("Encoding").queued(Duration.ofSeconds(20)).task("Encode", Duration.ofMinutes(2));

    @Rule
    public final Waits waits = new Waits();

    @Test
    public void ridesThroughAnAuthorityThatIsBusyAndSaysSoOnce() {
        waits.emulator.azureAd().trouble(AzureAd.Trouble.BUSY);
        Wait wait = waits.wait(waits.emulator.addJob(ENCODING));
        waits.advance(Duration.ofMinutes(1));
        assertThat(wait.heard().troubles(), hasSize(1));
        assertThat("backs off", waits.emulator.requests().count(RequestKind.TOKEN), greaterThan(3L));
        assertTrue(waits.emulator.requests().count(RequestKind.TOKEN) < 12);

        waits.emulator.azureAd().trouble(AzureAd.Trouble.NONE);
        waits.advanceUntilOver(wait, Duration.ofMinutes(5));

        assertThat(wait.heard().recoveries(), hasSize(1));
        assertEquals(
                JobState.FINISHED,
                ((Outcome.Ended) wait.heard().outcome()).job().state());
    }

    @Test
    public void leavesTheAuthorityAloneForAsLongAsItAsks() {
        waits.emulator
                .azureAd()
                .trouble(AzureAd.Trouble.THROTTLED_WITH_RETRY_AFTER)
                .retryAfter(Duration.ofSeconds(40));
        Wait wait = waits.wait(waits.emulator.addJob(ENCODING));
        assertThat(wait.heard().pauses(), contains(Duration.ofSeconds(40)));

        waits.advance(Duration.ofSeconds(39));
        assertEquals(1, waits.emulator.requests().count(RequestKind.TOKEN));
        waits.advance(Duration.ofSeconds(1));
        assertEquals(2, waits.emulator.requests().count(RequestKind.TOKEN));
    }

    @Test
    public void renewsAnExpiredTokenWithoutAWord() {
        Wait wait = waits.wait(waits.emulator.addJob(ENCODING));
        waits.emulator.azureAd().expireTokens();

        waits.advanceUntilOver(wait, Duration.ofMinutes(5));

        assertThat(wait.heard().outcome(), instanceOf(Outcome.Ended.class));
        assertThat(wait.heard().troubles(), empty());
        assertEquals(2, waits.emulator.requests().count(RequestKind.TOKEN));
    }

    @Test
    public void endsWithAWrongSecret() {
        EmulatedJob job = waits.emulator.addJob(ENCODING);
        Wait wait = waits.wait(job.id(), () -> waits.target("not the secret"), null);

        assertKind(AuthenticationException.Kind.WRONG_SECRET, wait);
    }

    @Test
    public void endsWithASecretThatHasExpiredAndIsNotRenewed() {
        Wait wait = waits.wait(waits.emulator.addJob(ENCODING));
        waits.emulator.azureAd().trouble(AzureAd.Trouble.EXPIRED_SECRET).expireTokens();

        waits.advance(RetryPolicy.MIN_PATIENCE);
        assertThat("is reported, and retried for as long", wait.heard().rejections(), hasSize(1));
        assertFalse(wait.watch().isOver());
        waits.advanceUntilOver(wait, Duration.ofMinutes(5));

        assertKind(AuthenticationException.Kind.EXPIRED_SECRET, wait);
    }

    @Test
    public void triesOtherCredentialsOnceOnly() {
        EmulatedJob job = waits.emulator.addJob(ENCODING);
        AtomicInteger found = new AtomicInteger();
        Wait wait = waits.wait(job.id(), () -> waits.target("guess " + found.incrementAndGet()), null);

        assertKind(AuthenticationException.Kind.WRONG_SECRET, wait);
        assertEquals(2, waits.emulator.requests().count(RequestKind.TOKEN));
    }

    @Test
    public void goesOnWithASecretThatWasRotatedMeanwhile() {
        AtomicReference<String> stored = new AtomicReference<>(waits.emulator.clientSecret());
        EmulatedJob job = waits.emulator.addJob(ENCODING);
        Wait wait = waits.wait(job.id(), () -> waits.target(stored.get()), null);
        waits.emulator.azureAd().rotateSecret("another secret").expireTokens();
        stored.set("another secret");

        waits.advanceUntilOver(wait, Duration.ofMinutes(5));

        assertThat(wait.heard().outcome(), instanceOf(Outcome.Ended.class));
        assertThat(wait.heard().troubles(), empty());
    }

    @Test
    public void endsWhereThereIsNoTarget() {
        IllegalArgumentException noAccount = new IllegalArgumentException("no such account");
        Wait wait = waits.wait(
                waits.emulator.addJob(ENCODING).id(),
                () -> {
                    throw noAccount;
                },
                null);

        assertEquals(new Outcome.Refused(noAccount), wait.heard().outcome());
    }

    @Test
    public void timesOutWhileTheAuthorityIsDown() {
        waits.emulator.azureAd().trouble(AzureAd.Trouble.HTML_PAGE);
        EmulatedJob job = waits.emulator.addJob(ENCODING);
        Wait wait = waits.wait(job.id(), waits::target, Duration.ofMinutes(3));

        waits.advance(Duration.ofSeconds(179));
        assertFalse(wait.watch().isOver());
        waits.advance(Duration.ofSeconds(1));

        assertEquals(new Outcome.TimedOut(null), wait.heard().outcome());
        assertEquals(0, waits.time.alarms());
    }

    private static void assertKind(AuthenticationException.Kind kind, Wait wait) {
        Outcome.Refused refused = (Outcome.Refused) wait.heard().outcome();
        assertEquals(kind, ((AuthenticationException) refused.cause()).kind());
    }
}
