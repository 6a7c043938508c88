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
import io.jenkins.plugins.ams.service.ErrorDetail;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.MediaTask;
import io.jenkins.plugins.ams.service.OutputAsset;
import io.jenkins.plugins.ams.testing.Language;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;

/** What a build keeps of a job, and what its page says of it. */
public class StoredJobTest {

    private static final Instant NOW = Samples.STARTED.plusSeconds(60);

    @Rule
    public final Language language = Language.english();

    private final StoredJob waiting = StoredJob.waiting(Samples.ID, "media-prod");

    @Test
    public void keepsAnUndocumentedState() throws Exception {
        StoredJob before = StoredJob.waiting(Samples.ID, "media");
        MediaJob deleting = Samples.job("Encoding", JobState.UNKNOWN, "Deleting");
        StoredJob seen = Samples.polled(before, deleting, List.of(), Samples.CREATED);
        assertEquals("Deleting", seen.getState());
        assertEquals(
                "Deleting",
                seen.canceling(StoredJob.CancelStatus.REQUESTED, null).getState());
        MediaJob moving = Samples.job("Encoding", JobState.UNKNOWN, "Moving");
        assertFalse(seen.isInSameStatesAs(Samples.polled(seen, moving, List.of(), Samples.CREATED)));
        MediaJob processing = Samples.job(JobState.PROCESSING);
        assertEquals(
                "Processing",
                Samples.polled(seen, processing, List.of(), Samples.CREATED).getState());
    }

    @Test
    public void isNotSeenBeforeTheFirstPoll() {
        assertNull(waiting.getState());
        assertEquals("Not polled yet", view(waiting).getState());
        assertEquals(Samples.ID.value(), view(waiting).getName());
        assertEquals("media-prod", waiting.getAccount());
        assertTrue(view(waiting).isLive());
    }

    @Test
    public void showsTheLastPoll() {
        StoredJob seen = polled(JobState.PROCESSING, Samples.task("Encode", JobState.PROCESSING, 41.5));
        assertEquals("Encoding", seen.getName());
        assertEquals("Processing", seen.getState());
        assertEquals(41.5, seen.getProgress(), 0);
        assertEquals("41%", view(seen).getPercentText());
        assertEquals("Processing", seen.getTasks().get(0).getState());
        assertTrue(view(seen).getRemaining(), view(seen).getRemaining().startsWith("about "));
        assertNull(view(seen).getProblem());
    }

    /** It may be saved at the same time. */
    @Test
    public void isReplacedAndNeverChanges() {
        StoredJob seen = polled(JobState.PROCESSING, Samples.task("Encode", JobState.PROCESSING, 41.5));
        List<StoredTask> tasks = List.copyOf(seen.getTasks());
        StoredJob failing = seen.failing("The service is busy (503)", NOW);
        failing.canceling(StoredJob.CancelStatus.REQUESTED, null)
                .ended(Samples.ended(JobState.ERROR, Samples.task("Encode", JobState.ERROR, 0)), NOW);
        assertEquals("Processing", seen.getState());
        assertEquals("WAITING", seen.getWaitStatus());
        assertNull(view(seen).getProblem());
        assertEquals(tasks, seen.getTasks());
        assertEquals(41.5, seen.getTasks().get(0).getProgress(), 0);
        assertEquals("Processing", failing.getState());
        assertEquals("WAITING", failing.getWaitStatus());
    }

    @Test
    public void showsTheEndWithErrorsAndAssets() {
        ErrorDetail error = new ErrorDetail("ErrorParsingConfiguration", "no such preset");
        StoredJob ended =
                waiting.ended(Samples.ended(JobState.ERROR, Samples.task("Encode", JobState.ERROR, 0, error)), NOW);
        assertEquals("Error", ended.getState());
        assertEquals("ENDED", ended.getWaitStatus());
        assertEquals("Encode", ended.getErrors().get(0).getTask());
        assertEquals("ErrorParsingConfiguration", ended.getErrors().get(0).getCode());
        assertEquals("no such preset", ended.getErrors().get(0).getMessage());
        assertEquals("encoded", ended.getOutputAssets().get(0).getName());
        assertEquals(Samples.CREATED.plusSeconds(372).toString(), ended.getEndTime());
        assertFalse(view(ended).isLive());
        assertNull("the state says it", view(ended).getProblem());
        assertEquals("6 min 12 s", view(ended).getWhole());
        assertEquals("18 s", view(ended).getQueuedFor());
    }

