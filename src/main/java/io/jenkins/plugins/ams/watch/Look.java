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

    /** Minimum number of polls that do not find a job before it is taken for missing. */
    static final int MIN_NOT_FOUND_POLLS = 3;

    /** So long a job that was never seen has to be missing: it may just have been created, and lists lag by seconds. */
    static final Duration MIN_NOT_FOUND = Duration.ofSeconds(20);

    /** The same for a job that was seen: a replica that lags does so for longer, and jobs are rarely deleted. */
    static final Duration MIN_NOT_FOUND_ANY_MORE = Duration.ofMinutes(2);

    /** So long the details of an ended job are retried where they are rejected: the job may have been deleted. */
    static final Duration MAX_REJECTED_DETAILS = Duration.ofSeconds(30);

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
            connection.sendForDetails(() -> !watch.isOver(), request, next);
        }
    }

    private void found(Watch watch, Job job) {
        watch.found(job);
        if (watch.isStateOnly()) {
            stateOnly(watch, job);
        } else if (job.state().isTerminal()) {
            watch.limits().endSeen();
            askForDetails(watch, job);
        } else if (watch.limits().isDeadlinePassed()) {
            watch.end(new Outcome.TimedOut(job));
        } else if (job.state() == JobState.PROCESSING && watch.wantsTasks()) {
            send(watch, () -> connection.service().tasks(job.id()), (tasks, fault) -> {
                if (fault == null) {
                    watch.lastTasks(tasks);
                    watch.progress(Progress.of(job, tasks, watcher.clock().instant()));
                    again(watch, job);
                } else if (RetryPolicy.isTransient(fault)) {
                    failed(watch, fault, false);
                } else {
                    LOGGER.log(Level.FINE, fault, () -> "No progress of " + watch.job());
                    again(watch, job); // if the job is gone or the caller has no permission, the next poll says so
                }
            });
        } else {
            again(watch, job);
        }
    }

    private void stateOnly(Watch watch, Job job) {
        watch.looked(watcher.clock().instant());
        if (job.state().isTerminal()) {
            watch.end(new Outcome.Ended(job, List.of(), List.of(), null));
        } else {
            connection.plan(watch, new PollSchedule.Next(watch.nextStateDelay(), false));
        }
    }

    private void again(Watch watch, Job job) {
        Instant now = watcher.clock().instant();
        watch.looked(now);
        connection.plan(
                watch,
                PollSchedule.next(
                        job, watch.progress(now), watch.since(now), now, watch.pollInterval(), watcher.random()));
    }

    private void notFound(Watch watch) {
        Streak missing = watch.notFound();
        Duration left = (watch.wasSeen() ? MIN_NOT_FOUND_ANY_MORE : MIN_NOT_FOUND).minus(missing.lasted());
        if (missing.length() >= MIN_NOT_FOUND_POLLS && (left.isNegative() || left.isZero())) {
            watch.end(new Outcome.Unknown(watch.lastJob().orElse(null)));
            return;
        }
        if (watch.wasSeen()) {
            watch.reporter().rejected(new JobMissingException(), PollSchedule.UNKNOWN_JOB, left);
        }
        connection.enqueue(watch, PollSchedule.UNKNOWN_JOB);
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
        Supplier<CompletableFuture<List<Task>>> request = () -> {
            watch.limits().detailsSent();
            return connection.service().tasks(job.id());
        };
        send(watch, request, (tasks, fault) -> {
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
        if (fault == null) {
            watch.recover();
        } else if (retryDetails(watch, fault)) {
            return;
        }
        watch.end(new Outcome.Ended(
                job, tasks == null ? watch.lastTasks() : tasks, assets == null ? List.of() : assets, fault));
    }

    private boolean retryDetails(Watch watch, Exception fault) {
        boolean passes = RetryPolicy.isTransient(fault);
        if (!passes && !RetryPolicy.isRejection(fault)) {
            return false; // a defect
        }
        Duration left = (passes ? WaitLimits.MAX_DETAILS : MAX_REJECTED_DETAILS)
                .minus(watch.limits().detailsAskedFor());
        Duration pause = connection.faulted(fault, watch.faulted(fault, false));
        if (pause.compareTo(left) >= 0) {
            return false;
        }
        if (passes) {
            watch.reporter().failing(fault, pause);
        } else {
            watch.reporter().rejected(fault, pause, left);
        }
        connection.enqueue(watch, pause);
        return true;
    }

    /** @param atJob whether it was the job itself that was asked for, and not its tasks */
    private void failed(Watch watch, Exception fault, boolean atJob) {
        if (RetryPolicy.isTransient(fault)) {
            // an answer of no use to many may be the fault of one among them: until it is found it is asked for alone
            boolean alone = atJob && !RetryPolicy.concernsConnection(fault);
            Duration pause = connection.faulted(fault, watch.faulted(fault, alone));
            watch.reporter().failing(fault, pause);
            connection.enqueue(watch, pause);
        } else if (RetryPolicy.isRejection(fault)) {
            watcher.connections().rejected(watch, connection, fault);
        } else {
            watch.end(new Outcome.Refused(fault)); // a defect
        }
    }
}
