/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.service.MediaJob;
import java.time.Duration;

/**
 * Receives progress reports while a job is being canceled. {@link JobPoller#cancelJob} returns the outcome.
 *
 * <p>Calls for the same cancellation do not overlap, and use threads that are reserved for listeners. A call that hangs
 * delays only later calls for the same cancellation.
 */
public interface CancellationListener {

    /**
     * Called when an attempt has failed with a transient error and will be retried.
     *
     * @param delay the time until the next attempt
     */
    void onRetry(AmsException error, Duration delay);

    /**
     * Called after each successful poll, both before and after the outcome is known. Polling continues until the job
     * has ended, but for no longer than {@link JobCancellation#FOLLOW_PERIOD}.
     */
    void onPolled(MediaJob job);
}
