/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

import io.jenkins.plugins.ams.auth.CancellableFuture;
import io.jenkins.plugins.ams.auth.Futures;
import io.jenkins.plugins.ams.service.ServiceException.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Looks at several jobs with one request, by means that no API's reference promises. So nothing relies on them: when
 * such a request is refused, or leaves out a job that a request of its own finds, every job is asked for alone from then
 * on, and the very call is answered that way too. So it is when such requests fail in a row with what can also happen to
 * a service that takes them, and requests for one job do not.
 */
public final class JobLooks {

    private static final Logger LOGGER = Logger.getLogger(JobLooks.class.getName());

    /** Requests for several jobs that fail in a row, while some for one are answered, before they are given up. */
    static final int STUMBLES = 3;

    private final String host;
    private final int most;
    private final Function<JobId, CompletableFuture<Map<JobId, Job>>> one;
    private final Function<List<JobId>, CompletableFuture<Map<JobId, Job>>> several;
    private volatile boolean oneByOne;

    /** How many requests for several jobs stumbled since one was answered. */
    private int stumbles;

    /** Whether a request for one job was answered since a request for several stumbled. */
    private boolean oneAnswered;

    /**
     * @param host for the log
     * @param most how many jobs a request for several may be for
     * @param one asks for one job; the answer is empty if the service does not know it
     * @param several asks for several jobs
     */
    public JobLooks(
            String host,
            int most,
            Function<JobId, CompletableFuture<Map<JobId, Job>>> one,
            Function<List<JobId>, CompletableFuture<Map<JobId, Job>>> several) {
        this.host = host;
        this.most = most;
        this.one = one;
        this.several = several;
    }

    /** {@link AmsService#jobsPerRequest}. */
    public int jobsPerRequest() {
        return oneByOne ? 1 : most;
    }

    /**
     * {@link AmsService#jobs}. When several jobs have to be asked for one by one, a job whose own request is refused is
     * missing from the answer if the others were answered; asked for alone, it makes the call fail with the service's
     * reason. Any other failure fails the call.
     */
    public CompletableFuture<Map<JobId, Job>> at(Collection<JobId> ids) {
        List<JobId> wanted = ids.stream().distinct().toList();
        if (wanted.size() > most) {
            throw new IllegalArgumentException(wanted.size() + " jobs are too many for one request");
        }
        if (wanted.isEmpty()) {
            return CompletableFuture.completedFuture(Map.of());
        }
        if (wanted.size() == 1) {
            return Futures.bare(one.apply(wanted.get(0)).thenApply(this::answeredForOne));
        }
        return Futures.bare(oneByOne ? lookAtEach(wanted) : lookAtAll(wanted));
    }

    private CompletableFuture<Map<JobId, Job>> lookAtAll(List<JobId> ids) {
        return recover(several.apply(ids).thenApply(this::answeredForSeveral), failure -> {
                    if (failure.kind() == Kind.FORBIDDEN) {
                        return lookAtForbidden(ids);
                    }
                    if (!refusesSeveral(failure)) {
                        stumbled(failure);
                        return CompletableFuture.failedFuture(failure);
                    }
                    askOneByOneFromNowOn("answered HTTP " + failure.status() + " to");
                    return lookAtEach(ids);
                })
                .thenCompose(found -> oneByOne ? CompletableFuture.completedFuture(found) : confirm(ids, found));
    }

    /** Application firewalls take such a filter for an attack; who may not ask for any job may not ask for one either. */
    private CompletableFuture<Map<JobId, Job>> lookAtForbidden(List<JobId> ids) {
        return lookAtEach(ids).thenApply(found -> {
            askOneByOneFromNowOn("answered HTTP 403 to");
            return found;
        });
    }

    /** Looks again, alone, at jobs that the answer for all left out: to be missing is final for a wait. */
    private CompletableFuture<Map<JobId, Job>> confirm(List<JobId> ids, Map<JobId, Job> found) {
        List<JobId> missing = ids.stream().filter(id -> !found.containsKey(id)).toList();
        if (missing.isEmpty()) {
            return CompletableFuture.completedFuture(found);
        }
        return recover(
                        lookAtEach(missing),
                        failure -> failure.isRefusal() && !found.isEmpty()
                                ? CompletableFuture.completedFuture(Map.of())
                                : CompletableFuture.failedFuture(failure))
                .thenApply(foundAlone -> {
                    if (!foundAlone.isEmpty()) {
                        askOneByOneFromNowOn("left out jobs from its answer to");
                    }
                    Map<JobId, Job> all = new LinkedHashMap<>(found);
                    all.putAll(foundAlone);
                    return all;
                });
    }

    /** One after the other: the service throttles by requests per second. */
    private CompletableFuture<Map<JobId, Job>> lookAtEach(List<JobId> ids) {
        Map<JobId, Job> found = new LinkedHashMap<>();
        List<ServiceException> refused = new ArrayList<>();
        CompletableFuture<Map<JobId, Job>> looks = CancellableFuture.after(CompletableFuture.completedFuture(found));
        for (JobId id : ids) {
            looks = looks.thenCompose(before -> recover(one.apply(id), failure -> {
                        if (!failure.isRefusal()) {
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
     * 400 is the documented answer to a filter that is not supported; 501 is what OData asks for, and web servers in
     * front answer 404 or 414 when an address is too long for them.
     */
    private static boolean refusesSeveral(ServiceException failure) {
        return failure.kind() == Kind.REJECTED || failure.kind() == Kind.NOT_FOUND || failure.status() == 501;
    }

    /** An internal error or an unreadable answer can come by chance, but not of all requests for several jobs alone. */
    private synchronized void stumbled(ServiceException failure) {
        if (oneAnswered && (failure.kind() == Kind.UNREADABLE || failure.status() == 500)) {
            oneAnswered = false;
            stumbles++;
            if (stumbles == STUMBLES) {
                askOneByOneFromNowOn("gave again and again no answer of use to");
            }
        }
    }

    private synchronized Map<JobId, Job> answeredForOne(Map<JobId, Job> found) {
        oneAnswered = true;
        return found;
    }

    private synchronized Map<JobId, Job> answeredForSeveral(Map<JobId, Job> found) {
        stumbles = 0;
        return found;
    }

    private synchronized void askOneByOneFromNowOn(String how) {
        if (oneByOne) {
            return; // another request that was under way beside this one was answered first
        }
        oneByOne = true;
        LOGGER.log(
                Level.INFO,
                "{0} {1} a request for several jobs; from now on each job is asked for alone",
                new Object[] {host, how});
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
