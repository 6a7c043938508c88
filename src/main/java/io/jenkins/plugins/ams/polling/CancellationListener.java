/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.service.MediaJob;
import java.time.Duration;

/**
 * Receives progress while a job is being canceled; {@link JobPoller#cancelJob} returns the outcome.
 *
 * <p>Calls for one cancellation come one at a time, on the threads that call listeners. A call that hangs only delays
 * later calls for the same cancellation.
 */
public interface CancellationListener {

    /**
     * Called when an attempt failed with a transient error and will be repeated.
     *
     * @param delay the time until the next attempt
     */
    void onRetry(AmsException error, Duration delay);

    /**
     * Called after each successful poll, before or after the outcome is known. Polling continues for {@link
     * JobCancellation#FOLLOW_PERIOD} after the outcome, or until the job has ended.
     */
    void onPolled(MediaJob job);
}
