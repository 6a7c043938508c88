/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.console;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.lessThan;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.page.Samples;
import io.jenkins.plugins.ams.polling.JobProgress;
import io.jenkins.plugins.ams.polling.WaitOutcome;
import io.jenkins.plugins.ams.service.ErrorDetail;
import io.jenkins.plugins.ams.service.JobDetails;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.MediaTask;
import io.jenkins.plugins.ams.service.ServiceException;
import io.jenkins.plugins.ams.testing.Language;
import io.jenkins.plugins.ams.testing.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** What is said and what is not, line by line. A whole wait's console is in {@code WaitConsoleTest}. */
public class ConsoleLogTest {

    @Rule
    public final Language language = Language.english();

    private final ManualTime time = new ManualTime();
    private ConsoleLog.Shown shown = ConsoleLog.Shown.since(0);
    private final List<String> lines = new ArrayList<>();
    private ConsoleLog log;

    @Before
    public void begin() {
        log = log(ConsoleLog.Shown.since(time.clock().millis()));
        log.onStarted(Samples.ID, "media-prod", "ams-ci", id -> id);
        assertThat(
                takeLines(),
                contains("[AMS] Waiting for job nb:jid:UUID:f3c43f94-327f-2347-90bb-3bf79f8559f1 on account"
                        + " 'media-prod' (credentials 'ams-ci')"));
    }

    @Test
    public void linksTheJobIdInTheFirstLine() {
        log.onStarted(Samples.ID, "media-prod", "ams-ci", id -> "<link to " + id + ">");
        assertThat(
                takeLines(),
                contains("[AMS] Waiting for job <link to nb:jid:UUID:f3c43f94-327f-2347-90bb-3bf79f8559f1> on account"
                        + " 'media-prod' (credentials 'ams-ci')"));
    }

    @Test
    public void logsNothingWithoutChanges() {
        poll(JobState.QUEUED);
        takeLines();
        for (int i = 0; i < 4; i++) {
            advance(Duration.ofMinutes(1));
            poll(JobState.QUEUED);
        }
        assertThat(takeLines(), empty());
    }

    @Test
    public void logsAHeartbeatAfterFiveMinutes() {
        poll(JobState.QUEUED);
        takeLines();
        advance(Duration.ofSeconds(299));
        poll(JobState.QUEUED);
        assertThat(takeLines(), empty());
        advance(Duration.ofSeconds(1));
        poll(JobState.QUEUED);
        assertThat(takeLines(), contains("[AMS] 'Encoding': still Queued after 5 min"));
        advance(Duration.ofSeconds(299));
        poll(JobState.QUEUED);
        assertThat(takeLines(), empty());
    }

    @Test
    public void logsAHeartbeatWithoutPolls() {
        poll(JobState.QUEUED);
        takeLines();
        advance(Duration.ofMinutes(5));
        log.onHeartbeat(null, Duration.ZERO, Duration.ofSeconds(20));
        assertThat("the look will have more to say", takeLines(), empty());
        advance(Duration.ofMinutes(1));
        log.onHeartbeat(null, Duration.ZERO, Duration.ZERO);
        assertThat(takeLines(), contains("[AMS] Still waiting after 6 min; next poll is queued"));
        advance(Duration.ofMinutes(4));
        log.onHeartbeat(null, Duration.ZERO, Duration.ofMinutes(44));
        assertThat(takeLines(), empty());
        advance(Duration.ofMinutes(1));
        log.onHeartbeat(null, Duration.ZERO, Duration.ofMinutes(43));
        assertThat(takeLines(), contains("[AMS] Still waiting after 11 min; next poll in 43 min"));
    }

