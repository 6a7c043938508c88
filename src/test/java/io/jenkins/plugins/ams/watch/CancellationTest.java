/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.watch;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.emulator.Fault;
import io.jenkins.plugins.ams.emulator.JobScript;
import io.jenkins.plugins.ams.emulator.RequestKind;
import io.jenkins.plugins.ams.service.AmsV2JobId;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.ServiceException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** Asking the service to cancel a job, patiently but not for ever. */
public class CancellationTest {

    private static final JobScript ENCODING = JobScript.named("Encoding").task("Encode", Duration.ofHours(2));

    @Rule
    public final Waits waits = new Waits();

    private EmulatedJob job;

    @Before
    public void addJob() {
        job = waits.emulator.addJob(ENCODING.canceling(Duration.ofHours(1)));
    }

    @Test
    public void asksAgainWhereTheServiceIsBusy() {
        waits.emulator.faults().inject(Fault.status(503).on(RequestKind.CANCEL).times(2));
        CompletableFuture<Boolean> answer = cancel();
        assertFalse(answer.isDone());
        waits.advance(Duration.ofSeconds(10));

        assertThat(answer.join(), is(true));
        assertEquals(3, waits.emulator.requests().count(RequestKind.CANCEL));
        assertEquals(JobState.CANCELING.number(), job.state());
    }

    @Test
    public void asksAgainAtTheTimeThatTheServiceAskedFor() {
        waits.emulator
                .faults()
                .inject(Fault.status(429)
                        .retryAfter(Duration.ofSeconds(30))
                        .on(RequestKind.CANCEL)
                        .once());
        CompletableFuture<Boolean> answer = cancel();
        waits.advance(Duration.ofMillis(29_999));
        assertEquals(1, waits.emulator.requests().count(RequestKind.CANCEL));
        waits.advance(Duration.ofMillis(1));

        assertThat(answer.join(), is(true));
    }

    @Test
    public void anAnswerThatWasLostIsNoFailure() {
        // the HTTP client may ask again by itself, so that only a row of losses is sure to be seen as one
        waits.emulator.faults().inject(Fault.lostAnswer().on(RequestKind.CANCEL).times(8));
        CompletableFuture<Boolean> answer = cancel();
        waits.advance(Duration.ofSeconds(59));

        assertThat("there was something to cancel", answer.join(), is(true));
        assertEquals(JobState.CANCELING.number(), job.state());
    }

    @Test
    public void failsAtOnceWhereThereIsNoPoint() {
        waits.emulator.faults().inject(Fault.status(403).on(RequestKind.CANCEL));
        assertEquals(ServiceException.Kind.FORBIDDEN, failure(cancel()).kind());
        assertEquals(1, waits.emulator.requests().count(RequestKind.CANCEL));
    }

    @Test
    public void failsWhereThereIsNoAccount() {
        IllegalArgumentException noAccount = new IllegalArgumentException("no such account");
        CompletableFuture<Boolean> answer = waits.watcher.cancelJob(AmsV2JobId.parse(job.id()), () -> {
            throw noAccount;
        });
        waits.settle();

        assertSame(
                noAccount, assertThrows(CompletionException.class, answer::join).getCause());
    }

    @Test
    public void givesUpWithinAMinute() {
        waits.emulator.faults().inject(Fault.status(503).on(RequestKind.CANCEL));
        CompletableFuture<Boolean> answer = cancel();
        waits.advance(Duration.ofSeconds(20));
        assertFalse(answer.isDone());
        waits.advance(Duration.ofSeconds(40));

        assertEquals(503, failure(answer).status());
        assertThat(waits.emulator.requests().count(RequestKind.CANCEL), greaterThan(3L));
        assertThat(waits.emulator.requests().count(RequestKind.CANCEL), lessThan(10L));
        assertEquals(0, waits.time.alarms());
    }

    @Test
    public void givesUpAtOnceWhereTheServiceAsksForMoreThanAMinute() {
        waits.emulator
                .faults()
                .inject(Fault.status(503).retryAfter(Duration.ofMinutes(2)).on(RequestKind.CANCEL));
        assertEquals(503, failure(cancel()).status());
    }

    @Test
    public void givesUpWithinAMinuteAlsoWhereTheServiceAskedToBeLeftAloneBefore() {
        waits.emulator
                .faults()
                .inject(Fault.status(503)
                        .retryAfter(Duration.ofMinutes(10))
                        .on(RequestKind.JOBS)
                        .once());
        waits.wait(job).watch().cancel();
        CompletableFuture<Boolean> answer = cancel();
        waits.advance(Duration.ofSeconds(59));
        assertFalse(answer.isDone());
        waits.advance(Duration.ofSeconds(1));

        assertEquals(ServiceException.Kind.NO_ANSWER, failure(answer).kind());
        assertEquals(0, waits.time.alarms());
        waits.advance(Duration.ofMinutes(20));
        assertEquals(
                "whoever was told to see to it himself is not crossed",
                0,
                waits.emulator.requests().count(RequestKind.CANCEL));
    }

    @Test
    public void givesUpWithinAMinuteWhereTheServiceDoesNotAnswer() {
        waits.emulator.faults().inject(Fault.hang().on(RequestKind.CANCEL));
        CompletableFuture<Boolean> answer = waits.watcher.cancelJob(AmsV2JobId.parse(job.id()), waits::target);
        waits.advanceWhileSomeHang(Duration.ofMinutes(1));

        assertTrue(answer.isCompletedExceptionally());
    }

    /** A build that Jenkins aborts while it shuts down must not be told that somebody asks on. */
    @Test
    public void failsAtOnceWhereTheThreadsAreShutDown() {
        JobWatcher shutDown = new JobWatcher(
                waits.time.clock(),
                waits.time,
                task -> {
                    throw new RejectedExecutionException("shut down");
                },
                Runnable::run,
                new Random(42));
        shutDown.shut();
        CompletableFuture<Boolean> answer = shutDown.cancelJob(AmsV2JobId.parse(job.id()), waits::target);

        assertTrue("is still waited for", answer.isDone());
        assertEquals(
                "Jenkins is being shut down",
                assertThrows(CompletionException.class, answer::join).getCause().getMessage());
    }

    private CompletableFuture<Boolean> cancel() {
        CompletableFuture<Boolean> answer = waits.watcher.cancelJob(AmsV2JobId.parse(job.id()), waits::target);
        waits.settle();
        return answer;
    }

    private static ServiceException failure(CompletableFuture<Boolean> answer) {
        assertTrue("is still waited for", answer.isDone());
        return (ServiceException)
                assertThrows(CompletionException.class, answer::join).getCause();
    }
}
