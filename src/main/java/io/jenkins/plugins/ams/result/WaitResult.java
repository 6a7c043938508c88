/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.result;

import io.jenkins.plugins.ams.console.ConsoleLog;
import io.jenkins.plugins.ams.console.DurationText;
import io.jenkins.plugins.ams.console.ErrorMessages;
import io.jenkins.plugins.ams.console.Messages;
import io.jenkins.plugins.ams.polling.WaitOutcome;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.MediaJob;
import java.time.Duration;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * What the outcome of a wait means to the build: go on with a result, or fail for a reason. One of the two is null.
 *
 * @param result the job as it ended
 * @param failure why the build fails, as one sentence
 * @param reason the kind of failure
 * @param retryable whether the job failed, and the service says that the same job may succeed another time
 */
@Restricted(NoExternalUse.class)
public record WaitResult(AmsJobResult result, String failure, Reason reason, boolean retryable) {

    /** Why a wait fails its build. */
    public enum Reason {
        /** The job ended in Error. */
        ERROR,
        /** The job was canceled. */
        CANCELED,
        /** The wait's own time limit passed. */
        TIMED_OUT,
        /** The service does not know the job. */
        JOB_NOT_FOUND,
        /** The job could not be looked at: configuration, credentials, permissions. */
        FAILED
    }

    /**
     * Judges an outcome.
     *
     * @param propagate whether a job that ended in Error or Canceled fails the build; all else that is no end of the job
     *     always does
     * @param timeLimit the wait's own; null if there was none
     */
    public static WaitResult of(JobId id, WaitOutcome outcome, boolean propagate, Duration timeLimit) {
        if (outcome instanceof WaitOutcome.Completed ended) {
            JobState state = ended.job().state();
            if (state == JobState.FINISHED || !propagate) {
                return new WaitResult(new AmsJobResult(ended), null, null, ended.isRetryable());
            }
            return state == JobState.CANCELED
                    ? failed(Reason.CANCELED, Messages.JobFailure_canceled(ConsoleLog.name(ended.job())))
                    : new WaitResult(null, error(ended), Reason.ERROR, ended.isRetryable());
        } else if (outcome instanceof WaitOutcome.TimedOut) {
            return failed(
                    Reason.TIMED_OUT,
                    Messages.JobFailure_timedOut(id, DurationText.of(timeLimit == null ? Duration.ZERO : timeLimit)));
        } else if (outcome instanceof WaitOutcome.JobNotFound unknown) {
            return failed(Reason.JOB_NOT_FOUND, ConsoleLog.jobNotFound(id, unknown));
        }
        return failed(Reason.FAILED, ErrorMessages.failure(((WaitOutcome.Failed) outcome).cause()));
    }

    /** Whether the build fails. */
    public boolean isFailure() {
        return failure != null;
    }

    private static WaitResult failed(Reason reason, String failure) {
        return new WaitResult(null, failure, reason, false);
    }

    /** The first error is the cause; the console has them all. */
    private static String error(WaitOutcome.Completed ended) {
        MediaJob job = ended.job();
        return ended.tasks().stream()
                .flatMap(task -> ConsoleLog.errorTexts(task).stream())
                .findFirst()
                .map(error -> Messages.JobFailure_errorBecause(ConsoleLog.name(job), error))
                .orElseGet(() -> Messages.JobFailure_error(ConsoleLog.name(job)));
    }
}
