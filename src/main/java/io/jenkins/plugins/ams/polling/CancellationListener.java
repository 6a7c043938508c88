/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.service.MediaJob;
import java.time.Duration;

/**
 * Receives progress reports while a job is being canceled. The future that {@link JobPoller#cancelJob} returns receives
 * the outcome.
 *
 * <p>Calls for the same cancellation do not overlap. They run on threads that are reserved for listeners. A call that
 * hangs delays only later calls for the same cancellation.
 */
public interface CancellationListener {

    /**
     * Called when an attempt to cancel the job has failed with a transient error and will be repeated.
     *
     * @param delay the time until the next attempt
     */
    void onRetry(AmsException error, Duration delay);

    /**
     * Called after each successful poll, both before and after the outcome is known. Polling ends when the job has
     * ended, or after {@link JobCancellation#FOLLOW_PERIOD}.
     */
    void onPolled(MediaJob job);
}
