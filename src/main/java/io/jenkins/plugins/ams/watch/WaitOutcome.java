/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.watch;

import io.jenkins.plugins.ams.service.ErrorDetail;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.MediaTask;
import io.jenkins.plugins.ams.service.OutputAsset;
import java.util.List;
import java.util.Optional;

/** How a wait ended. */
public sealed interface WaitOutcome {

    /**
     * The job reached a terminal state.
     *
     * @param job the job as it ended
     * @param tasks its tasks; as last seen before, if the service could not be brought to tell
     * @param outputAssets what it wrote; empty if the service could not be brought to tell
     * @param missing why {@code tasks} or {@code outputAssets} are not there or not up to date; null if they are
     */
    record Completed(MediaJob job, List<MediaTask> tasks, List<OutputAsset> outputAssets, Exception detailsError)
            implements WaitOutcome {
        public Completed {
            tasks = List.copyOf(tasks);
            outputAssets = List.copyOf(outputAssets);
        }

        /** Whether the job failed and the service says of all its reasons that the same job may succeed another time. */
        public boolean isRetryable() {
            List<ErrorDetail.Retry> retries = tasks.stream()
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
     * The service does not know the job.
     *
     * @param lastSeen the job, if the service knew it once: it was deleted since; null if it never did
     */
    record JobNotFound(MediaJob lastSeen) implements WaitOutcome {}

    /**
     * There is no point in going on: no account or credentials, a secret that the authority refuses, no permission.
     *
     * @param cause an {@link io.jenkins.plugins.ams.auth.AuthenticationException}, a
     *     {@link io.jenkins.plugins.ams.service.ServiceException} or what {@link PollTarget.Source#find} threw
     */
    record Failed(Exception cause) implements WaitOutcome {}

    /**
     * The wait's deadline passed first.
     *
     * @param lastSeen the job at the last look; null if there was none that succeeded
     */
    record TimedOut(MediaJob lastSeen) implements WaitOutcome {}

    /** The job as it was last seen, if ever. */
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
