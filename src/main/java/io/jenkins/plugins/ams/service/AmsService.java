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
 * What the watcher asks of a media service. Nothing here blocks: every answer is a future, which fails with a
 * {@link ServiceException} or an {@link io.jenkins.plugins.ams.auth.AuthenticationException} (never wrapped in a
 * {@link java.util.concurrent.CompletionException} of the caller's concern: look at the cause) and is bounded in time.
 * One call is one attempt; patience is the watcher's. To cancel an answer aborts the request that is under way for it, if
 * the transport can; no other is sent for it then.
 */
public interface AmsService {

    /**
     * How many jobs {@link #jobs} takes at once. At least 1; drops to 1 for some time when the service turned out to
     * reject a request for more.
     */
    int jobsPerRequest();

    /**
     * Looks at jobs.
     *
     * @param ids at most {@link #jobsPerRequest} of them
     * @return the jobs that the service knows, by id; one that is missing is not known to it (any more: it deletes jobs
     *     after 90 days)
     */
    CompletableFuture<Map<JobId, MediaJob>> jobs(Collection<JobId> ids);

    /**
     * Whether the tasks and output assets of a job came along with the job a moment ago: asked for now, they are there at
     * once and take no request.
     */
    boolean hasDetailsOf(JobId id);

    /** The tasks of a job, in the service's order. */
    CompletableFuture<List<MediaTask>> tasks(JobId id);

    /** The assets that a job writes to. */
    CompletableFuture<List<OutputAsset>> outputAssets(JobId id);

    /**
     * Asks the service to cancel a job, with one request.
     *
     * @return true if the service accepted in the way that it documents; false if it said, in the way that it documents,
     *     that there was nothing to cancel. Fails with the reason otherwise: a rejection in the service's own words, such as
     *     a lock on the resource, or an error after which nobody knows whether the request was carried out
     */
    CompletableFuture<Boolean> cancel(JobId id);

    /**
     * Asks a question that changes nothing and that every account can answer: whether the service is there, speaks this
     * API and takes the token. Fails like the other calls.
     */
    CompletableFuture<Void> ping();
}