    @Test
    public void clockChangesDoNotAffectHeartbeats() {
        for (Duration jump : List.of(Duration.ofHours(-1), Duration.ofDays(-1), Duration.ofDays(1))) {
            poll(JobState.QUEUED);
            takeLines();
            time.clock().advance(jump);
            advance(Duration.ofSeconds(299));
            poll(JobState.QUEUED);
            assertThat("after " + jump, takeLines(), empty());
            advance(Duration.ofSeconds(1));
            poll(JobState.QUEUED);
            assertEquals("after " + jump, 1, lines.size());
            assertTrue(lines.get(0), takeLines().get(0).matches("\\[AMS\\] 'Encoding': still Queued after \\d+ min"));
        }
        advance(Duration.ofMinutes(5));
        log.onEnded(Samples.ID, new WaitOutcome.TimedOut(null));
        assertThat(
                "counts what has passed",
                takeLines(),
                contains("[AMS] Timed out after 20 min: the state of the job is not known"));
    }

    @Test
    public void aClockSetBackAcrossARestartKeepsTheElapsedTime() throws Exception {
        advance(Duration.ofMinutes(2));
        time.clock().advance(Duration.ofDays(-1));
        log = log(shown);
        advance(Duration.ofMinutes(3));
        log.onEnded(Samples.ID, new WaitOutcome.TimedOut(null));
        assertThat(takeLines(), contains("[AMS] Timed out after 3 min: the state of the job is not known"));
    }

    /** A process that is killed at any moment may lose a line, but must not show it again. */
    @Test
    public void storesWhatItIsGoingToShow() {
        List<String> events = new ArrayList<>();
        log = new ConsoleLog(
                line -> events.add("line"),
                time.clock(),
                time,
                ConsoleLog.Shown.NOTHING,
                stored -> events.add(stored.stateText() + ' ' + stored.progress() + ' ' + stored.ended()));
        processing(0);
        processing(5);
        processing(12);
        log.onEnded(Samples.ID, Samples.ended(JobState.FINISHED));
        assertThat(
                events,
                contains("Processing 0 false", "line", "Processing 12 false", "line", "Processing 12 true", "line"));
    }

    @Test
    public void showsTheEndOnceAcrossARestart() {
        log.onEnded(Samples.ID, Samples.ended(JobState.FINISHED));
        assertEquals(1, takeLines().size());
        log = log(shown);
        log.onEnded(Samples.ID, Samples.ended(JobState.FINISHED));
        assertThat(takeLines(), empty());
    }

    @Test
    public void toleratesDamagedMemory() {
        log = log(new ConsoleLog.Shown(null, -1, null, Long.MAX_VALUE, false));
        processing(30);
        log = log(new ConsoleLog.Shown("Processing", 500, Arrays.asList(null, -1, 7), Long.MIN_VALUE, false));
        poll(JobState.PROCESSING, Samples.task("Encode", JobState.FINISHED, 100));
        assertEquals(2, takeLines().size());
    }

    @Test
    public void logsHowLongARejectionIsRetried() {
        log.onRejected(
                ServiceException.of(
                        ServiceException.Kind.FORBIDDEN,
                        403,
                        "No permission.",
                        new AmsException.Context(null, null, "4711")),
                Duration.ofSeconds(4),
                Duration.ofMinutes(10));
        assertThat(
                takeLines(),
                contains("[AMS] The service rejected the request (403: No permission), retrying in 4 s; the wait fails"
                        + " if this continues for 10 min"));
        language.use(Locale.FRENCH);
        log.onRejected(
                ServiceException.of(
                        ServiceException.Kind.FORBIDDEN,
                        403,
                        "No permission.",
                        new AmsException.Context(null, null, "4711")),
                Duration.ofSeconds(4),
                Duration.ofMinutes(10));
        assertThat(
                takeLines(),
                contains(
                        "[AMS] Le service a rejeté la requête (403\u00a0: No permission), nouvelle tentative dans 4 s\u00a0; l’attente"
                                + " échouera si cela continue pendant 10 min"));
    }

