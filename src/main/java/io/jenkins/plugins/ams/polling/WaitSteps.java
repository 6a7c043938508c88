/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.service.JobDetails;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.MediaTask;
import io.jenkins.plugins.ams.service.ServiceException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Performs the steps of a wait from one poll to the next, and stores the polled job, its tasks, and its progress.
 *
 * <p>A poll first requests the job. If the job is Processing and the response does not contain its tasks, the poll may
 * then request the tasks, because the service reports progress only for tasks. Once the job has ended, {@link
 * JobCompletion} takes over.
 *
 * <p>Only the wait's steps write the fields, and steps never overlap. The next step may run on another thread. That
 * thread sees the written values because both threads acquire the lock of the {@link AccountQueue}. Volatile fields can
 * be read by any thread.
 */
final class WaitSteps {

    private static final Logger LOGGER = Logger.getLogger(WaitSteps.class.getName());

    private final JobPoller poller;
    private final JobWait wait;
    private final Duration pollInterval;
    private volatile boolean polled;
    private volatile MediaJob lastJob;
    private List<MediaTask> lastTasks = List.of();
    private JobProgress progress;
    private long progressMillis;
    private boolean wantsTasks = true;

    /** Retrieves the details of the ended job. Null until a poll finds that the job has ended. */
    private volatile JobCompletion completion;

    /** Delay until the next poll if only the state is polled; otherwise, null. */
    private Duration stateDelay;

    WaitSteps(JobPoller poller, JobWait wait, Duration pollInterval) {
        this.poller = poller;
        this.wait = wait;
        this.pollInterval = pollInterval;
    }

    /** Returns the job as of the last poll that found it; empty if no poll has found the job. */
    Optional<MediaJob> lastJob() {
        return Optional.ofNullable(lastJob);
    }

    /** Returns the object that retrieves the ended job's details; empty until a poll finds that the job has ended. */
    Optional<JobCompletion> completion() {
        return Optional.ofNullable(completion);
    }

    /** Returns whether a poll has been completed since the wait began or was resumed. */
    boolean isPolled() {
        return polled;
    }

    /**
     * Makes the wait poll only the job's state, not its tasks or output assets.
     *
     * @param delay the delay between the first two polls; the delay doubles after each poll
     */
    void pollStateOnly(Duration delay) {
        stateDelay = delay;
    }

    boolean isStateOnly() {
        return stateDelay != null;
    }

    /**
     * Processes the response to a poll.
     *
     * @param jobs the jobs that were found, or null if the request failed
     */
    void onResponse(Map<JobId, MediaJob> jobs, @CheckForNull AmsException error) {
        Optional<JobCompletion> ended = completion();
        if (ended.isPresent()) {
            ended.get().onPolled(error); // later responses do not change a terminal state
        } else if (error != null) {
            onError(error, true);
        } else if (jobs.containsKey(wait.job())) {
            onFound(jobs.get(wait.job()));
        } else {
            onNotFound();
        }
    }

    private void onFound(MediaJob found) {
        boolean completes = found.state().isTerminal() && !isStateOnly();
        if (completes) {
            // Set this field first, because a concurrent timeout must know that the job has ended.
            completion = new JobCompletion(poller, wait, found, lastTasks);
        }
        lastJob = found;
        polled = true;
        wait.errors().onFound();
        if (isStateOnly()) {
            onStatePolled(found);
        } else if (completes) {
            completion.begin();
        } else if (wait.isDeadlinePassed()) {
            wait.end(new WaitOutcome.TimedOut(found));
        } else if (found.state() == JobState.PROCESSING && found.details().isPresent()) {
            onTasks(found, found.details().get().tasks());
        } else if (found.state() == JobState.PROCESSING && wantsTasks()) {
            wait.queue().sendForDetails(wait, service -> service.tasks(wait.job()), (tasks, error) -> {
                if (error == null) {
                    onTasks(found, tasks);
                } else if (error.isTransient()) {
                    onError(error, false);
                } else {
                    LOGGER.log(Level.FINE, error, () -> "Could not get the progress of " + wait.job());
                    // The next poll shows whether the job is missing or permission is denied.
                    scheduleNext(found);
                }
            });
        } else {
            scheduleNext(found);
        }
    }

    private void onTasks(MediaJob found, List<MediaTask> tasks) {
        lastTasks = tasks;
        progress = JobProgress.of(found, tasks, poller.clock().instant());
        progressMillis = poller.scheduler().millis();
        scheduleNext(found);
    }

    private void onStatePolled(MediaJob found) {
        report(found, poller.clock().instant());
        if (found.state().isTerminal()) {
            wait.end(new WaitOutcome.Completed(found, JobDetails.NONE, null));
            return;
        }
        Duration delay = stateDelay;
        stateDelay = delay.multipliedBy(2);
        wait.queue().schedule(wait, delay, false);
    }

    private void scheduleNext(MediaJob found) {
        Instant now = poller.clock().instant();
        report(found, now);
        PollSchedule.Next next =
                PollSchedule.next(found, progress(now), now.minus(wait.waited()), now, pollInterval, poller.random());
        wantsTasks = next.tasks();
        wait.queue()
                .schedule(wait, next.delay(), next.tasks() && found.details().isEmpty());
    }

    /** Notifies the listener of a complete poll, and of the recovery if there were errors before this poll. */
    private void report(MediaJob found, Instant now) {
        wait.errors().onRecovered();
        List<MediaTask> tasks = lastTasks;
        JobProgress last = found.state() == JobState.PROCESSING ? progress(now) : null;
        JobProgress reported = last == null ? JobProgress.of(found, tasks, now) : last;
        wait.post(Notifications.Kind.POLLED, listener -> listener.onPolled(found, tasks, reported));
    }

    private void onNotFound() {
        polled = true;
        boolean seen = wait.wasSeen();
        Optional<Duration> remaining = wait.errors().onNotFound(seen);
        if (remaining.isEmpty()) {
            wait.end(new WaitOutcome.JobNotFound(lastJob().orElse(null)));
            return;
        }
        if (seen) {
            wait.errors().report(ServiceException.jobMissing(), PollSchedule.NOT_FOUND_INTERVAL, remaining.get());
        }
        wait.queue().enqueue(wait, PollSchedule.NOT_FOUND_INTERVAL);
    }

    /** @param isJobRequest true if the request for the job failed; false if the request for its tasks failed */
    private void onError(AmsException error, boolean isJobRequest) {
        if (error.isTransient()) {
            // If several jobs were polled with the failed request, one of these jobs may have caused the error.
            // Separate requests show which job it was.
            boolean separate = isJobRequest && !error.concernsAccount();
            Duration retryDelay = wait.queue().onError(error, wait.errors().add(error, separate));
            wait.errors().report(error, retryDelay, Duration.ZERO);
            wait.queue().enqueue(wait, retryDelay);
        } else if (error.isRejection()) {
            poller.queues().onRejected(wait, wait.queue(), error);
        } else {
            wait.end(new WaitOutcome.Failed(error)); // any other error is caused by an unexpected exception
        }
    }

    /**
     * Returns the progress as of the last poll that retrieved the tasks while the job was Processing. The times are
     * adjusted for changes to the system clock. Returns null if there has been no such poll.
     */
    @CheckForNull
    private JobProgress progress(Instant now) {
        long millis = poller.scheduler().millis() - progressMillis;
        return progress == null ? null : progress.seenAt(now.minusMillis(millis));
    }

    private boolean wantsTasks() {
        return wantsTasks || progress == null;
    }
}
