/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.watch;

import io.jenkins.plugins.ams.auth.Futures;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.MediaTask;
import io.jenkins.plugins.ams.service.OutputAsset;
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
final class Poll {

    private static final Logger LOGGER = Logger.getLogger(Poll.class.getName());

    /** Minimum number of polls that do not find a job before it is taken for missing. */
    static final int MIN_NOT_FOUND_POLLS = 3;

    /** So long a job that was never seen has to be missing: it may just have been created, and lists lag by seconds. */
    static final Duration MIN_NOT_FOUND = Duration.ofSeconds(20);

    /** The same for a job that was seen: a replica that lags does so for longer, and jobs are rarely deleted. */
    static final Duration MIN_NOT_FOUND_ANY_MORE = Duration.ofMinutes(2);

    /** So long the details of an ended job are retried where they are rejected: the job may have been deleted. */
    static final Duration MAX_REJECTED_DETAILS = Duration.ofSeconds(30);

    private final JobPoller poller;
    private final AccountQueue queue;

    Poll(JobPoller watcher, AccountQueue connection) {
        this.poller = watcher;
        this.queue = connection;
    }

    /** Asks for the jobs of some waits with one request. */
    CompletableFuture<Map<JobId, MediaJob>> request(List<JobWait> watches) {
        Set<JobId> ids = new LinkedHashSet<>();
        watches.forEach(watch -> ids.add(watch.job()));
        return queue.service().jobs(ids);
    }

    /** Gives each wait its part of the answer. */
    void onResponse(List<JobWait> watches, Map<JobId, MediaJob> jobs, Exception fault) {
        for (JobWait watch : watches) {
            guarded(watch, () -> onResponse(watch, jobs, fault));
        }
    }

    private void onResponse(JobWait watch, Map<JobId, MediaJob> jobs, Exception fault) {
        MediaJob ended = watch.lastJob().filter(job -> job.state().isTerminal()).orElse(null);
        if (ended != null) {
            retryDetails(watch, ended, fault);
        } else if (fault != null) {
            onError(watch, fault, true);
        } else if (jobs.containsKey(watch.job())) {
            onFound(watch, jobs.get(watch.job()));
        } else {
            onNotFound(watch);
        }
    }

