/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.page;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.polling.WaitOutcome;
import io.jenkins.plugins.ams.result.AmsTaskResult;
import io.jenkins.plugins.ams.result.CancelStatus;
import io.jenkins.plugins.ams.result.WaitRecord;
import io.jenkins.plugins.ams.result.WaitStatus;
import io.jenkins.plugins.ams.service.ErrorDetail;
import io.jenkins.plugins.ams.service.JobDetails;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.MediaTask;
import io.jenkins.plugins.ams.service.OutputAsset;
import io.jenkins.plugins.ams.testing.Language;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.Rule;
import org.junit.Test;

/** What a build keeps of a job, and what its page says of it. */
public class JobViewTest {

    private static final Instant NOW = Samples.STARTED.plusSeconds(60);

    @Rule
    public final Language language = Language.english();

    private final WaitRecord waiting = WaitRecord.waiting(Samples.ID, "media-prod");

    @Test
    public void keepsAnUndocumentedState() throws Exception {
        WaitRecord before = WaitRecord.waiting(Samples.ID, "media");
        MediaJob deleting = Samples.job("Encoding", JobState.UNKNOWN, "Deleting");
        WaitRecord seen = Samples.polled(before, deleting, List.of(), Samples.CREATED);
        assertEquals("Deleting", seen.getJob().getState());
        assertEquals(
                "Deleting",
                seen.canceling(CancelStatus.REQUESTED, null).getJob().getState());
        MediaJob moving = Samples.job("Encoding", JobState.UNKNOWN, "Moving");
        assertFalse(seen.isInSameStatesAs(Samples.polled(seen, moving, List.of(), Samples.CREATED)));
        MediaJob processing = Samples.job(JobState.PROCESSING);
        assertEquals(
                "Processing",
                Samples.polled(seen, processing, List.of(), Samples.CREATED)
                        .getJob()
                        .getState());
    }

    @Test
    public void isNotSeenBeforeTheFirstPoll() {
        assertNull(waiting.getJob().getState());
        assertEquals("Not polled yet", view(waiting).getState());
        assertEquals(Samples.ID.value(), view(waiting).getName());
        assertEquals("media-prod", waiting.getJob().getAccount());
        assertTrue(view(waiting).isLive());
    }

    @Test
    public void showsTheLastPoll() {
        WaitRecord seen = polled(JobState.PROCESSING, Samples.task("Encode", JobState.PROCESSING, 41.5));
        assertEquals("Encoding", seen.getJob().getName());
        assertEquals("Processing", seen.getJob().getState());
        assertEquals(41.5, seen.getJob().getProgress(), 0);
        assertEquals("41%", view(seen).getPercentText());
        assertEquals("Processing", seen.getJob().getTasks().get(0).getState());
        assertTrue(view(seen).getRemaining(), view(seen).getRemaining().startsWith("about "));
        assertNull(view(seen).getProblem());
    }

    /** It may be saved at the same time. */
    @Test
    public void isReplacedAndNeverChanges() {
        WaitRecord seen = polled(JobState.PROCESSING, Samples.task("Encode", JobState.PROCESSING, 41.5));
        List<AmsTaskResult> tasks = List.copyOf(seen.getJob().getTasks());
        WaitRecord failing = seen.failing("The service is busy (503)", NOW);
        failing.canceling(CancelStatus.REQUESTED, null)
                .ended(Samples.ended(JobState.ERROR, Samples.task("Encode", JobState.ERROR, 0)), NOW);
        assertEquals("Processing", seen.getJob().getState());
        assertEquals(WaitStatus.WAITING, seen.getStatus());
        assertNull(view(seen).getProblem());
        assertEquals(tasks, seen.getJob().getTasks());
        assertEquals(41.5, seen.getJob().getTasks().get(0).getProgress(), 0);
        assertEquals("Processing", failing.getJob().getState());
        assertEquals(WaitStatus.WAITING, failing.getStatus());
    }

