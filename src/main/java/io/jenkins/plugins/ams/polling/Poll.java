/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.MediaTask;
import io.jenkins.plugins.ams.service.OutputAsset;
import io.jenkins.plugins.ams.service.ServiceException;
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
 * Performs one poll of a job and schedules the next one or ends the wait.
 *
 * <p>A poll requests the job, then its tasks if it is Processing (progress exists only for tasks) or has ended (errors
 * exist only for tasks), and its output assets if it has ended.
 */
final class Poll {

    private static final Logger LOGGER = Logger.getLogger(Poll.class.getName());

    /** Minimum number of polls that do not find a job before the wait ends. */
    static final int MIN_NOT_FOUND_POLLS = 3;

    /**
     * Minimum time that a job must be missing before the wait ends if it was never found. The job may just have been
     * created, and lists are outdated by seconds.
     */
    static final Duration MIN_NOT_FOUND = Duration.ofSeconds(20);

    /**
     * Minimum time that a job must be missing before the wait ends if it was found before. Replicas may be outdated for
     * longer, and jobs are rarely deleted.
     */
    static final Duration MIN_NOT_FOUND_ANY_MORE = Duration.ofMinutes(2);

    /** Maximum time that rejected requests for details of an ended job are retried. The job may have been deleted. */
    static final Duration MAX_REJECTED_DETAILS = Duration.ofSeconds(30);

    private final JobPoller poller;
    private final AccountQueue queue;

    Poll(JobPoller poller, AccountQueue queue) {
        this.poller = poller;
        this.queue = queue;
    }

    /** Requests the jobs of several waits with one request. */
    CompletableFuture<Map<JobId, MediaJob>> request(List<JobWait> waits) {
        Set<JobId> ids = new LinkedHashSet<>();
        waits.forEach(wait -> ids.add(wait.job()));
        return queue.service().jobs(ids);
    }

    /** Processes the response for each wait. */
    void onResponse(List<JobWait> waits, Map<JobId, MediaJob> jobs, AmsException error) {
        for (JobWait wait : waits) {
            guarded(wait, () -> onResponse(wait, jobs, error));
        }
    }

    private void onResponse(JobWait wait, Map<JobId, MediaJob> jobs, AmsException error) {
        MediaJob ended = wait.lastJob().filter(job -> job.state().isTerminal()).orElse(null);
        if (ended != null) {
            retryDetails(wait, ended, error);
        } else if (error != null) {
            onError(wait, error, true);
        } else if (jobs.containsKey(wait.job())) {
            onFound(wait, jobs.get(wait.job()));
        } else {
            onNotFound(wait);
        }
    }

