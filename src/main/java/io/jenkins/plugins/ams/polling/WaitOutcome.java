/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.service.ErrorDetail;
import io.jenkins.plugins.ams.service.JobDetails;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.MediaJob;
import java.util.List;
import java.util.Optional;

/** The outcome of a wait, reported once when the wait ends. */
public sealed interface WaitOutcome {

    /**
     * The job reached a terminal state.
     *
     * @param job the job in its terminal state
     * @param details the job's tasks and output assets. If {@code detailsError} is not null, the tasks may be from an
     *     earlier poll, and the output assets may be missing
     * @param detailsError the error that prevented the current {@code details} from being retrieved, or null if they
     *     are complete
     */
    record Completed(
            MediaJob job, JobDetails details, @CheckForNull AmsException detailsError) implements WaitOutcome {

        /**
         * Returns whether the job failed but may succeed if it is run again, according to the service's advice. All
         * task errors that contain advice must agree; task errors without advice are ignored.
         */
        public boolean isRetryable() {
            List<ErrorDetail.Retry> retries = details.tasks().stream()
                    .flatMap(task -> task.errors().stream())
                    .map(ErrorDetail::retry)
                    .filter(retry -> retry != ErrorDetail.Retry.UNSAID)
                    .toList();
            return job.state() == JobState.ERROR
                    && !retries.isEmpty()
                    && retries.stream().allMatch(retry -> retry == ErrorDetail.Retry.MAY_RETRY);
        }
    }

    /**
     * The service did not find the job.
     *
     * @param lastSeen the job as of the last poll that found it, or null if no poll has found the job
     */
    record JobNotFound(MediaJob lastSeen) implements WaitOutcome {}

    /**
     * The wait failed because of an error that further retries are unlikely to resolve, such as a missing account, a
     * rejected secret, or a missing permission.
     */
    record Failed(AmsException cause) implements WaitOutcome {}

    /**
     * The deadline passed before the job ended.
     *
     * @param lastSeen the job as of the last successful poll, or null if no poll was successful
     */
    record TimedOut(MediaJob lastSeen) implements WaitOutcome {}

    /** Returns the job as of the last poll that found it; empty if no poll has found the job or the wait failed. */
    default Optional<MediaJob> lastSeenJob() {
        if (this instanceof Completed completed) {
            return Optional.of(completed.job());
        } else if (this instanceof JobNotFound notFound) {
            return Optional.ofNullable(notFound.lastSeen());
        } else if (this instanceof TimedOut timedOut) {
            return Optional.ofNullable(timedOut.lastSeen());
        }
        return Optional.empty();
    }
}
