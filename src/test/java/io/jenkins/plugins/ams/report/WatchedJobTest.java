/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.report;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.service.ErrorDetail;
import io.jenkins.plugins.ams.service.Job;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.OutputAsset;
import io.jenkins.plugins.ams.service.Task;
import io.jenkins.plugins.ams.testing.Language;
import io.jenkins.plugins.ams.watch.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;

/** What a build keeps of a job, and what its page says of it. */
public class WatchedJobTest {

    private static final Instant NOW = Samples.STARTED.plusSeconds(60);

    @Rule
    public final Language language = Language.english();

    private final WatchedJob waiting = WatchedJob.waiting(Samples.ID, "media-prod");

    @Test
    public void keepsTheServicesOwnWordForAStateThatIsNotDocumented() throws Exception {
        WatchedJob before = WatchedJob.waiting(Samples.ID, "media");
        Job deleting = Samples.job("Encoding", JobState.UNKNOWN, "Deleting");
        WatchedJob seen = Samples.looked(before, deleting, List.of(), Samples.CREATED);
        assertEquals("Deleting", seen.getState());
        assertEquals("Deleting", seen.canceling(WatchedJob.Cancel.ASKED, null).getState());
        Job moving = Samples.job("Encoding", JobState.UNKNOWN, "Moving");
        assertFalse(seen.isInSameStatesAs(Samples.looked(seen, moving, List.of(), Samples.CREATED)));
        Job processing = Samples.job(JobState.PROCESSING);
        assertEquals(
                "Processing",
                Samples.looked(seen, processing, List.of(), Samples.CREATED).getState());
    }

    @Test
    public void isNotSeenBeforeTheFirstLook() {
        assertNull(waiting.getState());
        assertEquals("Not seen yet", view(waiting).getState());
        assertEquals(Samples.ID.value(), view(waiting).getName());
        assertEquals("media-prod", waiting.getAccount());
        assertTrue(view(waiting).isLive());
    }

    @Test
    public void showsTheLastLook() {
        WatchedJob seen = looked(JobState.PROCESSING, Samples.task("Encode", JobState.PROCESSING, 41.5));
        assertEquals("Encoding", seen.getName());
        assertEquals("Processing", seen.getState());
        assertEquals(41.5, seen.getProgress(), 0);
        assertEquals("41 %", view(seen).getPercentText());
        assertEquals("Processing", seen.getTasks().get(0).getState());
        assertTrue(view(seen).getRest(), view(seen).getRest().startsWith("about "));
        assertNull(view(seen).getProblem());
    }