    /**
     * Runs one step of a wait. An unexpected exception ends the wait and becomes its outcome; otherwise the build would
     * hang.
     */
    private static void guarded(JobWait wait, Runnable step) {
        if (wait.isEnded()) {
            return;
        }
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            LOGGER.log(Level.WARNING, e, () -> "The wait for " + wait.job() + " failed");
            wait.end(new WaitOutcome.Failed(AmsException.of(e)));
        }
    }

    private <T> void send(JobWait wait, Supplier<CompletableFuture<T>> request, BiConsumer<T, AmsException> callback) {
        queue.sendForDetails(
                () -> !wait.isEnded(),
                request,
                (response, error) -> guarded(wait, () -> callback.accept(response, error)));
    }

    private void onFound(JobWait wait, MediaJob job) {
        wait.onFound(job);
        if (wait.isStateOnly()) {
            onStatePolled(wait, job);
        } else if (job.state().isTerminal()) {
            wait.limits().onEndSeen();
            job.details()
                    .ifPresentOrElse(
                            details -> complete(wait, job, details.tasks(), details.outputAssets(), null),
                            () -> requestDetails(wait, job));
        } else if (wait.limits().isDeadlinePassed()) {
            wait.end(new WaitOutcome.TimedOut(job));
        } else if (job.state() == JobState.PROCESSING && job.details().isPresent()) {
            onTasks(wait, job, job.details().get().tasks());
        } else if (job.state() == JobState.PROCESSING && wait.wantsTasks()) {
            send(wait, () -> queue.service().tasks(job.id()), (tasks, error) -> {
                if (error == null) {
                    onTasks(wait, job, tasks);
                } else if (error.isTransient()) {
                    onError(wait, error, false);
                } else {
                    LOGGER.log(Level.FINE, error, () -> "Could not get the progress of " + wait.job());
                    // The next poll reports whether the job is missing or permission is denied.
                    scheduleNext(wait, job);
                }
            });
        } else {
            scheduleNext(wait, job);
        }
    }

    private void onTasks(JobWait wait, MediaJob job, List<MediaTask> tasks) {
        wait.setLastTasks(tasks);
        wait.setProgress(JobProgress.of(job, tasks, poller.clock().instant()));
        scheduleNext(wait, job);
    }

    private void onStatePolled(JobWait wait, MediaJob job) {
        wait.onPolled(poller.clock().instant());
        if (job.state().isTerminal()) {
            wait.end(new WaitOutcome.Completed(job, List.of(), List.of(), null));
        } else {
            queue.schedule(wait, new PollSchedule.Next(wait.nextStateDelay(), false));
        }
    }

    private void scheduleNext(JobWait wait, MediaJob job) {
        Instant now = poller.clock().instant();
        wait.onPolled(now);
        queue.schedule(
                wait,
                PollSchedule.next(job, wait.progress(now), wait.since(now), now, wait.pollInterval(), poller.random()));
    }

    private void onNotFound(JobWait wait) {
        RejectionPeriod missing = wait.onNotFound();
        Duration remaining = (wait.wasSeen() ? MIN_NOT_FOUND_ANY_MORE : MIN_NOT_FOUND).minus(missing.duration());
        if (missing.count() >= MIN_NOT_FOUND_POLLS && (remaining.isNegative() || remaining.isZero())) {
            wait.end(new WaitOutcome.JobNotFound(wait.lastJob().orElse(null)));
            return;
        }
        if (wait.wasSeen()) {
            wait.reporter().rejected(ServiceException.jobMissing(), PollSchedule.NOT_FOUND_INTERVAL, remaining);
        }
        queue.enqueue(wait, PollSchedule.NOT_FOUND_INTERVAL);
    }

    /** Continues with the details of an ended job. Later responses do not change a terminal state. */
    private void retryDetails(JobWait wait, MediaJob job, AmsException error) {
        if (error == null) {
            requestDetails(wait, job);
        } else {
            complete(wait, job, null, null, error);
        }
    }

    private void requestDetails(JobWait wait, MediaJob job) {
        Supplier<CompletableFuture<List<MediaTask>>> request = () -> {
            wait.limits().onDetailsSent();
            return queue.service().tasks(job.id());
        };
        send(wait, request, (tasks, error) -> {
            if (error == null) {
                wait.setLastTasks(tasks);
                send(
                        wait,
                        () -> queue.service().outputAssets(job.id()),
                        (assets, assetsError) -> complete(wait, job, tasks, assets, assetsError));
            } else {
                complete(wait, job, null, null, error);
            }
        });
    }

    private void complete(
            JobWait wait, MediaJob job, List<MediaTask> tasks, List<OutputAsset> assets, AmsException error) {
        if (error == null) {
            wait.onRecovered();
        } else if (retryDetails(wait, error)) {
            return;
        }
        wait.end(new WaitOutcome.Completed(
                job, tasks == null ? wait.lastTasks() : tasks, assets == null ? List.of() : assets, error));
    }

    private boolean retryDetails(JobWait wait, AmsException error) {
        boolean isTransient = error.isTransient();
        if (!isTransient && !error.isRejection()) {
            return false; // an unexpected exception
        }
        Duration remaining = (isTransient ? WaitLimits.DETAILS_TIMEOUT : MAX_REJECTED_DETAILS)
                .minus(wait.limits().detailsWait());
        Duration retryDelay = queue.onError(error, wait.onError(error, false));
        if (retryDelay.compareTo(remaining) >= 0) {
            return false;
        }
        if (isTransient) {
            wait.reporter().failing(error, retryDelay);
        } else {
            wait.reporter().rejected(error, retryDelay, remaining);
        }
        queue.enqueue(wait, retryDelay);
        return true;
    }

    /** @param isJobRequest whether the job was requested, as opposed to its tasks */
    private void onError(JobWait wait, AmsException error, boolean isJobRequest) {
        if (error.isTransient()) {
            // One job may have caused the error of a shared request. Separate requests find out which one.
            boolean separate = isJobRequest && !error.concernsAccount();
            Duration retryDelay = queue.onError(error, wait.onError(error, separate));
            wait.reporter().failing(error, retryDelay);
            queue.enqueue(wait, retryDelay);
        } else if (error.isRejection()) {
            poller.queues().onRejected(wait, queue, error);
        } else {
            wait.end(new WaitOutcome.Failed(error)); // an unexpected exception
        }
    }
}
