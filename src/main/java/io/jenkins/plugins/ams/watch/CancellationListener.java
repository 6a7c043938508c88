/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.watch;

import io.jenkins.plugins.ams.service.MediaJob;
import java.time.Duration;

/**
 * Is notified while a job is being canceled, besides the outcome that {@link JobPoller#cancelJob} returns. Called on the
 * threads that call listeners, one call at a time; a call that hangs delays its own cancellation's calls only.
 */
public interface CancellationListener {

    /**
     * An attempt met a transient error and is repeated.
     *
     * @param error what went wrong, a {@link io.jenkins.plugins.ams.service.ServiceException} or an
     *     {@link io.jenkins.plugins.ams.auth.AuthenticationException}
     * @param delay until the next attempt
     */
    void onRetry(Exception error, Duration delay);

    /**
     * A poll found the job, before or after the outcome is known. Polls go on for
     * {@link JobCancellation#FOLLOW_PERIOD} after the outcome, until the job has ended.
     */
    void onPolled(MediaJob job);
}
