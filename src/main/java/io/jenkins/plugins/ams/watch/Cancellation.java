/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.watch;

import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.ServiceException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Asks the service to cancel one job. The request has an effect, so it is repeated only after a fault that is transient,
 * and it may be: a job that is being cancelled already answers that there is nothing to cancel.
 */
final class Cancellation {

    /** Whoever aborted the build is told to see to the job himself rather than left without a word. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final JobWatcher watcher;
    private final Connection connection;
    private final JobId job;
    private final CompletableFuture<Boolean> answer;
    private final long until;
    private volatile Exception lastFault;
    private int faults;

    Cancellation(JobWatcher watcher, Connection connection, JobId job, CompletableFuture<Boolean> answer) {
        this.watcher = watcher;
        this.connection = connection;
        this.job = job;
        this.answer = answer;
        this.until = watcher.timer().millis() + PATIENCE.toMillis();
        Timer.Alarm bound = watcher.after(PATIENCE, this::giveUp);
        answer.whenComplete((accepted, fault) -> bound.cancel());
    }

    void ask() {
        connection.send(() -> !answer.isDone(), () -> connection.service().cancel(job), this::answered);
    }

    /** Also where the request is not even sent, because the service has asked to be left alone for longer. */
    private void giveUp() {
        Exception fault = lastFault;
        answer.completeExceptionally(
                fault == null
                        ? new ServiceException(
                                ServiceException.Kind.NO_ANSWER, 0, "not within a minute", null, null, null)
                        : fault);
        connection.dropUnwanted();
    }

    private void answered(Boolean accepted, Exception fault) {
        if (fault == null) {
            // after a fault, "nothing to cancel" is most likely the echo of a request that did arrive
            answer.complete(accepted || faults > 0);
            return;
        }
        faults++;
        lastFault = fault;
        Duration pause = RetryPolicy.isTransient(fault) ? connection.faulted(fault, faults) : null;
        if (pause == null || watcher.timer().millis() + pause.toMillis() >= until) {
            answer.completeExceptionally(fault);
        } else {
            watcher.after(pause, this::ask);
        }
    }
}
