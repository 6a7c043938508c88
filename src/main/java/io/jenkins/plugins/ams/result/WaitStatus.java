/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.result;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.ams.polling.WaitOutcome;
import io.jenkins.plugins.ams.service.JobState;

/**
 * The status of a build's wait for a job. It is separate from the job's state: for example, a job can continue after
 * the build's wait is aborted. The names are part of the REST API and can be used in Pipeline scripts.
 *
 * @since TODO
 */
public enum WaitStatus {
    /** The build is waiting, or the build ended unexpectedly while waiting. */
    WAITING,
    /** The job ended in the Finished state. */
    FINISHED,
    /** The job ended in the Error state. */
    ERROR,
    /** The job was canceled. */
    CANCELED,
    /** The wait's timeout elapsed. */
    TIMED_OUT,
    /** The service did not find the job. */
    JOB_NOT_FOUND,
    /** The job could not be polled because of the configuration, the credentials, or a missing permission. */
    FAILED,
    /** The build or the waiting Pipeline branch was aborted. */
    ABORTED;

    /** Returns the status of a wait that ended with the given outcome. */
    public static WaitStatus of(WaitOutcome outcome) {
        if (outcome instanceof WaitOutcome.Completed completed) {
            return of(completed.job().state());
        } else if (outcome instanceof WaitOutcome.JobNotFound) {
            return JOB_NOT_FOUND;
        }
        return outcome instanceof WaitOutcome.TimedOut ? TIMED_OUT : FAILED;
    }

    /** Returns whether the job reached a terminal state. */
    public boolean isJobEnded() {
        return this == FINISHED || this == ERROR || this == CANCELED;
    }

    /** Returns a stored status, or {@link #WAITING} if the stored name is missing or unknown. */
    static WaitStatus orWaiting(@CheckForNull WaitStatus stored) {
        return stored == null ? WAITING : stored;
    }

    private static WaitStatus of(JobState state) {
        return switch (state) {
            case FINISHED -> FINISHED;
            case CANCELED -> CANCELED;
            default -> ERROR;
        };
    }
}
