/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.MediaTask;
import java.time.Duration;
import java.util.List;

/**
 * Receives the progress and the outcome of one wait.
 *
 * <p>Calls do not overlap. They run on threads that are reserved for listeners. No call follows {@link #onEnded}. A
 * call that hangs delays later calls for the same wait, but does not delay polling. If several polls complete during
 * such a delay, only the last poll is reported.
 */
public interface JobWaitListener {

    /**
     * Called after a successful poll of a job that has not ended.
     *
     * @param tasks the job's tasks, possibly from an earlier poll; empty if no poll has found the job Processing
     * @param progress the progress at the time when the tasks were polled
     */
    void onPolled(MediaJob job, List<MediaTask> tasks, JobProgress progress);

    /**
     * Called when polls begin to fail with a transient error. Further transient errors are not reported until polls
     * have recovered.
     *
     * @param retryDelay the time until the next poll
     */
    default void onError(AmsException error, Duration retryDelay) {}

    /**
     * Called for the first error that is retried only for a limited time. This is the case if the service or the token
     * authority rejects a request although it has accepted earlier requests, or if the job can no longer be found.
     * {@link #onError} may have been called for transient errors that preceded this error.
     *
     * @param retryDelay the time until the next poll
     * @param retryPeriod the time until the error becomes final
     */
    default void onRejected(AmsException error, Duration retryDelay, Duration retryPeriod) {
        onError(error, retryDelay);
    }

    /**
     * Called when a poll succeeds after one or more errors.
     *
     * @param after the time since the first error
     */
    default void onRecovered(Duration after) {}

    /**
     * Called once a minute during the wait, regardless of other calls.
     *
     * @param error the latest error if polls are currently failing, or null otherwise
     * @param failingFor the time since the first of the consecutive errors, or zero if there is no error
     * @param untilPoll the time until the next poll; zero if the poll is in flight or due
     */
    default void onHeartbeat(@CheckForNull AmsException error, Duration failingFor, Duration untilPoll) {}

    /**
     * Returns whether the outcome is no longer needed because the build ended without canceling its wait. This method
     * is called before each {@link #onHeartbeat}. If it returns true, the wait is canceled.
     */
    default boolean isAbandoned() {
        return false;
    }

    /**
     * Called after the wait has been canceled because {@link #isAbandoned} returned true. No other method is called
     * afterward, not even {@link #onEnded}.
     */
    default void onAbandoned() {}

    /** Called once when the wait ends with an outcome. A wait that is canceled has no outcome. */
    void onEnded(WaitOutcome outcome);
}
