/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.result;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.auth.AuthenticationException;
import io.jenkins.plugins.ams.console.ErrorMessages;
import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.page.Samples;
import io.jenkins.plugins.ams.polling.WaitOutcome;
import io.jenkins.plugins.ams.service.ErrorDetail;
import io.jenkins.plugins.ams.service.JobDetails;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.MediaTask;
import io.jenkins.plugins.ams.service.ServiceException;
import io.jenkins.plugins.ams.testing.Language;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.junit.Rule;
import org.junit.Test;

public class WaitResultTest {

    private static final MediaTask FAILED = Samples.task(
            "Encode",
            JobState.ERROR,
            0,
            new ErrorDetail("ErrorParsingConfiguration", "no such preset"),
            new ErrorDetail("Unknown", "and more"));

    @Rule
    public final Language language = Language.english();

    @Test
    public void aFinishedJobIsASuccess() {
        for (boolean propagate : new boolean[] {true, false}) {
            WaitResult result = result(Samples.ended(JobState.FINISHED), propagate);
            assertFalse(result.isFailure());
            assertEquals("Finished", result.job().getState());
            assertEquals(WaitStatus.FINISHED, result.status());
        }
    }

    @Test
    public void failsTheBuildWhenTheJobEndsInError() {
        WaitResult result = result(Samples.ended(JobState.ERROR, FAILED), true);

        assertFailure(
                WaitStatus.ERROR,
                "AMS job 'Encoding' ended in Error: ErrorParsingConfiguration: no such preset",
                result);
    }

    @Test
    public void namesTheFirstErrorWithAMessage() {
        MediaTask silent = Samples.task("Probe", JobState.CANCELED, 0);
        MediaTask empty = Samples.task("Thumbnails", JobState.ERROR, 0, new ErrorDetail("", "\r\n"));
        assertFailure(
                WaitStatus.ERROR,
                "AMS job 'Encoding' ended in Error: ErrorParsingConfiguration: no such preset",
                result(Samples.ended(JobState.ERROR, silent, empty, FAILED), true));
        assertFailure(
                WaitStatus.ERROR,
                "AMS job 'Encoding' ended in Error",
                result(Samples.ended(JobState.ERROR, silent, empty), true));
    }

    @Test
    public void failsTheBuildWhenTheJobWasCanceled() {
        assertFailure(
                WaitStatus.CANCELED, "AMS job 'Encoding' was canceled", result(Samples.ended(JobState.CANCELED), true));
    }

    @Test
    public void succeedsWithoutPropagation() {
        for (JobState state : List.of(JobState.ERROR, JobState.CANCELED)) {
            WaitResult result = result(Samples.ended(state, FAILED), false);
            assertFalse(result.isFailure());
            assertEquals(state.label(), result.job().getState());
        }
    }

    @Test
    public void aFinishedJobWhoseDetailsAreMissingIsASuccess() {
        ServiceException busy = ServiceException.of(ServiceException.Kind.UNAVAILABLE, 503, "busy");
        WaitOutcome.Completed ended = new WaitOutcome.Completed(Samples.job(JobState.FINISHED), JobDetails.NONE, busy);

        assertFalse(result(ended, true).isFailure());
    }

    @Test
    public void failsOnTimeoutEvenWithoutPropagation() {
        for (MediaJob lastSeen : new MediaJob[] {null, Samples.job(JobState.PROCESSING)}) {
            WaitOutcome.TimedOut timedOut = new WaitOutcome.TimedOut(lastSeen);
            assertFailure(
                    WaitStatus.TIMED_OUT,
                    "AMS job " + Samples.ID + " did not end within 1 h 30 min",
                    WaitResult.of(job(timedOut), timedOut, false, Duration.ofMinutes(90)));
        }
    }

    @Test
    public void failsWhenTheJobIsNotFound() {
        WaitResult never = result(new WaitOutcome.JobNotFound(null), false);
        assertEquals(WaitStatus.JOB_NOT_FOUND, never.status());
        assertEquals(
                "The service cannot find job " + Samples.ID
                        + ". Check the job ID and the account; the service deletes jobs 90 days after they were created.",
                never.failure());
        WaitResult deleted = result(new WaitOutcome.JobNotFound(Samples.job(JobState.PROCESSING)), false);
        assertEquals(WaitStatus.JOB_NOT_FOUND, deleted.status());
        assertEquals(
                "The service can no longer find job " + Samples.ID
                        + "; its last known state was Processing, and it has since been deleted.",
                deleted.failure());
    }

    @Test
    public void failsWhenTheJobCannotBePolled() {
        AuthenticationException expired = AuthenticationException.of(
                AuthenticationException.Kind.EXPIRED_SECRET,
                "expired",
                new AmsException.Context("AADSTS7000222", null, null));
        AmsException noAccount = AmsException.of(new IllegalArgumentException("there is no account 'media'"));
        for (AmsException cause : List.of(expired, noAccount)) {
            WaitResult result = result(new WaitOutcome.Failed(cause), false);
            assertFailure(WaitStatus.FAILED, ErrorMessages.failure(cause), result);
        }
    }

    @Test
    public void keepsAHostileNameOnOneLine() {
        MediaJob hostile = Samples.job("x\u001b]0;owned\u0007\nFinished: SUCCESS\u202e", JobState.CANCELED, "5");

        assertFailure(
                WaitStatus.CANCELED,
                "AMS job 'x ]0;owned Finished: SUCCESS' was canceled",
                result(new WaitOutcome.Completed(hostile, JobDetails.NONE, null), true));
    }

    @Test
    public void formatsInFrench() {
        language.use(Locale.FRENCH);
        assertFailure(
                WaitStatus.CANCELED,
                "Le job AMS «\u00a0Encoding\u00a0» a été annulé",
                result(Samples.ended(JobState.CANCELED), true));
    }

    private static WaitResult result(WaitOutcome outcome, boolean propagate) {
        return WaitResult.of(job(outcome), outcome, propagate, null);
    }

    private static AmsJobResult job(WaitOutcome outcome) {
        return WaitRecord.waiting(Samples.ID, "media-prod")
                .ended(outcome, Instant.EPOCH)
                .getJob();
    }

    private static void assertFailure(WaitStatus reason, String text, WaitResult result) {
        assertTrue(result.isFailure());
        assertEquals(reason, result.status());
        assertEquals(text, result.failure());
        assertNull(result.job());
    }
}