    @Test
    public void showsTheEndWithErrorsAndAssets() {
        ErrorDetail error = new ErrorDetail("ErrorParsingConfiguration", "no such preset");
        WaitRecord ended =
                waiting.ended(Samples.ended(JobState.ERROR, Samples.task("Encode", JobState.ERROR, 0, error)), NOW);
        assertEquals("Error", ended.getJob().getState());
        assertEquals(WaitStatus.ERROR, ended.getStatus());
        assertEquals("Encode", ended.getJob().getErrors().get(0).getTask());
        assertEquals(
                "ErrorParsingConfiguration", ended.getJob().getErrors().get(0).getCode());
        assertEquals("no such preset", ended.getJob().getErrors().get(0).getMessage());
        assertEquals("encoded", ended.getJob().getOutputAssets().get(0).getName());
        assertEquals(Samples.CREATED.plusSeconds(372).toString(), ended.getJob().getEndTime());
        assertFalse(view(ended).isLive());
        assertNull("the state says it", view(ended).getProblem());
        assertEquals("6 min 12 s", view(ended).getWhole());
        assertEquals("18 s", view(ended).getQueuedFor());
    }

    @Test
    public void showsWhyTheBuildStoppedWaiting() {
        WaitRecord seen = polled(JobState.PROCESSING);
        assertProblem("was aborted", seen.aborted());
        assertProblem("The wait timed out", seen.ended(new WaitOutcome.TimedOut(null), NOW));
        assertProblem("cannot find job", seen.ended(new WaitOutcome.JobNotFound(null), NOW));
        assertProblem(
                "no such account",
                waiting.ended(new WaitOutcome.Failed(AmsException.of(new Exception("no such account"))), NOW));
    }

    @Test
    public void anInterruptedBuildIsNotWaiting() {
        JobView view = new JobView(polled(JobState.PROCESSING), 0, false, NOW);
        assertFalse(view.isLive());
        assertEquals("The build ended while it was waiting; this is the last known state.", view.getProblem());
        assertNull(view.getRemaining());
    }

    @Test
    public void aResumedWaitClearsItsEnd() {
        WaitRecord again = polled(JobState.PROCESSING).aborted().waitingAgain(null);
        assertEquals(WaitStatus.WAITING, again.getStatus());
        assertEquals("media-prod", again.getJob().getAccount());
        assertEquals("other", again.waitingAgain("other").getJob().getAccount());
        assertEquals("Processing", again.getJob().getState());
    }

    @Test
    public void showsAnErrorUntilRecovery() {
        WaitRecord troubled = polled(JobState.QUEUED).failing("The service is busy (503)", NOW);
        assertEquals("The service is busy (503)", view(troubled).getWarning());
        assertTrue("no state has changed", troubled.isInSameStatesAs(polled(JobState.QUEUED)));
        assertNull(view(troubled.failing(null, NOW)).getWarning());
        assertNull(view(Samples.polled(troubled, Samples.job(JobState.QUEUED), List.of(), NOW))
                .getWarning());
    }

    @Test
    public void showsSinceWhenAnErrorLasts() {
        WaitRecord troubled = polled(JobState.QUEUED).failing("busy", NOW).failing("no answer", NOW.plusSeconds(60));
        assertEquals("no answer", view(troubled).getNotice());
        assertEquals(Date.from(NOW), view(troubled).getWarningSince());
        WaitRecord recovered = troubled.failing(null, NOW.plusSeconds(120));
        assertNull(view(recovered).getWarningSince());
        assertNull(view(recovered).getNotice());
        assertNull(view(troubled.aborted()).getWarningSince());
    }

    @Test
    public void anUnseenJobIsNeverSeenAfterTheWait() {
        assertEquals(
                "Not found",
                view(waiting.ended(new WaitOutcome.JobNotFound(null), NOW)).getState());
        assertEquals(
                "State unknown",
                view(waiting.ended(new WaitOutcome.Failed(AmsException.of(new Exception("no such account"))), NOW))
                        .getState());
        assertEquals("State unknown", view(waiting.aborted()).getState());
        assertEquals("State unknown", new JobView(waiting, 0, false, NOW).getState());
        assertEquals(
                "what was seen stays",
                "Processing",
                view(polled(JobState.PROCESSING).ended(new WaitOutcome.JobNotFound(null), NOW))
                        .getState());
    }

