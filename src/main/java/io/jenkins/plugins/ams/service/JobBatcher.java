/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.ams.http.CancellableFuture;
import io.jenkins.plugins.ams.http.Futures;
import io.jenkins.plugins.ams.service.ServiceException.Kind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Polls several jobs with one request, called a batch.
 *
 * <p>None of the APIs documents the filters that batches use. If the response to a batch omits a job, the job may still
 * exist, so the same call then polls the job individually. Batches are disabled for {@link #DISABLED_FOR} if a batch is
 * rejected although individual requests find all its jobs. Batches are also disabled if the responses to several
 * consecutive batches omit most of the jobs, or if several consecutive batches fail while individual requests succeed.
 *
 * <p>Instances are thread-safe. The object's own lock guards all mutable fields.
 */
public final class JobBatcher {

    private static final Logger LOGGER = Logger.getLogger(JobBatcher.class.getName());

    /** Number of consecutive batches that must fail or omit most of their jobs before batches are disabled. */
    static final int MAX_FAILURES = 3;

    /**
     * How long batches stay disabled. After this time, batches are tried again, because the cause may have been
     * temporary, such as an outdated listing or a firewall rule. A failed attempt wastes only one request, whereas a
     * successful batch replaces up to 25 requests.
     */
    static final Duration DISABLED_FOR = Duration.ofMinutes(10);

    /** Statuses with which gateways reject requests because of their content or length. */
    private static final Set<Integer> GATEWAY_STATUSES = Set.of(400, 403, 404, 405, 406, 413, 414, 431);

    private final String host;
    private final int maxJobs;
    private final Clock clock;
    private final Function<JobId, CompletableFuture<Map<JobId, MediaJob>>> pollOne;
    private final Function<List<JobId>, CompletableFuture<Map<JobId, MediaJob>>> pollSeveral;

    /** The time when batches were disabled, or null if batches are enabled. */
    @CheckForNull
    private Instant batchesDisabledAt;

    /** Whether batches have been re-enabled but no batch has succeeded since then. */
    private boolean batchOnTrial;

    /** Number of consecutive failed batches. */
    private int failures;

    /** Number of consecutive batches that omitted most of their jobs. */
    private int batchesWithOmissions;

    /** Whether a request for one job has succeeded since the last failed batch. */
    private boolean singleSucceeded;

    /**
     * @param host the service's host, for log messages
     * @param maxJobs the maximum number of jobs in a batch
     * @param clock the clock that determines when batches are re-enabled
     * @param pollOne polls one job; the returned map is empty if the job does not exist
     * @param pollSeveral polls several jobs with a batch
     */
    public JobBatcher(
            String host,
            int maxJobs,
            Clock clock,
            Function<JobId, CompletableFuture<Map<JobId, MediaJob>>> pollOne,
            Function<List<JobId>, CompletableFuture<Map<JobId, MediaJob>>> pollSeveral) {
        this.host = host;
        this.maxJobs = maxJobs;
        this.clock = clock;
        this.pollOne = pollOne;
        this.pollSeveral = pollSeveral;
    }

    /** Returns the number of jobs to poll with one request. Implements {@link AmsService#jobsPerRequest}. */
    public int jobsPerRequest() {
        return isDisabled() ? 1 : maxJobs;
    }

    /**
     * Implements {@link AmsService#jobs}.
     *
     * <p>If several jobs are polled individually and at least one of these requests succeeds, the returned map omits
     * the jobs whose requests were rejected. The future completes exceptionally if all requests are rejected, or if a
     * request fails for any other reason.
     */
    public CompletableFuture<Map<JobId, MediaJob>> poll(Collection<JobId> ids) {
        List<JobId> requested = ids.stream().distinct().toList();
        if (requested.size() > maxJobs) {
            throw new IllegalArgumentException(requested.size() + " jobs are too many for one request");
        }
        if (requested.isEmpty()) {
            return CompletableFuture.completedFuture(Map.of());
        }
        if (requested.size() == 1) {
            return Futures.bare(pollOne.apply(requested.get(0)).thenApply(this::onSingleSuccess));
        }
        return Futures.bare(isDisabled() ? pollEach(requested) : pollBatch(requested));
    }

    private CompletableFuture<Map<JobId, MediaJob>> pollBatch(List<JobId> ids) {
        return then(pollSeveral.apply(ids), found -> confirm(ids, found), failure -> onBatchFailure(ids, failure));
    }

    /**
     * Polls the jobs individually if the batch may have been rejected only because it is a batch. If individual
     * requests find all jobs, the batch was the reason for the rejection. Otherwise, one of the jobs may be the reason,
     * and batches stay enabled.
     */
    private CompletableFuture<Map<JobId, MediaJob>> onBatchFailure(List<JobId> ids, ServiceException failure) {
        if (!mayRejectBatches(failure) && !(isBatchOnTrial() && mayFailOnBatches(failure))) {
            onFailure(failure);
            return CompletableFuture.failedFuture(failure);
        }
        return pollEach(ids).thenApply(found -> {
            if (found.size() == ids.size()) {
                onRejection(failure);
            }
            return found;
        });
    }

    /**
     * Individually polls the jobs that a batch omitted. A wait can end if its job is missing, so the batch alone is not
     * sufficient evidence.
     */
    private CompletableFuture<Map<JobId, MediaJob>> confirm(List<JobId> ids, Map<JobId, MediaJob> found) {
        List<JobId> missing = ids.stream().filter(id -> !found.containsKey(id)).toList();
        if (missing.isEmpty()) {
            onSuccess(0, ids.size());
            return CompletableFuture.completedFuture(found);
        }
        return recover(
                        pollEach(missing),
                        failure -> failure.mayConcernJob() && !found.isEmpty()
                                ? CompletableFuture.completedFuture(Map.of())
                                : CompletableFuture.failedFuture(failure))
                .thenApply(foundIndividually -> {
                    onSuccess(foundIndividually.size(), ids.size());
                    Map<JobId, MediaJob> all = new LinkedHashMap<>(found);
                    all.putAll(foundIndividually);
                    return all;
                });
    }

    /**
     * Polls each job with a separate request. The requests are sequential because the service limits requests per
     * second.
     */
    private CompletableFuture<Map<JobId, MediaJob>> pollEach(List<JobId> ids) {
        Map<JobId, MediaJob> found = new LinkedHashMap<>();
        List<ServiceException> rejections = new ArrayList<>();
        CompletableFuture<Map<JobId, MediaJob>> polls =
                CancellableFuture.after(CompletableFuture.completedFuture(found));
        for (JobId id : ids) {
            polls = polls.thenCompose(before -> recover(pollOne.apply(id), failure -> {
                        if (!failure.mayConcernJob()) {
                            return CompletableFuture.failedFuture(failure);
                        }
                        rejections.add(failure);
                        return CompletableFuture.completedFuture(Map.of());
                    }))
                    .thenApply(polled -> {
                        found.putAll(polled);
                        return found;
                    });
        }
        return polls.thenCompose(all -> rejections.size() < ids.size()
                ? CompletableFuture.completedFuture(all)
                : CompletableFuture.failedFuture(rejections.get(0)));
    }

    /**
     * Returns whether the service or a gateway may have rejected a request because it is a batch. OData services reject
     * an unsupported filter with a 4xx status or with 501. Web servers respond with 400, 404, 414, or 431 if a URL is
     * too long. Firewalls may mistake the filter for an attack and respond with 400, 403, or 406.
     */
    private static boolean mayRejectBatches(ServiceException failure) {
        return failure.mayConcernJob()
                || failure.kind() == Kind.NOT_FOUND
                || failure.kind() == Kind.ACCOUNT_NOT_FOUND
                || failure.kind() == Kind.GATEWAY && GATEWAY_STATUSES.contains(failure.status())
                || failure.status() == 501;
    }

    /**
     * Returns whether a failure suggests that the service does not support batches, provided that individual requests
     * succeed. This is the case for internal errors and invalid responses. A single failure may be a coincidence, but
     * several consecutive failures are not.
     */
    private static boolean mayFailOnBatches(ServiceException failure) {
        return failure.kind() == Kind.INVALID_RESPONSE || failure.status() == 500;
    }

    private synchronized void onFailure(ServiceException failure) {
        if (singleSucceeded && mayFailOnBatches(failure)) {
            singleSucceeded = false;
            countFailure(failure);
        }
    }

    /**
     * Handles the rejection of a batch whose jobs were all found individually. If the service rejected the batch,
     * batches are disabled immediately, because the service would also reject other batches. A gateway's rejection can
     * have another cause, so it counts as a single failure, unless no batch has succeeded since batches were
     * re-enabled.
     */
    private synchronized void onRejection(ServiceException failure) {
        if (failure.kind() == Kind.GATEWAY && !batchOnTrial) {
            countFailure(failure);
        } else {
            disable(failure);
        }
    }

    private void countFailure(ServiceException failure) {
        failures++;
        if (failures == MAX_FAILURES) {
            disable(failure);
        }
    }

    private synchronized Map<JobId, MediaJob> onSingleSuccess(Map<JobId, MediaJob> found) {
        singleSucceeded = true;
        return found;
    }

    /**
     * Records a successful batch. A single batch with omissions does not disable batches, because new jobs may not be
     * listed yet. The exception is the first successful batch after batches were re-enabled. A service that does not
     * support the filter omits most or all jobs every time.
     */
    private synchronized void onSuccess(int omitted, int jobs) {
        failures = 0;
        batchesWithOmissions = 2 * omitted >= jobs ? batchesWithOmissions + 1 : 0;
        boolean failedTrial = batchOnTrial && batchesWithOmissions > 0;
        batchOnTrial = false;
        if (batchesWithOmissions == MAX_FAILURES || failedTrial) {
            disable("responses omitted jobs");
        }
    }

    private synchronized boolean isDisabled() {
        if (batchesDisabledAt != null) {
            Duration since = Duration.between(batchesDisabledAt, clock.instant());
            if (since.isNegative() || since.compareTo(DISABLED_FOR) >= 0) { // negative if the clock was set back
                batchesDisabledAt = null;
                batchOnTrial = true;
                failures = 0;
                batchesWithOmissions = 0;
            }
        }
        return batchesDisabledAt != null;
    }

    private synchronized boolean isBatchOnTrial() {
        return batchOnTrial;
    }

    private void disable(ServiceException failure) {
        disable(failure.status() == 0 ? failure.getMessage() : "HTTP " + failure.status());
    }

    private synchronized void disable(String reason) {
        if (isDisabled()) {
            return; // a concurrent batch has already disabled batches
        }
        batchesDisabledAt = clock.instant();
        LOGGER.log(
                Level.INFO,
                "Requests for several jobs do not work on {0} ({1}); polling jobs individually for {2} minutes",
                new Object[] {host, reason, DISABLED_FOR.toMinutes()});
    }

    /**
     * Returns a future that completes with the attempt's value. If the attempt fails with a {@link ServiceException},
     * the remedy is called, and the future completes with the outcome of the remedy's future.
     */
    public static <T> CompletableFuture<T> recover(
            CompletableFuture<T> attempt, Function<ServiceException, CompletableFuture<T>> remedy) {
        return then(attempt, CompletableFuture::completedFuture, remedy);
    }

    private static <T> CompletableFuture<T> then(
            CompletableFuture<T> attempt,
            Function<T, CompletableFuture<T>> next,
            Function<ServiceException, CompletableFuture<T>> remedy) {
        return attempt.handle((result, failure) -> {
                    if (failure == null) {
                        return next.apply(result);
                    }
                    return Futures.unwrap(failure) instanceof ServiceException known
                            ? remedy.apply(known)
                            : CompletableFuture.<T>failedFuture(failure);
                })
                .thenCompose(Function.identity());
    }
}
