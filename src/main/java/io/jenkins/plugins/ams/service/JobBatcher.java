/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

import io.jenkins.plugins.ams.auth.CancellableFuture;
import io.jenkins.plugins.ams.auth.Futures;
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
 * Polls several jobs with one request, a batch, by means that no API's reference promises. So nothing relies on them: what
 * a batch does not tell is asked for one by one, within the same call. Batches are disabled for {@link #DISABLED_FOR} when
 * one is rejected whose jobs single requests find, and when several in a row leave out most of their jobs, or fail where
 * single requests do not.
 */
public final class JobBatcher {

    private static final Logger LOGGER = Logger.getLogger(JobBatcher.class.getName());

    /** Batches that fail, or leave out most of their jobs, in a row before batches are disabled. */
    static final int MAX_FAILURES = 3;

    /**
     * How long batches are disabled. A batch that is rejected again costs one request in this time, and batches save 24 of
     * 25; a listing that lagged, or a firewall's rule that was changed, is forgotten after it.
     */
    static final Duration DISABLED_FOR = Duration.ofMinutes(10);

    /** Statuses with which gateways reject a request for what it looks like. */
    private static final Set<Integer> OF_GATEWAYS = Set.of(400, 403, 404, 405, 406, 413, 414, 431);

    private final String host;
    private final int maxJobs;
    private final Clock clock;
    private final Function<JobId, CompletableFuture<Map<JobId, MediaJob>>> one;
    private final Function<List<JobId>, CompletableFuture<Map<JobId, MediaJob>>> several;

    /** When batches were disabled last; null if they are enabled. */
    private Instant disabledAt;

    /** Whether no batch was answered since they were enabled again. */
    private boolean onTrial;

    /** Batches in a row that failed. */
    private int failures;

    /** Batches in a row that left out most of their jobs. */
    private int omissions;

    /** Whether a request for one job was answered since a batch failed. */
    private boolean singleSucceeded;

    /**
     * @param host for the log
     * @param most how many jobs a batch may have
     * @param clock for the time that batches are disabled
     * @param one asks for one job; the result is empty if the service does not know it
     * @param several asks for several jobs
     */
    public JobBatcher(
            String host,
            int most,
            Clock clock,
            Function<JobId, CompletableFuture<Map<JobId, MediaJob>>> one,
            Function<List<JobId>, CompletableFuture<Map<JobId, MediaJob>>> several) {
        this.host = host;
        this.maxJobs = most;
        this.clock = clock;
        this.one = one;
        this.several = several;
    }

    /** {@link AmsService#jobsPerRequest}. */
    public int jobsPerRequest() {
        return isDisabled() ? 1 : maxJobs;
    }

    /**
     * {@link AmsService#jobs}. When several jobs have to be asked for one by one, a job whose own request is rejected is
     * missing from the result if the others were answered; asked for alone, it makes the call fail with the service's
     * reason. Any other failure fails the call.
     */
    public CompletableFuture<Map<JobId, MediaJob>> poll(Collection<JobId> ids) {
        List<JobId> wanted = ids.stream().distinct().toList();
        if (wanted.size() > maxJobs) {
            throw new IllegalArgumentException(wanted.size() + " jobs are too many for one request");
        }
        if (wanted.isEmpty()) {
            return CompletableFuture.completedFuture(Map.of());
        }
        if (wanted.size() == 1) {
            return Futures.bare(one.apply(wanted.get(0)).thenApply(this::onSingleSuccess));
        }
        return Futures.bare(isDisabled() ? pollEach(wanted) : pollBatch(wanted));
    }

    private CompletableFuture<Map<JobId, MediaJob>> pollBatch(List<JobId> ids) {
        CompletableFuture<Map<JobId, MediaJob>> batch = several.apply(ids);
        return batch.handle((found, thrown) -> {
                    if (thrown == null) {
                        return confirm(ids, found);
                    }
                    return Futures.unwrap(thrown) instanceof ServiceException failure
                            ? failed(ids, failure)
                            : CompletableFuture.<Map<JobId, MediaJob>>failedFuture(thrown);
                })
                .thenCompose(Function.identity());
    }

    /**
     * Asks for each job alone where a batch may have been rejected because it is one. That is so if every job is answered
     * alone; otherwise one of the jobs may be the reason.
     */
    private CompletableFuture<Map<JobId, MediaJob>> failed(List<JobId> ids, ServiceException failure) {
        if (!mayRejectBatches(failure) && !(isOnTrial() && mayFailOnBatches(failure))) {
            failed(failure);
            return CompletableFuture.failedFuture(failure);
        }
        return pollEach(ids).thenApply(found -> {
            if (found.size() == ids.size()) {
                rejected(failure);
            }
            return found;
        });
    }

    /** Asks again, alone, for jobs that a batch left out: to be missing is final for a wait. */
    private CompletableFuture<Map<JobId, MediaJob>> confirm(List<JobId> ids, Map<JobId, MediaJob> found) {
        List<JobId> missing = ids.stream().filter(id -> !found.containsKey(id)).toList();
        if (missing.isEmpty()) {
            onSuccess(0, ids.size());
            return CompletableFuture.completedFuture(found);
        }
        return recover(
                        pollEach(missing),
                        failure -> failure.isRejection() && !found.isEmpty()
                                ? CompletableFuture.completedFuture(Map.of())
                                : CompletableFuture.failedFuture(failure))
                .thenApply(foundAlone -> {
                    onSuccess(foundAlone.size(), ids.size());
                    Map<JobId, MediaJob> all = new LinkedHashMap<>(found);
                    all.putAll(foundAlone);
                    return all;
                });
    }

    /** One after the other: the service throttles by requests per second. */
    private CompletableFuture<Map<JobId, MediaJob>> pollEach(List<JobId> ids) {
        Map<JobId, MediaJob> found = new LinkedHashMap<>();
        List<ServiceException> refused = new ArrayList<>();
        CompletableFuture<Map<JobId, MediaJob>> looks =
                CancellableFuture.after(CompletableFuture.completedFuture(found));
        for (JobId id : ids) {
            looks = looks.thenCompose(before -> recover(one.apply(id), failure -> {
                        if (!failure.isRejection()) {
                            return CompletableFuture.failedFuture(failure);
                        }
                        refused.add(failure);
                        return CompletableFuture.completedFuture(Map.of());
                    }))
                    .thenApply(one -> {
                        found.putAll(one);
                        return found;
                    });
        }
        return looks.thenCompose(all -> refused.size() < ids.size()
                ? CompletableFuture.completedFuture(all)
                : CompletableFuture.failedFuture(refused.get(0)));
    }

    /**
     * Returns whether single requests may be answered where a batch is not. A rejection is the documented answer to a
     * filter that is not supported, and 501 is what OData asks for. Web servers in front answer 400, 404, 414 or 431 if an
     * address is too long for them, and firewalls 400, 403 or 406 because they take a filter for an attack.
     */
    private static boolean mayRejectBatches(ServiceException failure) {
        return failure.isRejection()
                || failure.kind() == Kind.NOT_FOUND
                || failure.kind() == Kind.ACCOUNT_NOT_FOUND
                || failure.kind() == Kind.GATEWAY && OF_GATEWAYS.contains(failure.status())
                || failure.status() == 501;
    }

    /** An internal error or an unreadable response can come by chance, but not of all batches and of nothing else. */
    private static boolean mayFailOnBatches(ServiceException failure) {
        return failure.kind() == Kind.INVALID_RESPONSE || failure.status() == 500;
    }

    private synchronized void failed(ServiceException failure) {
        if (singleSucceeded && mayFailOnBatches(failure)) {
            singleSucceeded = false;
            failedAgain(failure);
        }
    }

    /** What the service itself rejects it will reject again; a gateway may have meant something else. */
    private synchronized void rejected(ServiceException failure) {
        if (failure.kind() == Kind.GATEWAY && !onTrial) {
            failedAgain(failure);
        } else {
            disable(failure);
        }
    }

    private void failedAgain(ServiceException failure) {
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
     * A listing may lag behind jobs that were submitted a moment ago. One that does not understand the filter leaves out
     * all jobs but one, if not all, each time.
     */
    private synchronized void onSuccess(int leftOut, int jobs) {
        failures = 0;
        omissions = 2 * leftOut >= jobs ? omissions + 1 : 0;
        boolean again = onTrial && omissions > 0;
        onTrial = false;
        if (omissions == MAX_FAILURES || again) {
            disable("left out jobs from");
        }
    }

    private synchronized boolean isDisabled() {
        if (disabledAt != null) {
            Duration since = Duration.between(disabledAt, clock.instant());
            if (since.isNegative() || since.compareTo(DISABLED_FOR) >= 0) { // negative if the clock was set back
                disabledAt = null;
                onTrial = true;
                failures = 0;
                omissions = 0;
            }
        }
        return disabledAt != null;
    }

    private synchronized boolean isOnTrial() {
        return onTrial;
    }

    private void disable(ServiceException failure) {
        disable("failed (" + (failure.status() == 0 ? failure.getMessage() : "HTTP " + failure.status()) + ") at");
    }

    private synchronized void disable(String how) {
        if (isDisabled()) {
            return; // another batch that was under way beside this one was answered first
        }
        disabledAt = clock.instant();
        LOGGER.log(
                Level.INFO,
                "{0} {1} requests for several jobs; for {2} minutes each job is polled with a request of its own",
                new Object[] {host, how, DISABLED_FOR.toMinutes()});
    }

    /** The result of the attempt, or of the remedy if the attempt failed with a {@link ServiceException}. */
    public static <T> CompletableFuture<T> recover(
            CompletableFuture<T> attempt, Function<ServiceException, CompletableFuture<T>> remedy) {
        return attempt.handle((result, failure) -> {
                    if (failure == null) {
                        return CompletableFuture.completedFuture(result);
                    }
                    return Futures.unwrap(failure) instanceof ServiceException refusal
                            ? remedy.apply(refusal)
                            : CompletableFuture.<T>failedFuture(failure);
                })
                .thenCompose(Function.identity());
    }
}