    @Test
    public void logsALastingErrorEveryFiveMinutes() {
        ServiceException busy = ServiceException.of(
                ServiceException.Kind.UNAVAILABLE,
                503,
                "busy",
                new AmsException.Context(null, Duration.ofHours(1), null));
        log.onError(busy, Duration.ofHours(1));
        takeLines();
        for (int minute = 1; minute < 5; minute++) {
            advance(Duration.ofMinutes(1));
            log.onHeartbeat(busy, Duration.ofMinutes(minute), Duration.ofMinutes(60 - minute));
        }
        assertThat(takeLines(), empty());
        advance(Duration.ofMinutes(1));
        log.onHeartbeat(busy, Duration.ofMinutes(5), Duration.ofMinutes(55));
        assertThat(takeLines(), contains("[AMS] Failing for 5 min: The service is busy (503), retrying in 55 min"));
    }

    @Test
    public void theHeartbeatOfAProcessingJobIsItsProgress() {
        processing(40);
        takeLines();
        advance(Duration.ofMinutes(6));
        processing(47);
        assertEquals(1, lines.size());
        assertTrue(lines.get(0), takeLines().get(0).matches("\\[AMS\\] 'Encoding': 47%, about \\d+ min remaining"));
        processing(50);
        assertThat("counts from what was shown last", takeLines(), empty());
        processing(57);
        assertEquals(1, takeLines().size());
    }

    @Test
    public void theHeartbeatWithoutTasksShowsNoProgress() {
        poll(JobState.PROCESSING);
        assertThat(takeLines(), contains("[AMS] 'Encoding': Processing"));
        advance(Duration.ofMinutes(5));
        poll(JobState.PROCESSING);
        assertThat(takeLines(), contains("[AMS] 'Encoding': still Processing after 5 min"));
    }

    @Test
    public void logsProgressInStepsOfTenPercent() {
        advance(Duration.ofSeconds(18));
        processing(0);
        assertThat(takeLines(), contains("[AMS] 'Encoding': Processing, task 1 of 1 'Encode': 0%"));
        List<Integer> shown = new ArrayList<>();
        for (int percent = 1; percent <= 100; percent++) {
            advance(Duration.ofSeconds(1));
            processing(percent);
            for (String line : takeLines()) {
                shown.add(Integer.valueOf(line.replaceFirst(".*: (\\d+)%.*", "$1")));
            }
        }
        assertThat(shown, contains(10, 20, 30, 40, 50, 60, 70, 80, 90, 100));
    }

    @Test
    public void logsNoRemainingTimeAtTheEnd() {
        advance(Duration.ofSeconds(118));
        processing(50);
        takeLines();
        advance(Duration.ofSeconds(100));
        processing(100);
        assertThat(takeLines(), contains("[AMS] 'Encoding': 100%"));
    }

    @Test
    public void logsTheEndOfATask() {
        MediaTask encoding = Samples.task("Encode", JobState.PROCESSING, 90);
        MediaTask queued = Samples.task("Thumbnails", JobState.QUEUED, 0);
        advance(Duration.ofSeconds(118));
        poll(JobState.PROCESSING, encoding, queued);
        assertThat(takeLines(), contains("[AMS] 'Encoding': Processing, task 1 of 2 'Encode': 45%"));
        MediaTask encoded = Samples.task("Encode", JobState.FINISHED, 100);
        poll(JobState.PROCESSING, encoded, queued);
        assertThat(takeLines(), contains("[AMS] 'Encoding': task 'Encode' Finished, 50%, about 2 min remaining"));
        poll(JobState.PROCESSING, encoded, queued);
        assertThat(takeLines(), empty());
    }

