/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.wait;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.console.ConsoleLog;
import io.jenkins.plugins.ams.emulator.AzureAd;
import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.emulator.Fault;
import io.jenkins.plugins.ams.emulator.JobScript;
import io.jenkins.plugins.ams.emulator.RequestKind;
import io.jenkins.plugins.ams.emulator.StateNumbers;
import io.jenkins.plugins.ams.polling.PollTarget;
import io.jenkins.plugins.ams.polling.SlowCancellations;
import io.jenkins.plugins.ams.polling.Waits;
import io.jenkins.plugins.ams.result.WaitRecord;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.v2.AmsV2JobId;
import io.jenkins.plugins.ams.testing.CapturedLog;
import io.jenkins.plugins.ams.testing.ExpectedLog;
import io.jenkins.plugins.ams.testing.Language;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** How long a build stays for the outcome of a cancellation, what is shown of it, and what a restart does to it. */
public class JobCancellerTest {

    private static final String CONTINUES = "[AMS] The service has not responded yet. The plugin keeps trying,"
            + " even across restarts; this build's page will show the outcome";

    @Rule
    public final ExpectedLog expected = ExpectedLog.ofMsal4j(JobCanceller.class);

    @Rule
    public final Language language = Language.english();

    @Rule
    public final Waits waits = new Waits();

    private final List<String> lines = Collections.synchronizedList(new ArrayList<>());
    private final MemoryStore store = new MemoryStore();
    private final RecordingPage page = new RecordingPage();
    private JobCanceller canceller;
    private EmulatedJob job;

    @Before
    public void addJob() {
        job = waits.emulator.addJob(
                JobScript.named("Encoding").task("Encode", Duration.ofHours(9)).canceling(Duration.ofSeconds(8)));
        canceller = start();
    }

    @After
    public void letPollsEnd() {
        waits.emulator.faults().clear();
        waits.advance(JobCanceller.MAX_AGE.plus(Duration.ofHours(1)));
    }

    @Test
    public void reportsTheOutcomeAndTheFinalState() {
        CompletableFuture<Void> reported = cancel();
        assertTrue(reported.isDone());
        assertThat(lines, contains("[AMS] The service is canceling the job"));
        assertThat(page.all(), contains("REQUESTED", "ACCEPTED"));
        waits.advance(Duration.ofSeconds(10));

        assertThat(page.all(), contains("REQUESTED", "ACCEPTED", "Canceled"));
        assertThat("nothing is left for a restart", store.stored(), empty());
        assertEquals("nothing is left to happen", 0, waits.time.scheduledTasks());
    }

    /** The poller has few threads, and a console may hang. */
    @Test
    public void writesToTheConsoleOnNoThreadOfThePoller() {
        List<Boolean> notifying = new ArrayList<>();
        Consumer<String> console = line -> {
            notifying.add(waits.isNotifying());
            lines.add(line);
        };
        waits.emulator
                .faults()
                .inject(Fault.status(503)
                        .retryAfter(Duration.ofSeconds(20))
                        .on(RequestKind.CANCEL)
                        .once());
        cancel(waits::target, console);
        waits.advance(Duration.ofSeconds(30));
        job = waits.emulator.addJob(JobScript.named("Encoding").task("Encode", Duration.ofHours(9)));
        cancel(waits::target, console);
        waits.settle();

        assertThat(
                lines,
                contains(
                        startsWith("[AMS] The job is not canceled yet: "),
                        is("[AMS] The service is canceling the job"),
                        is("[AMS] The service is canceling the job")));
        assertEquals(List.of(true, true, true), notifying);
    }

    @Test
    public void reportsNothingToCancel() {
        job.finish();
        assertTrue(cancel().isDone());
        assertThat(lines, contains("[AMS] Nothing to cancel: the job has already ended or is already being canceled"));
        assertThat(page.all(), contains("REQUESTED", "NOT_NEEDED", "Finished"));
    }

    @Test
    public void reportsWhyTheJobCouldNotBeCanceled() {
        waits.emulator.faults().inject(Fault.status(403).on(RequestKind.CANCEL));
        try (CapturedLog log = CapturedLog.start()) {
            cancel().join();
            assertThat(
                    log.messagesOf(JobCanceller.class),
                    contains(startsWith("Could not cancel AMS job " + job.id()
                            + " of build encode#7, requested at 2021-03-10T09:15:30.125Z (Aborted by Ann): ")));
        }
        assertThat(
                lines,
                contains(startsWith("[AMS] The job " + job.id() + " could not be canceled; cancel it manually: ")));
        assertThat(
                page.all(),
                contains(is("REQUESTED"), startsWith("FAILED: The service denied access"), is("Processing")));
        waits.advance(Duration.ofSeconds(5));
        assertThat("is not tried again after a restart", store.stored(), empty());
    }

