/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A client of a media service.
 *
 * <p>No method blocks. The futures complete within a limited time. They fail with an {@link
 * io.jenkins.plugins.ams.http.AmsException}, which is not wrapped in a
 * {@link java.util.concurrent.CompletionException}. A call is one attempt; retries are up to the caller. Canceling a
 * future aborts the request in flight, if the transport supports it, and prevents further requests of this call.
 */
public interface AmsService {

    /**
     * Returns the maximum number of jobs that {@link #jobs} accepts, at least 1. Drops to 1 for some time when the
     * service rejects requests for several jobs.
     */
    int jobsPerRequest();

    /**
     * Polls jobs. The result contains their tasks and output assets if the API returns them together.
     *
     * @param ids at most {@link #jobsPerRequest} IDs
     * @return the jobs that the service knows, by ID. A missing job does not exist or no longer exists: the service
     *     deletes jobs after 90 days
     */
    CompletableFuture<Map<JobId, MediaJob>> jobs(Collection<JobId> ids);

    /** Requests the tasks of a job, in the service's order. */
    CompletableFuture<List<MediaTask>> tasks(JobId id);

    /** Requests the assets that a job writes to. */
    CompletableFuture<List<OutputAsset>> outputAssets(JobId id);

    /**
     * Requests the cancellation of a job, with a single request.
     *
     * @return true if the service accepted the request as its reference documents; false if it responded, as
     *     documented, that there is nothing to cancel. Fails in all other cases: with the service's rejection, such as
     *     a lock on the resource, or with an error that leaves open whether the request was carried out
     */
    CompletableFuture<Boolean> cancel(JobId id);

    /**
     * Checks that the service can be reached, speaks this API, and accepts the token. Sends one read-only request that
     * is valid for every account. Fails like the other methods.
     */
    CompletableFuture<Void> ping();
}
