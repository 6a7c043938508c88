/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.result;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.ams.polling.WaitOutcome;
import io.jenkins.plugins.ams.service.JobState;

/**
 * How a build's wait for a job is, or how it ended. The state of the job is another matter: a job continues when the wait
 * for it is aborted, for example. The names are part of the REST API and of Pipeline scripts.
 *
 * @since TODO
 */
public enum WaitStatus {
    /** The build waits, or ended unexpectedly while it waited. */
    WAITING,
    /** The job ended in Finished. */
    FINISHED,
    /** The job ended in Error. */
    ERROR,
    /** The job was canceled. */
    CANCELED,
    /** The timeout of the wait passed. */
    TIMED_OUT,
    /** The service does not know the job. */
    JOB_NOT_FOUND,
    /** The job could not be polled, because of the configuration, the credentials or a permission. */
    FAILED,
    /** The build, or the branch that waited, was aborted. */
    ABORTED;

    /** Returns how a wait with this outcome ended. */
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

    /** Returns the status of a name that was stored; a name that is missing or unknown means that the end is not known. */
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
