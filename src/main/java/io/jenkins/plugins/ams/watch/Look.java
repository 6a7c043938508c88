/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.watch;

import io.jenkins.plugins.ams.auth.Futures;
import io.jenkins.plugins.ams.service.Job;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.OutputAsset;
import io.jenkins.plugins.ams.service.ServiceException;
import io.jenkins.plugins.ams.service.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * What one look at a job consists of: the job itself; its tasks, if it is Processing (a job has no progress of its own)
 * or has ended (nor errors); what it wrote, if it has ended. Then either the next look is planned or the wait is over.
 */
final class Look {

    private static final Logger LOGGER = Logger.getLogger(Look.class.getName());

    /** A job that the service does not know may just have been created; one that it does not know thrice is not there. */
    static final int LOOKS_AT_UNKNOWN_JOB = 3;

    /** Once a job has ended, that is the outcome: its details are asked for only so often. */
    static final int FAULTS_AT_DETAILS = 5;

    private final JobWatcher watcher;
    private final Connection connection;

    Look(JobWatcher watcher, Connection connection) {
        this.watcher = watcher;
        this.connection = connection;
    }

    /** Asks for the jobs of some waits with one request. */
    CompletableFuture<Map<JobId, Job>> ask(List<Watch> watches) {
        Set<JobId> ids = new LinkedHashSet<>();
        watches.forEach(watch -> ids.add(watch.job()));
        return connection.service().jobs(ids);
    }

    /** Gives each wait its part of the answer. */
    void answered(List<Watch> watches, Map<JobId, Job> jobs, Exception fault) {
        for (Watch watch : watches) {
            guarded(watch, () -> answered(watch, jobs, fault));
        }
    }

    private void answered(Watch watch, Map<JobId, Job> jobs, Exception fault) {
        Job ended = watch.lastJob().filter(job -> job.state().isTerminal()).orElse(null);
        if (ended != null) {
            endedBefore(watch, ended, fault);
        } else if (fault != null) {
            failed(watch, fault, true);
        } else if (jobs.containsKey(watch.job())) {
            found(watch, jobs.get(watch.job()));
        } else {
            notFound(watch);
        }
    }

    /** Takes the next step of a wait. A defect in it ends the wait with its message: a build that hangs tells nothing. */
    private static void guarded(Watch watch, Runnable step) {
        if (watch.isOver()) {
            return;
        }
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            LOGGER.log(Level.WARNING, e, () -> "The wait for " + watch.job() + " failed");
            watch.end(new Outcome.Refused(Futures.exception(e)));
        }
    }

    /** Asks for something that belongs to the wait's look. What is there already waits for nothing: it would get old. */
    private <T> void send(Watch watch, Supplier<CompletableFuture<T>> request, BiConsumer<T, Exception> then) {
        BiConsumer<T, Exception> next = (answer, fault) -> guarded(watch, () -> then.accept(answer, fault));
        if (connection.service().hasDetailsOf(watch.job())) {
            request.get()
                    .whenComplete(
                            (answer, thrown) -> next.accept(answer, thrown == null ? null : Futures.exception(thrown)));
        } else {
            connection.send(() -> !watch.isOver(), request, next);
        }
    }

    private void found(Watch watch, Job job) {
        watch.found(job);
        if (job.state().isTerminal()) {
            askForDetails(watch, job);
        } else if (job.state() == JobState.PROCESSING && watch.wantsTasks()) {
            send(watch, () -> connection.service().tasks(job.id()), (tasks, fault) -> {
                if (fault == null) {
                    watch.lastTasks(tasks);
                    watch.progress(Progress.of(job, tasks, watcher.clock().instant()));
                    again(watch, job);
                } else if (isNotFound(fault)) {
                    again(watch, job); // was it deleted meanwhile, then the next look tells
                } else {
                    failed(watch, fault, false);
                }
            });
        } else {
            again(watch, job);
        }
    }

    private void again(Watch watch, Job job) {
        Instant now = watcher.clock().instant();
        watch.looked(now);
        connection.plan(
                watch,
                PollSchedule.next(job, watch.progress(), watch.since(), now, watch.pollInterval(), watcher.random()));
    }

    private void notFound(Watch watch) {
        if (watch.notFound() >= LOOKS_AT_UNKNOWN_JOB) {
            watch.end(new Outcome.Unknown(watch.lastJob().orElse(null)));
        } else {
            connection.enqueue(watch, PollSchedule.UNKNOWN_JOB);
        }
    }

    /** Another try at the details of a job whose end was seen: nothing that is said of the job now unsays it. */
    private void endedBefore(Watch watch, Job job, Exception fault) {
        if (fault == null) {
            askForDetails(watch, job);
        } else {
            conclude(watch, job, null, null, fault);
        }
    }

    private void askForDetails(Watch watch, Job job) {
        send(watch, () -> connection.service().tasks(job.id()), (tasks, fault) -> {
            if (fault == null) {
                watch.lastTasks(tasks);
                send(
                        watch,
                        () -> connection.service().outputAssets(job.id()),
                        (assets, noAssets) -> conclude(watch, job, tasks, assets, noAssets));
            } else {
                conclude(watch, job, null, null, fault);
            }
        });
    }

    private void conclude(Watch watch, Job job, List<Task> tasks, List<OutputAsset> assets, Exception fault) {
        if (fault != null && RetryPolicy.isTransient(fault)) {
            if (watch.faultedAtDetails() < FAULTS_AT_DETAILS) {
                pause(watch, fault, watch.faulted(fault, false));
                return;
            }
        }
        if (fault == null) {
            watch.recover();
        }
        watch.end(new Outcome.Ended(
                job, tasks == null ? watch.lastTasks() : tasks, assets == null ? List.of() : assets, fault));
    }

    /** @param atJob whether it was the job itself that was asked for, and not its tasks */
    private void failed(Watch watch, Exception fault, boolean atJob) {
        if (RetryPolicy.isTransient(fault)) {
            // an answer of no use to many may be the fault of one among them: until it is found it is asked for alone
            boolean alone = atJob && !RetryPolicy.concernsConnection(fault);
            pause(watch, fault, watch.faulted(fault, alone));
        } else if (RetryPolicy.blamesCredentials(fault)) {
            watcher.findOtherTarget(watch, connection, fault);
        } else {
            watch.end(new Outcome.Refused(fault));
        }
    }

    private static boolean isNotFound(Exception fault) {
        return fault instanceof ServiceException service && service.kind() == ServiceException.Kind.NOT_FOUND;
    }

    private void pause(Watch watch, Exception fault, int faults) {
        Duration pause = connection.faulted(fault, faults);
        watch.troubled(pause);
        connection.enqueue(watch, pause);
    }
}