    @Test
    public void logsEndedTasksInAnyOrder() {
        MediaTask first = Samples.task("Encode", JobState.PROCESSING, 0);
        MediaTask second = Samples.task("Thumbnails", JobState.PROCESSING, 0);
        MediaTask third = Samples.task("Index", JobState.PROCESSING, 0);
        poll(JobState.PROCESSING, first, second, third);
        takeLines();
        MediaTask secondEnded = Samples.task("Thumbnails", JobState.FINISHED, 100);
        poll(JobState.PROCESSING, first, secondEnded, third);
        assertThat(takeLines(), contains("[AMS] 'Encoding': task 'Thumbnails' Finished, 33%"));
        poll(
                JobState.PROCESSING,
                Samples.task("Encode", JobState.FINISHED, 100),
                secondEnded,
                Samples.task("Index", JobState.ERROR, 0));
        assertThat(
                takeLines(),
                contains("[AMS] 'Encoding': task 'Encode' Finished, 66%", "[AMS] 'Encoding': task 'Index' Error, 66%"));
    }

    @Test
    public void logsAnUndocumentedStateOnce() {
        for (String text : List.of("42", "-1", "Deleting", "Moving")) {
            MediaJob odd = Samples.job("Encoding", JobState.UNKNOWN, text);
            poll(odd, List.of());
            poll(odd, List.of());
            assertThat(takeLines(), contains("[AMS] 'Encoding': Undocumented state " + text + "; polling continues"));
        }
    }

    @Test
    public void logsAMissingState() {
        poll(Samples.job("Encoding", JobState.UNKNOWN, ""), List.of());
        poll(Samples.job("Encoding", JobState.UNKNOWN, ""), List.of());
        assertThat(takeLines(), contains("[AMS] 'Encoding': the service sent no state; polling continues"));
        language.use(Locale.FRENCH);
        poll(Samples.job("Encoding", JobState.UNKNOWN, "Deleting"), List.of());
        poll(Samples.job("Encoding", JobState.UNKNOWN, ""), List.of());
        assertThat(takeLines().get(1), containsString("le service n’a envoyé aucun état"));
    }

    @Test
    public void logsTheServicesStateText() {
        MediaJob odd = Samples.job("Encoding", JobState.UNKNOWN, "Deleting\u001b[31m");
        log.onEnded(Samples.ID, new WaitOutcome.TimedOut(odd));
        assertThat(takeLines().get(0), containsString("the last known state of the job is Deleting [31m"));
        log = log(ConsoleLog.Shown.NOTHING);
        log.onEnded(Samples.ID, new WaitOutcome.JobNotFound(odd));
        assertThat(takeLines().get(0), containsString("its last known state was Deleting [31m"));
        assertEquals("Unknown", Samples.job("Encoding", JobState.UNKNOWN, "").stateLabel());
        assertEquals("Finished", Samples.job("Encoding", JobState.FINISHED, "3").stateLabel());
    }

    @Test
    public void repeatsNothingAfterARestart() throws Exception {
        MediaTask encoded = Samples.task("Encode", JobState.FINISHED, 100);
        MediaTask thumbnails = Samples.task("Thumbnails", JobState.PROCESSING, 10);
        advance(Duration.ofMinutes(2));
        poll(JobState.PROCESSING, encoded, thumbnails);
        takeLines();

        log = log(shown);
        log.onResumed(Samples.ID);
        poll(JobState.PROCESSING, encoded, thumbnails);
        assertThat(takeLines(), contains("[AMS] Jenkins was restarted; still waiting for job " + Samples.ID));

        advance(Duration.ofMinutes(10));
        log.onEnded(Samples.ID, new WaitOutcome.TimedOut(Samples.job(JobState.PROCESSING)));
        assertThat(
                takeLines(), contains("[AMS] Timed out after 12 min: the last known state of the job is Processing"));
    }

    @Test
    public void logsAnErrorAndTheRecovery() {
        log.onError(
                ServiceException.of(
                        ServiceException.Kind.UNAVAILABLE,
                        503,
                        "busy",
                        new AmsException.Context(null, Duration.ofSeconds(8), null)),
                Duration.ofSeconds(8));
        log.onRecovered(Duration.ofSeconds(24));
        assertThat(
                takeLines(),
                contains(
                        "[AMS] The service is busy (503), retrying in 8 s",
                        "[AMS] The service is responding again after 24 s"));
    }