    @Test
    public void showsTheCancelStatus() {
        WaitRecord aborted = polled(JobState.PROCESSING).aborted();
        assertNull(aborted.getCancelStatus());
        WaitRecord asked = aborted.canceling(CancelStatus.REQUESTED, null);
        assertEquals(CancelStatus.REQUESTED, asked.getCancelStatus());
        assertFalse("is worth saving", asked.isInSameStatesAs(aborted));
        assertProblem("Cancellation was requested", asked);
        assertProblem("The service is canceling the job.", asked.canceling(CancelStatus.ACCEPTED, null));
        assertProblem("nothing to cancel", asked.canceling(CancelStatus.NOT_NEEDED, null));
        WaitRecord timedOut = polled(JobState.PROCESSING).ended(new WaitOutcome.TimedOut(null), NOW);
        assertProblem("The service is canceling the job.", timedOut.canceling(CancelStatus.ACCEPTED, null));
        WaitRecord again = asked.canceling(CancelStatus.FAILED, "no").waitingAgain(null);
        assertNull("another wait has not asked", again.getCancelStatus());
        assertNull(again.getCancelError());
    }

    @Test
    public void showsWhyTheJobCouldNotBeCanceled() {
        WaitRecord asked = polled(JobState.PROCESSING).aborted().canceling(CancelStatus.REQUESTED, null);
        WaitRecord retried = asked.canceling(CancelStatus.REQUESTED, "The service is busy (503)");
        assertFalse("is worth saving", retried.isInSameStatesAs(asked));
        assertProblem(" The job is not canceled yet; the plugin keeps trying: The service is busy (503).", retried);
        WaitRecord failed = retried.canceling(CancelStatus.FAILED, "The service denied access (403): no.");
        assertEquals("The service denied access (403): no.", failed.getCancelError());
        assertProblem(
                " The job could not be canceled; cancel it manually: The service denied access (403): no.", failed);
        assertProblem(
                "of a build that was stored before reasons were",
                " The job could not be canceled; cancel it manually.",
                failed.canceling(CancelStatus.FAILED, null));
    }

    @Test
    public void showsTheJobStateAfterTheCancelRequest() {
        WaitRecord accepted = polled(JobState.PROCESSING, Samples.task("Encode", JobState.PROCESSING, 40))
                .aborted()
                .canceling(CancelStatus.ACCEPTED, null);
        WaitRecord canceling = accepted.polledAfterCancel(Samples.job(JobState.CANCELING), NOW.plusSeconds(10));
        assertEquals("Canceling", canceling.getJob().getState());
        assertEquals(WaitStatus.ABORTED, canceling.getStatus());
        assertFalse("is worth saving", canceling.isInSameStatesAs(accepted));
        WaitRecord canceled = canceling.polledAfterCancel(Samples.job(JobState.CANCELED), NOW.plusSeconds(30));
        assertEquals("Canceled", canceled.getJob().getState());
        assertEquals(
                "the tasks are as they were seen last",
                1,
                canceled.getJob().getTasks().size());
        assertProblem(" this is the last known state. The job has since ended in state Canceled.", canceled);
        WaitRecord finished = accepted.canceling(CancelStatus.NOT_NEEDED, null)
                .polledAfterCancel(Samples.job(JobState.FINISHED), NOW);
        assertProblem(" There was nothing to cancel. The job has since ended in state Finished.", finished);
        WaitRecord again = accepted.waitingAgain(null);
        assertSame("another wait polls itself", again, again.polledAfterCancel(Samples.job(JobState.QUEUED), NOW));
    }

    @Test
    public void progressIsNoChangeOfState() {
        WaitRecord first = polled(JobState.PROCESSING, Samples.task("Encode", JobState.PROCESSING, 10));
        WaitRecord second = polled(JobState.PROCESSING, Samples.task("Encode", JobState.PROCESSING, 90));
        assertTrue(second.isInSameStatesAs(first));
        assertFalse(first.isInSameStatesAs(waiting));
        assertFalse(polled(JobState.CANCELING, Samples.task("Encode", JobState.PROCESSING, 10))
                .isInSameStatesAs(first));
        assertFalse(polled(JobState.PROCESSING, Samples.task("Encode", JobState.FINISHED, 100))
                .isInSameStatesAs(first));
        assertFalse(first.aborted().isInSameStatesAs(first));
    }

