/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.instanceOf;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.auth.AuthenticationException;
import io.jenkins.plugins.ams.emulator.AzureAd;
import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.emulator.JobScript;
import io.jenkins.plugins.ams.emulator.RequestKind;
import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.polling.Waits.Wait;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.testing.ExpectedLog;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.Rule;
import org.junit.Test;

/** Errors of the authority: transient errors are retried, final ones end the wait. */
public class AuthorityErrorsTest {

    private static final JobScript ENCODING =
            JobScript.named("Encoding").queued(Duration.ofSeconds(20)).task("Encode", Duration.ofMinutes(2));

    @Rule
    public final ExpectedLog expected = ExpectedLog.ofMsal4j();

    @Rule
    public final Waits waits = new Waits();

    @Test
    public void retriesABusyAuthorityAndReportsItOnce() {
        waits.emulator.azureAd().fault(AzureAd.AuthorityError.BUSY);
        Wait wait = waits.wait(waits.emulator.addJob(ENCODING));
        waits.advance(Duration.ofMinutes(1));
        assertThat(wait.listener().errors(), hasSize(1));
        assertThat(
                "token requests are retried with backoff",
                waits.emulator.requests().count(RequestKind.TOKEN),
                greaterThan(3L));
        assertTrue(waits.emulator.requests().count(RequestKind.TOKEN) < 12);

        waits.emulator.azureAd().fault(AzureAd.AuthorityError.NONE);
        waits.advanceUntilEnded(wait, Duration.ofMinutes(5));

        assertThat(wait.listener().recoveries(), hasSize(1));
        assertEquals(
                JobState.FINISHED,
                ((WaitOutcome.Completed) wait.listener().outcome()).job().state());
    }

    @Test
    public void honorsRetryAfterOfTheAuthority() {
        waits.emulator
                .azureAd()
                .fault(AzureAd.AuthorityError.THROTTLED_WITH_RETRY_AFTER)
                .retryAfter(Duration.ofSeconds(40));
        Wait wait = waits.wait(waits.emulator.addJob(ENCODING));
        assertThat(wait.listener().retryDelays(), contains(Duration.ofSeconds(40)));

        waits.advance(Duration.ofSeconds(39));
        assertEquals(1, waits.emulator.requests().count(RequestKind.TOKEN));
        waits.advance(Duration.ofSeconds(1));
        assertEquals(2, waits.emulator.requests().count(RequestKind.TOKEN));
    }

    @Test
    public void renewsAnExpiredTokenSilently() {
        Wait wait = waits.wait(waits.emulator.addJob(ENCODING));
        waits.emulator.azureAd().expireTokens();

        waits.advanceUntilEnded(wait, Duration.ofMinutes(5));

        assertThat(wait.listener().outcome(), instanceOf(WaitOutcome.Completed.class));
        assertThat(wait.listener().errors(), empty());
        assertEquals(2, waits.emulator.requests().count(RequestKind.TOKEN));
    }

    @Test
    public void failsWithAWrongSecret() {
        EmulatedJob job = waits.emulator.addJob(ENCODING);
        Wait wait = waits.wait(job.id(), () -> waits.target("not the secret"), null);

        assertKind(AuthenticationException.Kind.WRONG_SECRET, wait);
    }

    @Test
    public void failsWithAnExpiredSecret() {
        Wait wait = waits.wait(waits.emulator.addJob(ENCODING));
        waits.emulator.azureAd().fault(AzureAd.AuthorityError.EXPIRED_SECRET).expireTokens();

        waits.advance(RetryPolicy.MIN_REJECTION_PERIOD);
        assertThat("the rejection is reported once", wait.listener().rejections(), hasSize(1));
        assertFalse(wait.jobWait().isEnded());
        waits.advanceUntilEnded(wait, Duration.ofMinutes(5));

        assertKind(AuthenticationException.Kind.EXPIRED_SECRET, wait);
    }

    @Test
    public void triesOtherCredentialsOnce() {
        EmulatedJob job = waits.emulator.addJob(ENCODING);
        AtomicInteger found = new AtomicInteger();
        Wait wait = waits.wait(job.id(), () -> waits.target("guess " + found.incrementAndGet()), null);

        assertKind(AuthenticationException.Kind.WRONG_SECRET, wait);
        assertEquals(2, waits.emulator.requests().count(RequestKind.TOKEN));
    }

    @Test
    public void continuesWithARotatedSecret() {
        AtomicReference<String> stored = new AtomicReference<>(waits.emulator.clientSecret());
        EmulatedJob job = waits.emulator.addJob(ENCODING);
        Wait wait = waits.wait(job.id(), () -> waits.target(stored.get()), null);
        waits.emulator.azureAd().rotateSecret("another secret").expireTokens();
        stored.set("another secret");

        waits.advanceUntilEnded(wait, Duration.ofMinutes(5));

        assertThat(wait.listener().outcome(), instanceOf(WaitOutcome.Completed.class));
        assertThat(wait.listener().errors(), empty());
    }

    @Test
    public void failsWithoutATarget() {
        IllegalArgumentException noAccount = new IllegalArgumentException("no such account");
        Wait wait = waits.wait(
                waits.emulator.addJob(ENCODING).id(),
                () -> {
                    throw noAccount;
                },
                null);

        AmsException cause = ((WaitOutcome.Failed) wait.listener().outcome()).cause();
        assertSame(noAccount, cause.getCause());
        assertEquals("no such account", cause.getMessage());
    }

    @Test
    public void timesOutWhileTheAuthorityIsDown() {
        waits.emulator.azureAd().fault(AzureAd.AuthorityError.HTML_PAGE);
        EmulatedJob job = waits.emulator.addJob(ENCODING);
        Wait wait = waits.wait(job.id(), waits::target, Duration.ofMinutes(3));

        waits.advance(Duration.ofSeconds(179));
        assertFalse(wait.jobWait().isEnded());
        waits.advance(Duration.ofSeconds(1));

        assertEquals(new WaitOutcome.TimedOut(null), wait.listener().outcome());
        assertEquals(0, waits.time.scheduledTasks());
    }

    private static void assertKind(AuthenticationException.Kind kind, Wait wait) {
        WaitOutcome.Failed failed = (WaitOutcome.Failed) wait.listener().outcome();
        assertEquals(kind, ((AuthenticationException) failed.cause()).kind());
    }
}
