/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.result;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.ams.console.DurationText;
import io.jenkins.plugins.ams.console.ErrorMessages;
import io.jenkins.plugins.ams.console.JobText;
import io.jenkins.plugins.ams.console.Messages;
import io.jenkins.plugins.ams.polling.WaitOutcome;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.JobState;
import java.time.Duration;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The effect of a wait's outcome on the build. The build either continues or fails.
 *
 * @param job the job after it has ended, or null if the build fails
 * @param failure why the build fails, in one sentence, or null if the build continues
 * @param status how the wait ended
 * @param retryable whether the job failed and the service reports that a retry may succeed
 */
@Restricted(NoExternalUse.class)
public record WaitResult(
        @CheckForNull AmsJobResult job, @CheckForNull String failure, WaitStatus status, boolean retryable) {

    /**
     * Creates the result for a wait's outcome.
     *
     * @param job the job, updated with the outcome
     * @param propagate whether the build fails if the job ends in Error or Canceled. If the wait ends before the job
     *     does, the build always fails
     * @param timeout the wait's timeout, or null if there was none
     */
    public static WaitResult of(
            AmsJobResult job, WaitOutcome outcome, boolean propagate, @CheckForNull Duration timeout) {
        WaitStatus status = WaitStatus.of(outcome);
        boolean isSuccess = status == WaitStatus.FINISHED || status.isJobEnded() && !propagate;
        boolean retryable = outcome instanceof WaitOutcome.Completed completed && completed.isRetryable();
        return new WaitResult(
                isSuccess ? job : null, isSuccess ? null : failure(job, outcome, timeout), status, retryable);
    }

    /** Returns whether the build fails. */
    public boolean isFailure() {
        return failure != null;
    }

    private static String failure(AmsJobResult job, WaitOutcome outcome, @CheckForNull Duration timeout) {
        JobId id = new JobId(job.getId());
        if (outcome instanceof WaitOutcome.Completed completed) {
            return completed.job().state() == JobState.CANCELED
                    ? Messages.JobFailure_canceled(JobText.name(completed.job()))
                    : error(completed);
        } else if (outcome instanceof WaitOutcome.JobNotFound missing) {
            return JobText.notFound(id, missing);
        } else if (outcome instanceof WaitOutcome.Failed failed) {
            return ErrorMessages.failure(failed.cause());
        }
        return Messages.JobFailure_timedOut(id, DurationText.of(timeout == null ? Duration.ZERO : timeout));
    }

    /** Returns a message that names the first error as the cause of the failure. The console shows all errors. */
    private static String error(WaitOutcome.Completed completed) {
        String name = JobText.name(completed.job());
        return completed.details().tasks().stream()
                .flatMap(task -> JobText.errors(task).stream())
                .findFirst()
                .map(error -> Messages.JobFailure_errorBecause(name, error))
                .orElseGet(() -> Messages.JobFailure_error(name));
    }
}
