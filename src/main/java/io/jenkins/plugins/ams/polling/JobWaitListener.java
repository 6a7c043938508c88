/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.MediaTask;
import java.time.Duration;
import java.util.List;

/**
 * Receives the progress and the outcome of one wait.
 *
 * <p>Calls come one at a time, on threads reserved for listeners, and none follows {@link #onEnded}. A call that hangs
 * delays later calls for the same wait but not polling. If several polls complete in the meantime, only the last one is
 * reported.
 */
public interface JobWaitListener {

    /**
     * Called after a successful poll of a job that has not ended.
     *
     * @param job the job
     * @param tasks its tasks, possibly from an earlier poll; empty if no poll has found the job Processing
     * @param progress the progress at the time when the tasks were polled
     */
    void onPolled(MediaJob job, List<MediaTask> tasks, JobProgress progress);

    /**
     * Called for the first of several consecutive transient errors.
     *
     * @param retryDelay the time until the next poll
     */
    default void onError(AmsException error, Duration retryDelay) {}

    /**
     * Called for the first of several consecutive errors that are retried for a limited period: the service or the
     * authority rejects a request that it accepted before, or the job is missing. Transient errors may have been
     * reported before.
     *
     * @param retryDelay the time until the next poll
     * @param retryPeriod the time until the error becomes final
     */
    default void rejected(AmsException error, Duration retryDelay, Duration retryPeriod) {
        onError(error, retryDelay);
    }

    /**
     * Called after the first successful poll after an error.
     *
     * @param after the time since the first error
     */
    default void onRecovered(Duration after) {}

    /**
     * Called once a minute during the wait, independently of other calls.
     *
     * @param error the error that is currently being retried, or null
     * @param failingFor the time since the first of the consecutive errors, or zero
     * @param untilPoll the time until the next poll; zero if it is in flight or queued
     */
    default void onHeartbeat(AmsException error, Duration failingFor, Duration untilPoll) {}

    /**
     * Returns whether the outcome is no longer needed because the build ended without canceling its wait. Called before
     * each {@link #onHeartbeat}; if true, the wait is canceled.
     */
    default boolean isAbandoned() {
        return false;
    }

    /**
     * Called after the wait was canceled because of {@link #isAbandoned}. This is the last call, instead of {@link
     * #onEnded}.
     */
    default void onAbandoned() {}

    /** Called once when the wait ends, unless it was canceled before. */
    void onEnded(WaitOutcome outcome);
}