    @Test
    public void logsHowTheJobEnded() {
        log.onEnded(Samples.ID, Samples.ended(JobState.FINISHED));
        assertThat(
                takeLines(), contains("[AMS] 'Encoding': Finished after 6 min 12 s (queued 18 s, running 5 min 54 s)"));
        MediaJob neverStarted = new MediaJob(
                Samples.ID,
                "Encoding",
                JobState.CANCELED,
                "5",
                Samples.CREATED,
                null,
                Samples.CREATED.plusSeconds(5),
                Duration.ZERO,
                null);
        log = log(ConsoleLog.Shown.NOTHING);
        log.onEnded(Samples.ID, new WaitOutcome.Completed(neverStarted, JobDetails.NONE, null));
        assertThat(takeLines(), contains("[AMS] 'Encoding': Canceled after 5 s"));
        MediaJob timeless = new MediaJob(Samples.ID, "", JobState.FINISHED, "3", null, null, null, Duration.ZERO, null);
        log = log(ConsoleLog.Shown.NOTHING);
        log.onEnded(Samples.ID, new WaitOutcome.Completed(timeless, JobDetails.NONE, null));
        assertThat(takeLines(), contains("[AMS] '" + Samples.ID + "': Finished"));
    }

    @Test
    public void logsEveryFailedTask() {
        log.onEnded(
                Samples.ID,
                Samples.ended(
                        JobState.ERROR,
                        Samples.task("Probe", JobState.FINISHED, 100),
                        Samples.task(
                                "Encode",
                                JobState.ERROR,
                                0,
                                new ErrorDetail("ErrorDownloadingInputAssetServiceFailure", "Stage: DownloadFile."),
                                new ErrorDetail("", "only words"),
                                new ErrorDetail("OnlyACode", "")),
                        Samples.task("Index", JobState.ERROR, 0, new ErrorDetail("", "")),
                        Samples.task("Package", JobState.ERROR, 0),
                        Samples.task("Thumbnails", JobState.CANCELED, 0)));
        assertThat(
                takeLines(),
                contains(
                        "[AMS] 'Encoding': Error after 6 min 12 s (queued 18 s, running 5 min 54 s)",
                        "[AMS] Task 2 of 5 'Encode': ErrorDownloadingInputAssetServiceFailure: Stage: DownloadFile.",
                        "[AMS] Task 2 of 5 'Encode': only words",
                        "[AMS] Task 2 of 5 'Encode': OnlyACode",
                        "[AMS] Task 3 of 5 'Index': Error",
                        "[AMS] Task 4 of 5 'Package': Error"));
    }

    @Test
    public void logsMissingDetails() {
        ServiceException busy = ServiceException.of(ServiceException.Kind.UNAVAILABLE, 500, "no");
        log.onEnded(Samples.ID, new WaitOutcome.Completed(Samples.job(JobState.FINISHED), JobDetails.NONE, busy));
        assertEquals(
                "[AMS] Some details of the job could not be read: The service is busy (500)",
                takeLines().get(1));
    }

    @Test
    public void logsTheOutcomeOfAnAbort() {
        log.onAborted(false);
        log.onAborted(true);
        log.onCancelResponse(true);
        log.onCancelResponse(false);
        log.onCancelPending(null);
        log.onCancelPending(ServiceException.of(ServiceException.Kind.UNAVAILABLE, 503, "no"));
        log.cancelAfterRestart();
        log.onCancelFailed(Samples.ID, ServiceException.noResponse("timed out"));
        assertThat(
                takeLines(),
                contains(
                        "[AMS] Aborted; the job continues (cancelOnAbort: true would cancel it)",
                        "[AMS] Aborted; requesting cancellation of the job",
                        "[AMS] The service is canceling the job",
                        "[AMS] Nothing to cancel: the job has already ended or is already being canceled",
                        "[AMS] The service has not responded yet. The plugin keeps trying, even across restarts; this"
                                + " build's page will show the outcome",
                        "[AMS] The job is not canceled yet: The service is busy (503). The plugin keeps trying, even"
                                + " across restarts; this build's page will show the outcome",
                        "[AMS] Jenkins is shutting down; the job will be canceled after the restart",
                        "[AMS] The job " + Samples.ID + " could not be canceled; cancel it manually: The service does"
                                + " not respond (timed out)"));
    }