    @Test
    public void showsTheEndWithErrorsAndAssets() {
        ErrorDetail error = new ErrorDetail("ErrorParsingConfiguration", "no such preset");
        WatchedJob ended =
                waiting.ended(Samples.ended(JobState.ERROR, Samples.task("Encode", JobState.ERROR, 0, error)), NOW);
        assertEquals("Error", ended.getState());
        assertEquals("ENDED", ended.getWait());
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
    public void saysWhyTheBuildDoesNotWaitAnyLonger() {
        WatchedJob seen = looked(JobState.PROCESSING);
        assertProblem("was aborted", seen.aborted());
        assertProblem("time limit", seen.ended(new Outcome.TimedOut(null), NOW));
        assertProblem("does not know job", seen.ended(new Outcome.Unknown(null), NOW));
        assertProblem("no such account", waiting.ended(new Outcome.Refused(new Exception("no such account")), NOW));
    }

    @Test
    public void aBuildThatWasCutOffWaitsForNothing() {
        JobView view = new JobView(looked(JobState.PROCESSING), false, NOW, false);
        assertFalse(view.isLive());
        assertEquals("The build ended while it waited; this is what it saw last.", view.getProblem());
        assertNull(view.getRest());
    }

    @Test
    public void aWaitThatGoesOnForgetsWhyItEnded() {
        WatchedJob again = looked(JobState.PROCESSING).aborted().waitingAgain(null);
        assertEquals("WAITING", again.getWait());
        assertEquals("media-prod", again.getAccount());
        assertEquals("other", again.waitingAgain("other").getAccount());
        assertEquals("Processing", again.getState());
    }

    @Test
    public void showsTroubleUntilItIsOver() {
        WatchedJob troubled = looked(JobState.QUEUED).troubled("The service is busy (503)", NOW);
        assertEquals("The service is busy (503)", view(troubled).getTrouble());
        assertTrue("no state has changed", troubled.isInSameStatesAs(looked(JobState.QUEUED)));
        assertNull(view(troubled.troubled(null, NOW)).getTrouble());
        assertNull(view(Samples.looked(troubled, Samples.job(JobState.QUEUED), List.of(), NOW))
                .getTrouble());
    }

    @Test
    public void saysSinceWhenThereIsTrouble() {
        WatchedJob troubled = looked(JobState.QUEUED).troubled("busy", NOW).troubled("no answer", NOW.plusSeconds(60));
        assertEquals("no answer", view(troubled).getNotice());
        assertEquals(Date.from(NOW), view(troubled).getTroubledSince());
        WatchedJob recovered = troubled.troubled(null, NOW.plusSeconds(120));
        assertNull(view(recovered).getTroubledSince());
        assertNull(view(recovered).getNotice());
        assertNull(view(troubled.aborted()).getTroubledSince());
    }

    @Test
    public void whatWasNeverSeenIsNotCalledNotSeenYetOnceTheWaitIsOver() {
        assertEquals(
                "Not found", view(waiting.ended(new Outcome.Unknown(null), NOW)).getState());
        assertEquals(
                "Never seen",
                view(waiting.ended(new Outcome.Refused(new Exception("no such account")), NOW))
                        .getState());
        assertEquals("Never seen", view(waiting.aborted()).getState());
        assertEquals("Never seen", new JobView(waiting, false, NOW, false).getState());
        assertEquals(
                "what was seen stays",
                "Processing",
                view(looked(JobState.PROCESSING).ended(new Outcome.Unknown(null), NOW))
                        .getState());
    }

    @Test
    public void saysWhatBecameOfTheRequestToCancelTheJob() {
        WatchedJob aborted = looked(JobState.PROCESSING).aborted();
        assertNull(aborted.getCancel());
        WatchedJob asked = aborted.canceling(WatchedJob.Cancel.ASKED, null);
        assertEquals("ASKED", asked.getCancel());
        assertFalse("is worth saving", asked.isInSameStatesAs(aborted));
        assertProblem("was asked to cancel the job", asked);
        assertProblem("The service cancels the job.", asked.canceling(WatchedJob.Cancel.ACCEPTED, null));
        assertProblem("nothing to cancel", asked.canceling(WatchedJob.Cancel.NEEDLESS, null));
        WatchedJob timedOut = looked(JobState.PROCESSING).ended(new Outcome.TimedOut(null), NOW);
        assertProblem("The service cancels the job.", timedOut.canceling(WatchedJob.Cancel.ACCEPTED, null));
        WatchedJob again = asked.canceling(WatchedJob.Cancel.FAILED, "no").waitingAgain(null);
        assertNull("another wait has not asked", again.getCancel());
        assertNull(again.getCancelError());
    }

    @Test
    public void saysWhyTheJobCouldNotBeCanceled() {
        WatchedJob asked = looked(JobState.PROCESSING).aborted().canceling(WatchedJob.Cancel.ASKED, null);
        WatchedJob retried = asked.canceling(WatchedJob.Cancel.ASKED, "The service is busy (503)");
        assertFalse("is worth saving", retried.isInSameStatesAs(asked));
        assertProblem(" The job is not canceled yet; the plugin keeps trying: The service is busy (503).", retried);
        WatchedJob failed = retried.canceling(WatchedJob.Cancel.FAILED, "The service forbids it (403): no.");
        assertEquals("The service forbids it (403): no.", failed.getCancelError());
        assertProblem(" The job could not be canceled; cancel it manually: The service forbids it (403): no.", failed);
        assertProblem(
                "of a build that was stored before reasons were",
                " The job could not be canceled; cancel it manually.",
                failed.canceling(WatchedJob.Cancel.FAILED, null));
    }

    @Test
    public void saysWhatBecameOfTheJobAfterTheRequestToCancelIt() {
        WatchedJob accepted = looked(JobState.PROCESSING, Samples.task("Encode", JobState.PROCESSING, 40))
                .aborted()
                .canceling(WatchedJob.Cancel.ACCEPTED, null);
        WatchedJob canceling = accepted.polledAfterwards(Samples.job(JobState.CANCELING), NOW.plusSeconds(10));
        assertEquals("Canceling", canceling.getState());
        assertEquals("ABORTED", canceling.getWait());
        assertFalse("is worth saving", canceling.isInSameStatesAs(accepted));
        WatchedJob canceled = canceling.polledAfterwards(Samples.job(JobState.CANCELED), NOW.plusSeconds(30));
        assertEquals("Canceled", canceled.getState());
        assertEquals(
                "the tasks are as they were seen last", 1, canceled.getTasks().size());
        assertProblem(" The service cancels the job. The job ended in Canceled.", canceled);
        WatchedJob finished = accepted.canceling(WatchedJob.Cancel.NEEDLESS, null)
                .polledAfterwards(Samples.job(JobState.FINISHED), NOW);
        assertProblem(" There was nothing to cancel. The job ended in Finished.", finished);
        WatchedJob again = accepted.waitingAgain(null);
        assertSame("another wait polls itself", again, again.polledAfterwards(Samples.job(JobState.QUEUED), NOW));
    }

    @Test
    public void progressIsNoChangeOfState() {
        WatchedJob first = looked(JobState.PROCESSING, Samples.task("Encode", JobState.PROCESSING, 10));
        WatchedJob second = looked(JobState.PROCESSING, Samples.task("Encode", JobState.PROCESSING, 90));
        assertTrue(second.isInSameStatesAs(first));
        assertFalse(first.isInSameStatesAs(waiting));
        assertFalse(looked(JobState.CANCELING, Samples.task("Encode", JobState.PROCESSING, 10))
                .isInSameStatesAs(first));
        assertFalse(looked(JobState.PROCESSING, Samples.task("Encode", JobState.FINISHED, 100))
                .isInSameStatesAs(first));
        assertFalse(first.aborted().isInSameStatesAs(first));
    }

    @Test
    public void textsAreOnOneLineAndWithoutWhatXmlCannotHold() {
        String evil = "a\u0000\u001b[31m\r\nb\u202e\ud800<img onerror=alert(1)>";
        Job job = new Job(Samples.ID, evil, JobState.ERROR, "4", null, null, null, Duration.ZERO, null);
        Task task = new Task(
                evil, evil, JobState.ERROR, 0, null, null, null, Duration.ZERO, List.of(new ErrorDetail(evil, evil)));
        WatchedJob seen = waiting.ended(
                new Outcome.Ended(job, List.of(task), List.of(new OutputAsset(evil, evil, evil)), null), NOW);
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
    public void linksToNothingButPlainHttps() {
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
    public void listsTheWorstFirst() {
        WatchedJob failed = waiting.ended(Samples.ended(JobState.ERROR), NOW);
        WatchedJob finished = waiting.ended(Samples.ended(JobState.FINISHED), NOW);
        assertTrue(view(failed).urgency() < view(waiting).urgency());
        assertTrue(view(waiting).urgency() < view(finished).urgency());
        assertEquals(
                "2 Finished, 1 Error, 1 Not seen yet",
                JobView.counts(List.of(view(failed), view(finished), view(waiting), view(finished))));
    }

    @Test
    public void savesAreFurtherApartTheMoreJobsThereAre() {
        assertEquals(Duration.ofSeconds(2), PageSaver.pause(1));
        assertEquals(Duration.ofSeconds(2), PageSaver.pause(40));
        assertEquals(Duration.ofSeconds(10), PageSaver.pause(200));
    }

    private static String link(String uri) {
        return new WatchedAsset(new OutputAsset("", "", uri)).getLink();
    }

    private static void assertProblem(String part, WatchedJob job) {
        assertProblem("", part, job);
    }

    /** @param part of the text; its end if a space precedes it */
    private static void assertProblem(String why, String part, WatchedJob job) {
        String problem = view(job).getProblem();
        assertTrue(why + problem, part.startsWith(" ") ? problem.endsWith(part) : problem.contains(part));
        assertFalse(view(job).isLive());
    }

    private WatchedJob looked(JobState state, Task... tasks) {
        return Samples.looked(waiting, Samples.job(state), List.of(tasks), NOW);
    }

    private static JobView view(WatchedJob job) {
        return new JobView(job, true, NOW, false);
    }
}
