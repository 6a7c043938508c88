/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.report;

import jenkins.model.CauseOfInterruption;

/**
 * Why {@code waitForAmsJob} failed its build: shown in the console and on the build's page, and told apart in a Pipeline.
 *
 * @since TODO
 */
public final class AmsJobFailureCause extends CauseOfInterruption {

    private static final long serialVersionUID = 1L;

    private final String jobId;
    private final Verdict.Reason reason;
    private final String description;

    /**
     * @param jobId the job that was waited for
     * @param verdict a failure
     */
    public AmsJobFailureCause(String jobId, Verdict verdict) {
        this.jobId = jobId;
        this.reason = verdict.reason();
        this.description = verdict.failure();
    }

    /** The job that was waited for, {@code nb:jid:UUID:<guid>}. */
    public String getJobId() {
        return jobId;
    }

    /** What kind of failure it was. */
    public Verdict.Reason getReason() {
        return reason;
    }

    @Override
    public String getShortDescription() {
        return description;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AmsJobFailureCause that
                && jobId.equals(that.jobId)
                && reason == that.reason
                && description.equals(that.description);
    }

    @Override
    public int hashCode() {
        return jobId.hashCode();
    }
}
