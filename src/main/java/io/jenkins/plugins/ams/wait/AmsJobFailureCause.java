/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.wait;

import io.jenkins.plugins.ams.result.WaitResult;
import java.util.Objects;
import jenkins.model.CauseOfInterruption;
import org.jenkinsci.plugins.scriptsecurity.sandbox.whitelists.Whitelisted;

/**
 * Why {@code waitForAmsJob} failed its build: shown in the console and on the build's page, and told apart in a Pipeline.
 *
 * @since TODO
 */
public final class AmsJobFailureCause extends CauseOfInterruption {

    private static final long serialVersionUID = 1L;

    private final String jobId;
    private final WaitResult.Reason reason;
    private final String description;

    /** False in what was saved before there was this. */
    private final boolean retryable;

    /**
     * @param jobId the job that was waited for
     * @param verdict a failure
     */
    public AmsJobFailureCause(String jobId, WaitResult verdict) {
        this.jobId = jobId;
        this.reason = verdict.reason();
        this.description = verdict.failure();
        this.retryable = verdict.retryable();
    }

    /** The job that was waited for: {@code nb:jid:UUID:<guid>} of AMS v2, {@code transform/job} of the other APIs. */
    @Whitelisted
    public String getJobId() {
        return jobId;
    }

    /** What kind of failure it was. */
    @Whitelisted
    public WaitResult.Reason getReason() {
        return reason;
    }

    /**
     * Whether the job failed for reasons that may be gone another time, so that the same job is worth another try. Only
     * APIs with the shape of AMS v3 tell; false for AMS v2, and for waits that failed for other reasons than the job's.
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
