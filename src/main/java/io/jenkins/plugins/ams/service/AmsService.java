/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

import io.jenkins.plugins.ams.auth.TokenStatus;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A client for a media service.
 *
 * <p>The methods do not block. The returned futures complete within a limited time. If a call fails, its future
 * completes exceptionally with an unwrapped {@link io.jenkins.plugins.ams.http.AmsException}. Each call is a single
 * attempt; retries are up to the caller. Canceling a future aborts the request in flight, if the transport supports it,
 * and prevents further requests for the call.
 */
public interface AmsService {

    /**
     * Returns the maximum number of jobs that can be passed to {@link #jobs}, which is at least 1. If the service
     * rejects requests for several jobs, this method returns 1 for some time.
     */
    int jobsPerRequest();

    /**
     * Polls jobs. The returned jobs include their tasks and output assets if the API sends them in the same response.
     *
     * @param ids at most {@link #jobsPerRequest} IDs
     * @return the jobs that the service found, by ID. Jobs that do not exist are omitted; the service deletes jobs
     *     after 90 days
     */
    CompletableFuture<Map<JobId, MediaJob>> jobs(Collection<JobId> ids);

    /** Requests a job's tasks, which are returned in the order in which the service sends them. */
    CompletableFuture<List<MediaTask>> tasks(JobId id);

    /** Requests a job's output assets. */
    CompletableFuture<List<OutputAsset>> outputAssets(JobId id);

    /**
     * Requests the cancellation of a job. Sends a single request.
     *
     * @return a future that completes with true if the service accepted the request with the documented response. It
     *     completes with false if the service sent the documented response for a job that cannot be canceled in its
     *     current state. Otherwise, the future completes exceptionally: either the service rejected the request, for
     *     example because of a resource lock, or it is unknown whether the service carried out the request
     */
    CompletableFuture<Boolean> cancel(JobId id);

    /**
     * Checks that the service can be reached, supports this API, and accepts the token. Sends one read-only request
     * that works for every account.
     */
    CompletableFuture<Void> ping();

    /** Returns when the current token and the client certificate expire. Does not send a request. */
    default TokenStatus tokenStatus() {
        return TokenStatus.UNKNOWN;
    }
}