    @Test
    public void textsAreOnOneLineAndValidInXml() {
        String evil = "a\u0000\u001b[31m\r\nb\u202e\ud800<img onerror=alert(1)>";
        MediaJob job = new MediaJob(Samples.ID, evil, JobState.ERROR, "4", null, null, null, Duration.ZERO, null);
        MediaTask task = new MediaTask(
                evil, evil, JobState.ERROR, 0, null, null, null, Duration.ZERO, List.of(new ErrorDetail(evil, evil)));
        WaitRecord seen = waiting.ended(
                new WaitOutcome.Completed(
                        job, new JobDetails(List.of(task), List.of(new OutputAsset(evil, evil, evil))), null),
                NOW);
        String harmless = "a [31m b <img onerror=alert(1)>";
        assertEquals(harmless, seen.getJob().getName());
        assertEquals(harmless, seen.getJob().getTasks().get(0).getId());
        assertEquals(harmless, seen.getJob().getTasks().get(0).getName());
        assertEquals(harmless, seen.getJob().getErrors().get(0).getTask());
        assertEquals(harmless, seen.getJob().getErrors().get(0).getCode());
        assertEquals(harmless, seen.getJob().getErrors().get(0).getMessage());
        assertEquals(harmless, seen.getJob().getOutputAssets().get(0).getId());
        assertEquals(harmless, seen.getJob().getOutputAssets().get(0).getName());
        assertEquals(harmless, seen.getJob().getOutputAssets().get(0).getUri());
    }

    @Test
    public void linksOnlyToHttps() {
        assertEquals("https://store.example/asset-1", link("https://store.example/asset-1"));
        assertEquals("https://store.example/%C3%A9", link("https://store.example/\u00e9"));
        for (String other : new String[] {
            null,
            "",
            "javascript:alert(1)",
            "JavaScript:alert(1)//https://a",
            "data:text/html,<script>alert(1)</script>",
            "http://store.example/asset-1",
            "//store.example/asset-1",
            "https:asset-1",
            "https:///asset-1",
            "https://store.example@evil.example/",
            "https://store.example/\" onclick=\"alert(1)",
            "asset-1"
        }) {
            assertNull(other, link(other));
        }
    }

    @Test
    public void sortsBySeverity() {
        WaitRecord failed = waiting.ended(Samples.ended(JobState.ERROR), NOW);
        WaitRecord finished = waiting.ended(Samples.ended(JobState.FINISHED), NOW);
        assertTrue(view(failed).urgency() < view(waiting).urgency());
        assertTrue(view(waiting).urgency() < view(finished).urgency());
        assertEquals(
                "2 Finished, 1 Error, 1 Not polled yet",
                JobList.counts(List.of(view(failed), view(finished), view(waiting), view(finished))).stream()
                        .map(JobList.Count::text)
                        .collect(Collectors.joining(", ")));
    }

    private static String link(String uri) {
        WaitOutcome.Completed ended = new WaitOutcome.Completed(
                Samples.job(JobState.FINISHED), new JobDetails(List.of(), List.of(new OutputAsset("", "", uri))), null);
        JobView view = view(WaitRecord.waiting(Samples.ID, "media-prod").ended(ended, NOW));
        return view.link(view.getJob().getOutputAssets().get(0));
    }

    private static void assertProblem(String part, WaitRecord job) {
        assertProblem("", part, job);
    }

    /** @param part of the text; its end if a space precedes it */
    private static void assertProblem(String why, String part, WaitRecord job) {
        String problem = view(job).getProblem();
        assertTrue(why + problem, part.startsWith(" ") ? problem.endsWith(part) : problem.contains(part));
        assertFalse(view(job).isLive());
    }

    private WaitRecord polled(JobState state, MediaTask... tasks) {
        return Samples.polled(waiting, Samples.job(state), List.of(tasks), NOW);
    }

    private static JobView view(WaitRecord job) {
        return new JobView(job, 0, true, NOW);
    }
}