    /** Takes the next step of a wait. A defect in it ends the wait with its message: a build that hangs tells nothing. */
    private static void guarded(JobWait watch, Runnable step) {
        if (watch.isEnded()) {
            return;
        }
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            LOGGER.log(Level.WARNING, e, () -> "The wait for " + watch.job() + " failed");
            watch.end(new WaitOutcome.Failed(Futures.exception(e)));
        }
    }

    /** Asks for something that belongs to the wait's look. What is there already waits for nothing: it would get old. */
    private <T> void send(JobWait watch, Supplier<CompletableFuture<T>> request, BiConsumer<T, Exception> then) {
        BiConsumer<T, Exception> next = (answer, fault) -> guarded(watch, () -> then.accept(answer, fault));
        if (queue.service().hasDetailsOf(watch.job())) {
            request.get()
                    .whenComplete(
                            (answer, thrown) -> next.accept(answer, thrown == null ? null : Futures.exception(thrown)));
        } else {
            queue.sendForDetails(() -> !watch.isEnded(), request, next);
        }
    }

    private void onFound(JobWait watch, MediaJob job) {
        watch.onFound(job);
        if (watch.isStateOnly()) {
            stateOnly(watch, job);
        } else if (job.state().isTerminal()) {
            watch.limits().onEndSeen();
            requestDetails(watch, job);
        } else if (watch.limits().isDeadlinePassed()) {
            watch.end(new WaitOutcome.TimedOut(job));
        } else if (job.state() == JobState.PROCESSING && watch.wantsTasks()) {
            send(watch, () -> queue.service().tasks(job.id()), (tasks, fault) -> {
                if (fault == null) {
                    watch.lastTasks(tasks);
                    watch.progress(JobProgress.of(job, tasks, poller.clock().instant()));
                    scheduleNext(watch, job);
                } else if (RetryPolicy.isTransient(fault)) {
                    onError(watch, fault, false);
                } else {
                    LOGGER.log(Level.FINE, fault, () -> "No progress of " + watch.job());
                    scheduleNext(
                            watch, job); // if the job is gone or the caller has no permission, the next poll says so
                }
            });
        } else {
            scheduleNext(watch, job);
        }
    }

    private void stateOnly(JobWait watch, MediaJob job) {
        watch.onPolled(poller.clock().instant());
        if (job.state().isTerminal()) {
            watch.end(new WaitOutcome.Completed(job, List.of(), List.of(), null));
        } else {
            queue.schedule(watch, new PollSchedule.Next(watch.nextStateDelay(), false));
        }
    }

    private void scheduleNext(JobWait watch, MediaJob job) {
        Instant now = poller.clock().instant();
        watch.onPolled(now);
        queue.schedule(
                watch,
                PollSchedule.next(
                        job, watch.progress(now), watch.since(now), now, watch.pollInterval(), poller.random()));
    }

    private void onNotFound(JobWait watch) {
        RejectionPeriod missing = watch.onNotFound();
        Duration left = (watch.wasSeen() ? MIN_NOT_FOUND_ANY_MORE : MIN_NOT_FOUND).minus(missing.lasted());
        if (missing.length() >= MIN_NOT_FOUND_POLLS && (left.isNegative() || left.isZero())) {
            watch.end(new WaitOutcome.JobNotFound(watch.lastJob().orElse(null)));
            return;
        }
        if (watch.wasSeen()) {
            watch.reporter().rejected(new JobMissingException(), PollSchedule.NOT_FOUND_INTERVAL, left);
        }
        queue.enqueue(watch, PollSchedule.NOT_FOUND_INTERVAL);
    }

    /** Another try at the details of a job whose end was seen: nothing that is said of the job now unsays it. */
    private void retryDetails(JobWait watch, MediaJob job, Exception fault) {
        if (fault == null) {
            requestDetails(watch, job);
        } else {
            conclude(watch, job, null, null, fault);
        }
    }

    private void requestDetails(JobWait watch, MediaJob job) {
        Supplier<CompletableFuture<List<MediaTask>>> request = () -> {
            watch.limits().onDetailsSent();
            return queue.service().tasks(job.id());
        };
        send(watch, request, (tasks, fault) -> {
            if (fault == null) {
                watch.lastTasks(tasks);
                send(
                        watch,
                        () -> queue.service().outputAssets(job.id()),
                        (assets, noAssets) -> conclude(watch, job, tasks, assets, noAssets));
            } else {
                conclude(watch, job, null, null, fault);
            }
        });
    }

    private void conclude(
            JobWait watch, MediaJob job, List<MediaTask> tasks, List<OutputAsset> assets, Exception fault) {
        if (fault == null) {
            watch.onRecovered();
        } else if (retryDetails(watch, fault)) {
            return;
        }
        watch.end(new WaitOutcome.Completed(
                job, tasks == null ? watch.lastTasks() : tasks, assets == null ? List.of() : assets, fault));
    }

    private boolean retryDetails(JobWait watch, Exception fault) {
        boolean passes = RetryPolicy.isTransient(fault);
        if (!passes && !RetryPolicy.isRejection(fault)) {
            return false; // a defect
        }
        Duration left = (passes ? WaitLimits.DETAILS_TIMEOUT : MAX_REJECTED_DETAILS)
                .minus(watch.limits().detailsWait());
        Duration pause = queue.onError(fault, watch.onError(fault, false));
        if (pause.compareTo(left) >= 0) {
            return false;
        }
        if (passes) {
            watch.reporter().failing(fault, pause);
        } else {
            watch.reporter().rejected(fault, pause, left);
        }
        queue.enqueue(watch, pause);
        return true;
    }

    /** @param atJob whether it was the job itself that was asked for, and not its tasks */
    private void onError(JobWait watch, Exception fault, boolean atJob) {
        if (RetryPolicy.isTransient(fault)) {
            // an answer of no use to many may be the fault of one among them: until it is found it is asked for alone
            boolean alone = atJob && !RetryPolicy.concernsService(fault);
            Duration pause = queue.onError(fault, watch.onError(fault, alone));
            watch.reporter().failing(fault, pause);
            queue.enqueue(watch, pause);
        } else if (RetryPolicy.isRejection(fault)) {
            poller.connections().rejected(watch, queue, fault);
        } else {
            watch.end(new WaitOutcome.Failed(fault)); // a defect
        }
    }
}