    @Test
    public void showsWhyTheBuildStoppedWaiting() {
        StoredJob seen = polled(JobState.PROCESSING);
        assertProblem("was aborted", seen.aborted());
        assertProblem("The wait timed out", seen.ended(new WaitOutcome.TimedOut(null), NOW));
        assertProblem("cannot find job", seen.ended(new WaitOutcome.JobNotFound(null), NOW));
        assertProblem(
                "no such account",
                waiting.ended(new WaitOutcome.Failed(AmsException.of(new Exception("no such account"))), NOW));
    }

    @Test
    public void anInterruptedBuildIsNotWaiting() {
        JobView view = new JobView(polled(JobState.PROCESSING), false, NOW, false);
        assertFalse(view.isLive());
        assertEquals("The build ended while it was waiting; this is the last known state.", view.getProblem());
        assertNull(view.getRemaining());
    }

    @Test
    public void aResumedWaitClearsItsEnd() {
        StoredJob again = polled(JobState.PROCESSING).aborted().waitingAgain(null);
        assertEquals("WAITING", again.getWaitStatus());
        assertEquals("media-prod", again.getAccount());
        assertEquals("other", again.waitingAgain("other").getAccount());
        assertEquals("Processing", again.getState());
    }

    @Test
    public void showsAnErrorUntilRecovery() {
        StoredJob troubled = polled(JobState.QUEUED).failing("The service is busy (503)", NOW);
        assertEquals("The service is busy (503)", view(troubled).getWarning());
        assertTrue("no state has changed", troubled.isInSameStatesAs(polled(JobState.QUEUED)));
        assertNull(view(troubled.failing(null, NOW)).getWarning());
        assertNull(view(Samples.polled(troubled, Samples.job(JobState.QUEUED), List.of(), NOW))
                .getWarning());
    }

    @Test
    public void showsSinceWhenAnErrorLasts() {
        StoredJob troubled = polled(JobState.QUEUED).failing("busy", NOW).failing("no answer", NOW.plusSeconds(60));
        assertEquals("no answer", view(troubled).getNotice());
        assertEquals(Date.from(NOW), view(troubled).getWarningSince());
        StoredJob recovered = troubled.failing(null, NOW.plusSeconds(120));
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
        assertEquals("State unknown", new JobView(waiting, false, NOW, false).getState());
        assertEquals(
                "what was seen stays",
                "Processing",
                view(polled(JobState.PROCESSING).ended(new WaitOutcome.JobNotFound(null), NOW))
                        .getState());
    }

    @Test
    public void showsTheCancelStatus() {
        StoredJob aborted = polled(JobState.PROCESSING).aborted();
        assertNull(aborted.getCancelStatus());
        StoredJob asked = aborted.canceling(StoredJob.CancelStatus.REQUESTED, null);
        assertEquals("REQUESTED", asked.getCancelStatus());
        assertFalse("is worth saving", asked.isInSameStatesAs(aborted));
        assertProblem("Cancellation was requested", asked);
        assertProblem("The service is canceling the job.", asked.canceling(StoredJob.CancelStatus.ACCEPTED, null));
        assertProblem("nothing to cancel", asked.canceling(StoredJob.CancelStatus.NOT_NEEDED, null));
        StoredJob timedOut = polled(JobState.PROCESSING).ended(new WaitOutcome.TimedOut(null), NOW);
        assertProblem("The service is canceling the job.", timedOut.canceling(StoredJob.CancelStatus.ACCEPTED, null));
        StoredJob again = asked.canceling(StoredJob.CancelStatus.FAILED, "no").waitingAgain(null);
        assertNull("another wait has not asked", again.getCancelStatus());
        assertNull(again.getCancelError());
    }

    @Test
    public void showsWhyTheJobCouldNotBeCanceled() {
        StoredJob asked = polled(JobState.PROCESSING).aborted().canceling(StoredJob.CancelStatus.REQUESTED, null);
        StoredJob retried = asked.canceling(StoredJob.CancelStatus.REQUESTED, "The service is busy (503)");
        assertFalse("is worth saving", retried.isInSameStatesAs(asked));
        assertProblem(" The job is not canceled yet; the plugin keeps trying: The service is busy (503).", retried);
        StoredJob failed = retried.canceling(StoredJob.CancelStatus.FAILED, "The service denied access (403): no.");
        assertEquals("The service denied access (403): no.", failed.getCancelError());
        assertProblem(
                " The job could not be canceled; cancel it manually: The service denied access (403): no.", failed);
        assertProblem(
                "of a build that was stored before reasons were",
                " The job could not be canceled; cancel it manually.",
                failed.canceling(StoredJob.CancelStatus.FAILED, null));
    }

