/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.report;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.account.FaultText;
import io.jenkins.plugins.ams.auth.AuthenticationException;
import io.jenkins.plugins.ams.report.Verdict.Reason;
import io.jenkins.plugins.ams.service.ErrorDetail;
import io.jenkins.plugins.ams.service.Job;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.ServiceException;
import io.jenkins.plugins.ams.service.Task;
import io.jenkins.plugins.ams.testing.Language;
import io.jenkins.plugins.ams.watch.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.Rule;
import org.junit.Test;

public class VerdictTest {

    private static final Task FAILED = Samples.task(
            "Encode",
            JobState.ERROR,
            0,
            new ErrorDetail("ErrorParsingConfiguration", "no such preset"),
            new ErrorDetail("Unknown", "and more"));

    @Rule
    public final Language language = Language.english();

    @Test
    public void aFinishedJobIsASuccessEitherWay() {
        for (boolean propagate : new boolean[] {true, false}) {
            Verdict verdict = verdict(Samples.ended(JobState.FINISHED), propagate);
            assertFalse(verdict.isFailure());
            assertEquals("Finished", verdict.result().getState());
            assertNull(verdict.reason());
        }
    }

    @Test
    public void failsTheBuildWhenTheJobEndsInError() {
        Verdict verdict = verdict(Samples.ended(JobState.ERROR, FAILED), true);

        assertFailure(
                Reason.ERROR, "AMS job 'Encoding' ended in Error: ErrorParsingConfiguration: no such preset", verdict);
    }

    @Test
    public void namesTheFirstErrorThatSaysSomething() {
        Task silent = Samples.task("Probe", JobState.CANCELED, 0);
        Task empty = Samples.task("Thumbnails", JobState.ERROR, 0, new ErrorDetail("", "\r\n"));
        assertFailure(
                Reason.ERROR,
                "AMS job 'Encoding' ended in Error: ErrorParsingConfiguration: no such preset",
                verdict(Samples.ended(JobState.ERROR, silent, empty, FAILED), true));
        assertFailure(
                Reason.ERROR,
                "AMS job 'Encoding' ended in Error",
                verdict(Samples.ended(JobState.ERROR, silent, empty), true));
    }

    @Test
    public void failsTheBuildWhenTheJobWasCanceled() {
        assertFailure(
                Reason.CANCELED, "AMS job 'Encoding' was canceled", verdict(Samples.ended(JobState.CANCELED), true));
    }

    @Test
    public void leavesItToTheScriptWhereFailuresDoNotPropagate() {
        for (JobState state : List.of(JobState.ERROR, JobState.CANCELED)) {
            Verdict verdict = verdict(Samples.ended(state, FAILED), false);
            assertFalse(verdict.isFailure());
            assertEquals(state.label(), verdict.result().getState());
        }
    }

    @Test
    public void aFinishedJobWhoseDetailsAreMissingIsASuccess() {
        ServiceException busy = new ServiceException(ServiceException.Kind.BUSY, 503, "busy", null, null, null);
        Outcome.Ended ended = new Outcome.Ended(Samples.job(JobState.FINISHED), List.of(), List.of(), busy);

        assertFalse(verdict(ended, true).isFailure());
    }

    @Test
    public void failsWhereTheJobDidNotEndInTimeWhateverPropagates() {
        for (Job lastSeen : new Job[] {null, Samples.job(JobState.PROCESSING)}) {
            Outcome.TimedOut timedOut = new Outcome.TimedOut(lastSeen);
            assertFailure(
                    Reason.TIMED_OUT,
                    "AMS job " + Samples.ID + " did not end within 1 h 30 min",
                    Verdict.of(Samples.ID, timedOut, false, Duration.ofMinutes(90)));
        }
    }

    @Test
    public void failsWhereTheJobIsNotKnown() {
        Verdict never = verdict(new Outcome.Unknown(null), false);
        assertEquals(Reason.UNKNOWN_JOB, never.reason());
        assertEquals(
                "The service does not know job " + Samples.ID
                        + ". Check the id and the account; the service deletes jobs 90 days after they were created.",
                never.failure());
        Verdict deleted = verdict(new Outcome.Unknown(Samples.job(JobState.PROCESSING)), false);
        assertEquals(Reason.UNKNOWN_JOB, deleted.reason());
        assertEquals(
                "The service does not know job " + Samples.ID
                        + " any more; it was Processing when last seen and has been deleted since.",
                deleted.failure());
    }

    @Test
    public void failsWhereTheJobCannotBeLookedAt() {
        AuthenticationException expired = new AuthenticationException(
                AuthenticationException.Kind.EXPIRED_SECRET, "AADSTS7000222", "expired", null, null, null);
        for (Exception cause : List.of(expired, new IllegalArgumentException("there is no account 'media'"))) {
            Verdict verdict = verdict(new Outcome.Refused(cause), false);
            assertFailure(Reason.REFUSED, FaultText.finalFault(cause), verdict);
        }
    }

    @Test
    public void aHostileNameStaysOnItsLine() {
        Job hostile = Samples.job("x\u001b]0;owned\u0007\nFinished: SUCCESS\u202e", JobState.CANCELED, "5");

        assertFailure(
                Reason.CANCELED,
                "AMS job 'x ]0;owned Finished: SUCCESS' was canceled",
                verdict(new Outcome.Ended(hostile, List.of(), List.of(), null), true));
    }

    @Test
    public void speaksFrench() {
        language.use(Locale.FRENCH);
        assertFailure(
                Reason.CANCELED,
                "Le job AMS « Encoding » a été annulé",
                verdict(Samples.ended(JobState.CANCELED), true));
    }

    private static Verdict verdict(Outcome outcome, boolean propagate) {
        return Verdict.of(Samples.ID, outcome, propagate, null);
    }

    private static void assertFailure(Reason reason, String text, Verdict verdict) {
        assertTrue(verdict.isFailure());
        assertEquals(reason, verdict.reason());
        assertEquals(text, verdict.failure());
        assertNull(verdict.result());
    }
}
