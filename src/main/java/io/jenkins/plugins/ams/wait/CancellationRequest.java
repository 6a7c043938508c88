/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.wait;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.ams.http.PlainText;
import io.jenkins.plugins.ams.service.JobId;
import java.time.Instant;
import java.util.Objects;

/**
 * One AMS job that a build wants canceled, as it is stored until the outcome is known. Holds names and IDs and no
 * secret: the credentials are looked up when the service is asked. Equal if the same build wants the same job canceled.
 */
final class CancellationRequest {

    private static final int MAX_REASON_LENGTH = 200;

    private final String build;
    private final String job;
    private final String account;
    private final String credentialsId;
    private final String reason;

    /** Milliseconds since the epoch. */
    private final long requested;

    /**
     * @param build the external ID of the build
     * @param account null for the default account
     * @param credentialsId null for the account's credentials
     * @param reason who aborted the build, or why it was aborted, in the words of Jenkins; may be empty
     */
    CancellationRequest(
            String build,
            JobId job,
            @CheckForNull String account,
            @CheckForNull String credentialsId,
            String reason,
            Instant requested) {
        this.build = build;
        this.job = job.value();
        this.account = account;
        this.credentialsId = credentialsId;
        this.reason = PlainText.line(reason, MAX_REASON_LENGTH);
        this.requested = requested.toEpochMilli();
    }

    /** The external ID of the build, {@code folder/project#7}. */
    String build() {
        return build;
    }

    JobId job() {
        return new JobId(job);
    }

    @CheckForNull
    String account() {
        return account;
    }

    @CheckForNull
    String credentialsId() {
        return credentialsId;
    }

    Instant requested() {
        return Instant.ofEpochMilli(requested);
    }

    /** Whether all that is needed is there, which a file that was edited may lack. */
    boolean isComplete() {
        return build != null && job != null && !job.isBlank();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CancellationRequest request
                && build.equals(request.build)
                && job.equals(request.job)
                && Objects.equals(account, request.account);
    }

    @Override
    public int hashCode() {
        return Objects.hash(build, job, account);
    }

    /** For the log, which is English. */
    @Override
    public String toString() {
        String why = reason == null || reason.isEmpty() ? "" : " (" + reason + ")";
        return "AMS job " + job + " of build " + build + ", requested at " + requested() + why;
    }
}
