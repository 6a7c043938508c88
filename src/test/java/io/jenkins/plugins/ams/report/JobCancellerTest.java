/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.report;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.emulator.Fault;
import io.jenkins.plugins.ams.emulator.JobScript;
import io.jenkins.plugins.ams.emulator.RequestKind;
import io.jenkins.plugins.ams.service.AmsV2JobId;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.testing.CapturedLog;
import io.jenkins.plugins.ams.testing.Language;
import io.jenkins.plugins.ams.watch.Waits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** How long a build stays for the answer to a cancellation, and what its console says of it. */
public class JobCancellerTest {

    @Rule
    public final Language language = Language.english();

    @Rule
    public final Waits waits = new Waits();

    private final List<String> lines = Collections.synchronizedList(new ArrayList<>());
    private final List<WatchedJob.Cancel> shown = Collections.synchronizedList(new ArrayList<>());
    private EmulatedJob job;

    @Before
    public void addJob() {
        job = waits.emulator.addJob(
                JobScript.named("Encoding").task("Encode", Duration.ofHours(1)).canceling(Duration.ofHours(1)));
    }

    @Test
    public void isDoneOnceTheAnswerIsTold() {
        CompletableFuture<Void> told = cancel();
        assertTrue(told.isDone());
        assertThat(lines, contains("[AMS] The service cancels the job"));
        assertThat(shown, contains(WatchedJob.Cancel.ASKED, WatchedJob.Cancel.ACCEPTED));
        assertEquals("nothing is left to happen", 0, waits.time.alarms());
    }

    @Test
    public void tellsThatThereWasNothingToCancel() {
        job.finish();
        assertTrue(cancel().isDone());
        assertThat(
                lines, contains("[AMS] There was nothing to cancel: the job had ended or was being cancelled already"));
        assertThat(shown, contains(WatchedJob.Cancel.ASKED, WatchedJob.Cancel.NEEDLESS));
    }

    @Test
    public void isDoneWithoutAnExceptionWhereTheServiceRefuses() {
        waits.emulator.faults().inject(Fault.status(403).on(RequestKind.CANCEL));
        try (CapturedLog log = CapturedLog.start()) {
            cancel().join();
            assertThat(
                    log.messagesOf(JobCanceller.class),
                    contains(startsWith("Could not cancel AMS job " + job.id() + ": ")));
        }
        assertThat(
                lines,
                contains(startsWith("[AMS] The job " + job.id() + " could not be cancelled, see to it yourself: ")));
        assertThat(shown, contains(WatchedJob.Cancel.ASKED, WatchedJob.Cancel.FAILED));
    }

    @Test
    public void doesNotStayForLongWhileTheServiceIsBusyAndStillGetsItCancelled() {
        waits.emulator
                .faults()
                .inject(Fault.status(503)
                        .retryAfter(Duration.ofSeconds(20))
                        .on(RequestKind.CANCEL)
                        .once());
        CompletableFuture<Void> told = cancel();
        waits.advance(Duration.ofMillis(4999));
        assertFalse(told.isDone());
        assertThat(lines, empty());

        waits.advance(Duration.ofMillis(1));
        assertTrue(told.isDone());
        assertThat(lines, contains(matchesPattern("\\[AMS] The service has not answered yet; it is asked on, .*")));
        assertThat(shown, contains(WatchedJob.Cancel.ASKED));

        waits.advance(Duration.ofSeconds(15));
        assertEquals(JobState.CANCELING.number(), job.state());
        assertEquals("[AMS] The service cancels the job", lines.get(1));
    }

    @Test
    public void doesNotStayForLongWhereNothingIsAnswered() {
        waits.emulator.faults().inject(Fault.hang().on(RequestKind.CANCEL));
        CompletableFuture<Void> told = ask();
        waits.advanceWhileSomeHang(Duration.ofMillis(4999));
        assertFalse(told.isDone());
        waits.advanceWhileSomeHang(Duration.ofMillis(1));
        assertTrue(told.isDone());

        waits.advanceWhileSomeHang(Duration.ofMinutes(1));
        assertEquals(2, lines.size());
        assertThat(lines.get(1), startsWith("[AMS] The job " + job.id() + " could not be cancelled"));
    }

    private CompletableFuture<Void> cancel() {
        CompletableFuture<Void> told = ask();
        waits.settle();
        return told;
    }

    private CompletableFuture<Void> ask() {
        ConsoleLog log = new ConsoleLog(lines::add, waits.time.clock(), waits.time, new ConsoleLog.Memory());
        return JobCanceller.cancel(waits.watcher, AmsV2JobId.parse(job.id()), waits::target, shown::add, log);
    }
}