    /** Afterwards the job may be canceled manually, which the page shows too. */
    @Test
    public void followsAJobThatCouldNotBeCanceled() {
        waits.emulator.faults().inject(Fault.status(403).on(RequestKind.CANCEL));
        cancel().join();
        job.cancel();
        waits.advance(Duration.ofSeconds(30));
        assertThat(page.all(), hasItem("Canceled"));
    }

    @Test
    public void endsSoonWhileTheServiceIsBusyAndCancelsLater() {
        waits.emulator
                .faults()
                .inject(Fault.status(503)
                        .retryAfter(Duration.ofSeconds(20))
                        .on(RequestKind.CANCEL)
                        .once());
        CompletableFuture<Void> reported = cancel();
        waits.advance(JobCanceller.RESPONSE_TIMEOUT.minusMillis(1));
        assertFalse(reported.isDone());
        assertThat(lines, empty());

        waits.advance(Duration.ofMillis(1));
        assertTrue(reported.isDone());
        assertThat(
                lines,
                contains(startsWith(
                        "[AMS] The job is not canceled yet: The service is busy (503). The plugin keeps trying")));
        assertThat(page.all(), contains("REQUESTED", "REQUESTED: The service is busy (503)"));
        assertThat("would survive a restart", store.stored(), hasSize(1));

        waits.advance(Duration.ofSeconds(15));
        assertEquals(StateNumbers.of(JobState.CANCELING), job.state());
        assertEquals("[AMS] The service is canceling the job", lines.get(1));
    }

    @Test
    public void endsSoonWithoutAResponse() {
        SlowCancellations slow = new SlowCancellations(waits.time, Duration.ofSeconds(29));
        CompletableFuture<Void> reported = cancel(() -> slow.at(waits.target()));
        waits.advance(JobCanceller.RESPONSE_TIMEOUT.minusMillis(1));
        assertFalse(reported.isDone());
        waits.advance(Duration.ofMillis(1));
        assertTrue(reported.isDone());
        assertThat(lines, contains(CONTINUES));

        waits.advance(Duration.ofSeconds(24));
        assertThat(lines, contains(CONTINUES, "[AMS] The service is canceling the job"));
    }

    /** The process was killed, or Jenkins was restarted, while attempts went on. */
    @Test
    public void resumesAfterARestart() {
        waits.emulator.faults().inject(Fault.status(503).on(RequestKind.CANCEL));
        cancel();
        waits.advance(Duration.ofSeconds(30));
        assertThat(store.stored(), hasSize(1));
        waits.poller.shutDown();
        waits.emulator.faults().clear();
        waits.advance(Duration.ofMinutes(20));
        assertEquals(StateNumbers.of(JobState.PROCESSING), job.state());

        waits.restart();
        try (CapturedLog log = CapturedLog.start()) {
            resume();
            assertThat(
                    log.messagesOf(JobCanceller.class),
                    contains(startsWith("Canceling AMS job"), startsWith("Canceled AMS job")));
        }
        assertEquals(StateNumbers.of(JobState.CANCELING), job.state());
        assertThat(page.all(), hasItem("ACCEPTED"));
        waits.advance(Duration.ofSeconds(10));
        assertThat(page.all(), hasItem("Canceled"));
        assertThat(store.stored(), empty());
    }

    /** The credentials have most likely worked before the restart. */
    @Test
    public void retriesARejectionAfterARestart() {
        waits.emulator.faults().inject(Fault.status(503).on(RequestKind.CANCEL));
        cancel();
        waits.poller.shutDown();
        waits.emulator.faults().clear();

        waits.restart();
        waits.emulator.azureAd().expireTokens().fault(AzureAd.AuthorityError.BLOCKED_BY_POLICY);
        resume();
        waits.advance(Duration.ofMinutes(2));
        assertThat(page.all(), not(hasItem(startsWith("FAILED"))));
        assertThat(store.stored(), hasSize(1));
        waits.emulator.azureAd().fault(AzureAd.AuthorityError.NONE);
        waits.advance(Duration.ofMinutes(2));
        assertThat(page.all(), hasItem("ACCEPTED"));
        assertThat(store.stored(), empty());
    }

    /** A freestyle build that Jenkins interrupts while it goes down. */
    @Test
    public void isDeferredToTheNextStartOnShutdown() {
        waits.poller.shutDown();
        assertTrue("keeps nobody waiting", cancel().isDone());
        assertThat(lines, contains("[AMS] Jenkins is shutting down; the job will be canceled after the restart"));
        assertThat(page.all(), contains("REQUESTED"));
        assertEquals(StateNumbers.of(JobState.PROCESSING), job.state());

        waits.restart();
        resume();
        assertEquals(StateNumbers.of(JobState.CANCELING), job.state());
    }