    @Test
    public void hostileNamesForgeNoLine() {
        String hostile = "\u001b[31mred\u001b[0m\r\n[AMS] 'x': Finished\u2028\u202egnp.exe\u0000{0} %s \u009b2J";
        log.onStarted(Samples.ID, hostile, hostile, id -> id);
        log.onCanceledBy(hostile);
        MediaTask task = Samples.task(hostile, JobState.PROCESSING, 5);
        poll(Samples.job(hostile, JobState.PROCESSING, "2"), List.of(task));
        MediaTask failed = Samples.task(hostile, JobState.ERROR, 5, new ErrorDetail(hostile, hostile));
        WaitOutcome.Completed ended = new WaitOutcome.Completed(
                Samples.job(hostile, JobState.ERROR, "4"),
                new JobDetails(List.of(failed), List.of()),
                AmsException.of(new Exception(hostile)));
        log.onEnded(Samples.ID, ended);

        assertEquals(6, lines.size());
        for (String line : takeLines()) {
            assertTrue(line, line.startsWith("[AMS] "));
            assertTrue(line, line.codePoints().noneMatch(Character::isISOControl));
            assertTrue(line, line.codePoints().noneMatch(c -> c == 0x2028 || c == 0x202e));
            assertTrue(line, line.contains("[31mred [0m [AMS] 'x': Finished gnp.exe {0} %s 2J"));
        }
    }

    @Test
    public void truncatesALongName() {
        MediaJob endless = Samples.job("\ud83c\udfac".repeat(100_000), JobState.QUEUED, "0");
        poll(endless, List.of());
        assertThat(lines.get(0).length(), lessThan(2100));
        assertTrue(takeLines().get(0).endsWith("\ud83c\udfac…': Queued"));
    }

    @Test
    public void logsInFrench() {
        language.use(Locale.FRENCH);
        log.onStarted(Samples.ID, "media-prod", "ams-ci", id -> id);
        processing(0);
        log.onEnded(Samples.ID, Samples.ended(JobState.FINISHED));
        assertThat(
                takeLines(),
                contains(
                        "[AMS] Attente du job " + Samples.ID
                                + " sur le compte «\u00a0media-prod\u00a0» (identifiants «\u00a0ams-ci\u00a0»)",
                        "[AMS] «\u00a0Encoding\u00a0»\u00a0: Processing, tâche 1 sur 1 «\u00a0Encode\u00a0»\u00a0: 0\u00a0%",
                        "[AMS] «\u00a0Encoding\u00a0»\u00a0: Finished après 6 min 12 s (en file d’attente 18 s, en exécution 5 min 54 s)"));
    }

    private ConsoleLog log(ConsoleLog.Shown before) {
        return new ConsoleLog(lines::add, time.clock(), time, before, stored -> shown = stored);
    }

    private void poll(JobState state, MediaTask... tasks) {
        poll(Samples.job(state), List.of(tasks));
    }

    private void poll(MediaJob job, List<MediaTask> tasks) {
        log.onPolled(job, tasks, JobProgress.of(job, tasks, time.clock().instant()));
    }

    private void advance(Duration by) {
        time.advance(by, () -> {});
    }

    private void processing(double percent) {
        poll(JobState.PROCESSING, Samples.task("Encode", JobState.PROCESSING, percent));
    }

    /** What was said since this was asked last. */
    private List<String> takeLines() {
        List<String> said = List.copyOf(lines);
        lines.clear();
        return said;
    }
}