    @Test
    public void showsTheJobStateAfterTheCancelRequest() {
        StoredJob accepted = polled(JobState.PROCESSING, Samples.task("Encode", JobState.PROCESSING, 40))
                .aborted()
                .canceling(StoredJob.CancelStatus.ACCEPTED, null);
        StoredJob canceling = accepted.polledAfterwards(Samples.job(JobState.CANCELING), NOW.plusSeconds(10));
        assertEquals("Canceling", canceling.getState());
        assertEquals("ABORTED", canceling.getWaitStatus());
        assertFalse("is worth saving", canceling.isInSameStatesAs(accepted));
        StoredJob canceled = canceling.polledAfterwards(Samples.job(JobState.CANCELED), NOW.plusSeconds(30));
        assertEquals("Canceled", canceled.getState());
        assertEquals(
                "the tasks are as they were seen last", 1, canceled.getTasks().size());
        assertProblem(" The service is canceling the job. The job has since ended in state Canceled.", canceled);
        StoredJob finished = accepted.canceling(StoredJob.CancelStatus.NOT_NEEDED, null)
                .polledAfterwards(Samples.job(JobState.FINISHED), NOW);
        assertProblem(" There was nothing to cancel. The job has since ended in state Finished.", finished);
        StoredJob again = accepted.waitingAgain(null);
        assertSame("another wait polls itself", again, again.polledAfterwards(Samples.job(JobState.QUEUED), NOW));
    }

    @Test
    public void progressIsNoChangeOfState() {
        StoredJob first = polled(JobState.PROCESSING, Samples.task("Encode", JobState.PROCESSING, 10));
        StoredJob second = polled(JobState.PROCESSING, Samples.task("Encode", JobState.PROCESSING, 90));
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
        StoredJob seen = waiting.ended(
                new WaitOutcome.Completed(job, List.of(task), List.of(new OutputAsset(evil, evil, evil)), null), NOW);
        String harmless = "a [31m b <img onerror=alert(1)>";
        assertEquals(harmless, seen.getName());
        assertEquals(harmless, seen.getTasks().get(0).getId());
        assertEquals(harmless, seen.getTasks().get(0).getName());
        assertEquals(harmless, seen.getErrors().get(0).getTask());
        assertEquals(harmless, seen.getErrors().get(0).getCode());
        assertEquals(harmless, seen.getErrors().get(0).getMessage());
        assertEquals(harmless, seen.getOutputAssets().get(0).getId());
        assertEquals(harmless, seen.getOutputAssets().get(0).getName());
        assertEquals(harmless, seen.getOutputAssets().get(0).getUri());
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
        StoredJob failed = waiting.ended(Samples.ended(JobState.ERROR), NOW);
        StoredJob finished = waiting.ended(Samples.ended(JobState.FINISHED), NOW);
        assertTrue(view(failed).urgency() < view(waiting).urgency());
        assertTrue(view(waiting).urgency() < view(finished).urgency());
        assertEquals(
                "2 Finished, 1 Error, 1 Not polled yet",
                JobView.counts(List.of(view(failed), view(finished), view(waiting), view(finished))));
    }

    @Test
    public void theSaveDelayGrowsWithTheJobs() {
        assertEquals(Duration.ofSeconds(2), PageSaver.pause(1));
        assertEquals(Duration.ofSeconds(2), PageSaver.pause(40));
        assertEquals(Duration.ofSeconds(10), PageSaver.pause(200));
    }

    private static String link(String uri) {
        return new StoredAsset(new OutputAsset("", "", uri)).getLink();
    }

    private static void assertProblem(String part, StoredJob job) {
        assertProblem("", part, job);
    }

    /** @param part of the text; its end if a space precedes it */
    private static void assertProblem(String why, String part, StoredJob job) {
        String problem = view(job).getProblem();
        assertTrue(why + problem, part.startsWith(" ") ? problem.endsWith(part) : problem.contains(part));
        assertFalse(view(job).isLive());
    }

    private StoredJob polled(JobState state, MediaTask... tasks) {
        return Samples.polled(waiting, Samples.job(state), List.of(tasks), NOW);
    }

    private static JobView view(StoredJob job) {
        return new JobView(job, true, NOW, false);
    }
}