    /** A step that asks again after a restart and the stored request of the same build are one. */
    @Test
    public void aRepeatedRequestGetsTheSameOutcomeAfterARestart() {
        SlowCancellations slow = new SlowCancellations(waits.time, Duration.ofSeconds(2));
        waits.poller.shutDown();
        cancel();
        lines.clear();
        waits.restart();
        canceller = start();
        canceller.resume(store.stored().get(0), () -> slow.at(waits.target()), page);
        waits.settle();
        CompletableFuture<Void> reported = cancel(() -> slow.at(waits.target()));
        waits.advance(Duration.ofSeconds(2));

        assertTrue(reported.isDone());
        assertThat(lines, contains("[AMS] The service is canceling the job"));
        assertEquals("once", 1, slow.sent());
    }

    @Test
    public void sendsNoExpiredRequest() {
        waits.poller.shutDown();
        cancel();
        waits.advance(JobCanceller.MAX_AGE);
        waits.restart();
        try (CapturedLog log = CapturedLog.start()) {
            resume();
            assertThat(log.messagesOf(JobCanceller.class), contains(startsWith("Did not cancel AMS job " + job.id())));
        }
        assertThat(page.all(), contains("REQUESTED", "FAILED: the request is more than 24 h old"));
        assertEquals(0, waits.emulator.requests().count(RequestKind.CANCEL));
        waits.advance(Duration.ofSeconds(5));
        assertThat(store.stored(), empty());
    }

    @Test
    public void reportsAMissingAccountAfterARestart() {
        waits.poller.shutDown();
        cancel();
        waits.restart();
        canceller = start();
        try (CapturedLog log = CapturedLog.start()) {
            canceller.resume(
                    store.stored().get(0),
                    () -> {
                        throw new IllegalStateException("no such account");
                    },
                    page);
            waits.settle();
            assertThat(
                    log.messagesOf(JobCanceller.class).get(1),
                    containsString(
                            "of build encode#7, requested at 2021-03-10T09:15:30.125Z (Aborted by Ann): no such account"));
        }
        assertThat(page.all(), contains("REQUESTED", "FAILED: no such account"));
    }

    /** Jenkins was killed after the request was written to disk, but before the build's record of it was. */
    @Test
    public void showsAResumedRequestThatThePageDoesNotContain() {
        waits.poller.shutDown();
        cancel();
        waits.restart();
        canceller = start();
        RecordingPage lost = new RecordingPage();
        canceller.resume(store.stored().get(0), waits::target, lost);
        waits.advance(Duration.ofSeconds(30));
        assertThat(lost.all(), contains("REQUESTED", "ACCEPTED", "Canceled"));
        assertEquals("the wait is told that the job has ended", 1, lost.ends);
    }

    @Test
    public void theStoredRequestHasOnlyNamesAndOneLine() {
        CancellationRequest request = new CancellationRequest(
                "encode#7", AmsV2JobId.parse(job.id()), null, null, "a\nb" + "c".repeat(500), Instant.EPOCH);
        assertThat(
                request.toString(),
                startsWith("AMS job " + job.id() + " of build encode#7, requested at 1970-01-01T00:00:00Z (a b"));
        assertTrue(request.toString().length() < 400);
        assertNull(request.account());
    }

    private JobCanceller start() {
        return new JobCanceller(
                waits.poller, waits.time.clock(), new PendingCancellations(store, waits.time, waits.executor()));
    }

    private void resume() {
        canceller = start();
        canceller.resume(store.stored().get(0), waits::target, page);
        waits.settle();
    }

    private CompletableFuture<Void> cancel() {
        CompletableFuture<Void> reported = cancel(waits::target);
        waits.settle();
        return reported;
    }

    private CompletableFuture<Void> cancel(PollTarget.Source targets) {
        return cancel(targets, lines::add);
    }

    private CompletableFuture<Void> cancel(PollTarget.Source targets, Consumer<String> console) {
        ConsoleLog log = new ConsoleLog(console, waits.time.clock(), waits.time);
        CancellationRequest request = new CancellationRequest(
                "encode#7",
                AmsV2JobId.parse(job.id()),
                "media-prod",
                null,
                "Aborted by Ann",
                waits.time.clock().instant());
        CompletableFuture<Void> reported = canceller.cancel(request, targets, page, log);
        waits.settle();
        return reported;
    }

    /** Keeps what the page of a build would show. */
    private static final class RecordingPage implements JobCanceller.Page {

        private final List<String> shown = new ArrayList<>();
        private int ends;
        private WaitRecord record =
                WaitRecord.waiting(new JobId("transform/job"), null).aborted();

        @Override
        public synchronized void change(UnaryOperator<WaitRecord> change) {
            WaitRecord before = record;
            record = change.apply(before);
            if (record == before) {
                return;
            }
            if (record.getJob() != before.getJob()) {
                shown.add(record.getJob().getState());
            } else {
                String error = record.getCancelError();
                shown.add(error == null ? record.getCancelStatus().name() : record.getCancelStatus() + ": " + error);
            }
        }

        @Override
        public synchronized void onJobEnded() {
            ends++;
        }

        synchronized List<String> all() {
            return shown.stream().collect(Collectors.toList());
        }
    }
}
