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
 * A build's request to cancel an AMS job, stored until the outcome is known. It contains names and IDs but no secrets,
 * because credentials are looked up when the job is canceled. Requests are equal if their build, job, and account are
 * equal.
 */
final class CancellationRequest {

    private static final int MAX_REASON_LENGTH = 200;

    private final String build;
    private final String job;
    private final String account;
    private final String credentialsId;
    private final String reason;

    /** Time of the request in milliseconds since the epoch. */
    private final long requested;

    /**
     * @param build the build's external ID
     * @param account the account's name, or null for the default account
     * @param credentialsId the credentials ID, or null for the account's credentials
     * @param reason who aborted the build or why it was aborted, as described by Jenkins; may be empty
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

    /** Returns the build's external ID, such as {@code folder/project#7}. */
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

    /** Returns whether the build and the job are present. They can be missing if the file was edited manually. */
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

    /** Returns an English description for log messages. */
    @Override
    public String toString() {
        String why = reason == null || reason.isEmpty() ? "" : " (" + reason + ")";
        return "AMS job " + job + " of build " + build + ", requested at " + requested() + why;
    }
}
