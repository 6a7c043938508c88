/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.wait;

import io.jenkins.plugins.ams.result.WaitResult;
import io.jenkins.plugins.ams.result.WaitStatus;
import java.util.Objects;
import jenkins.model.CauseOfInterruption;
import org.jenkinsci.plugins.scriptsecurity.sandbox.whitelists.Whitelisted;

/**
 * The reason that {@code waitForAmsJob} failed a build. It is shown in the console and on the build page, and Pipeline
 * scripts can read it.
 *
 * @since TODO
 */
public final class AmsJobFailureCause extends CauseOfInterruption {

    private static final long serialVersionUID = 1L;

    private final String jobId;
    private final WaitStatus reason;
    private final String description;

    private final boolean retryable;

    /**
     * Creates the cause for a wait that failed.
     *
     * @param result the result, which must be a failure
     */
    public AmsJobFailureCause(String jobId, WaitResult result) {
        this.jobId = jobId;
        this.reason = result.status();
        this.description = result.failure();
        this.retryable = result.retryable();
    }

    /**
     * Returns the job's ID. The format is {@code nb:jid:UUID:<guid>} in AMS v2 and {@code transform/job} in other APIs.
     */
    @Whitelisted
    public String getJobId() {
        return jobId;
    }

    /** Returns how the wait ended. */
    @Whitelisted
    public WaitStatus getReason() {
        return reason;
    }

    /**
     * Returns whether the job failed and the service reports that a retry may succeed. The value is always false if the
     * wait failed for another reason. The value is also always false for AMS v2, which does not provide this
     * information.
     */
    @Whitelisted
    public boolean isRetryable() {
        return retryable;
    }

    @Override
    public String getShortDescription() {
        return description;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AmsJobFailureCause that
                && Objects.equals(jobId, that.jobId)
                && reason == that.reason
                && retryable == that.retryable
                && Objects.equals(description, that.description);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(jobId);
    }
}
