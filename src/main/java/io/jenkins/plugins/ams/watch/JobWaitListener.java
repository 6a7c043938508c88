/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.watch;

import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.MediaTask;
import java.time.Duration;
import java.util.List;

/**
 * Hears of one wait. Calls come one after the other, on threads that the poller has for listeners, and none after
 * {@link #onEnded}. A call that hangs delays those that follow for the same wait, and no poll. If polls go on meanwhile, the
 * listener hears of the last one only.
 */
public interface JobWaitListener {

    /**
     * A look succeeded and the job has not ended.
     *
     * @param job the job
     * @param tasks its tasks as last seen, which may have been some looks ago; empty before the job was first seen
     *     Processing
     * @param progress what these told then
     */
    void onPolled(MediaJob job, List<MediaTask> tasks, JobProgress progress);

    /**
     * The first of a row of transient errors.
     *
     * @param error a {@link io.jenkins.plugins.ams.service.ServiceException} or an
     *     {@link io.jenkins.plugins.ams.auth.AuthenticationException}
     * @param pause until the next look
     */
    void onError(Exception error, Duration retryDelay);

    /**
     * The first of a row of errors after which the wait is retried for some time only: the service or the authority
     * rejects what it accepted before, or the job is missing. Errors that are retried for as long as they last may have
     * been reported before.
     *
     * @param error as in {@link #onError}, a {@link JobMissingException}, or what {@link PollTarget.Source#find} threw
     * @param retryDelay until the next poll
     * @param patience how long the wait is retried before the error is final
     */
    default void rejected(Exception error, Duration retryDelay, Duration retryPeriod) {
        onError(error, retryDelay);
    }

    /**
     * The first look that succeeded after a error.
     *
     * @param after time since the first of the errors
     */
    void onRecovered(Duration after);

    /**
     * The wait goes on. Comes once a minute, whatever else is heard.
     *
     * @param error the last of the errors that are being ridden through; null if there are none
     * @param troubledFor time since the first of them; zero if there are none
     * @param untilLook until the next look; zero if one is under way or as soon as it is this wait's turn
     */
    default void onHeartbeat(Exception error, Duration failingFor, Duration untilPoll) {}

    /**
     * Whether nobody waits for the outcome any more, because the build has ended without canceling its wait. Asked
     * before each {@link #onHeartbeat}; if so, the wait is canceled.
     */
    default boolean isAbandoned() {
        return false;
    }

    /** The wait was canceled because of {@link #isAbandoned}. The last call, instead of {@link #onEnded}. */
    default void onAbandoned() {}

    /** The wait is over. Called once, unless the wait was cancelled before. */
    void onEnded(WaitOutcome outcome);
}
