/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.MediaJob;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A wait for one job. This class handles the wait's beginning and end, its deadline, its heartbeat, and its listener.
 * {@link WaitSteps} handles polls, and {@link WaitErrors} keeps track of errors.
 *
 * <p>The steps of a wait never overlap, because a wait is always either queued, in flight, or ended. The heartbeat, the
 * deadline, and callers may access the wait while a step runs. This object's lock guards its fields and those of its
 * {@link WaitErrors}. A thread that holds this lock may acquire only the lock of {@link Notifications}. Notifications
 * are therefore posted in the order of events, and no notification is posted after the outcome.
 */
public final class JobWait {

    private static final Logger LOGGER = Logger.getLogger(JobWait.class.getName());

    /**
     * Maximum time after a restart for the first successful poll of a wait whose deadline has already passed.
     *
     * <p>If the service accepts only one job per request, polling 10,000 jobs once takes about 13 minutes with 4
     * concurrent requests of 300 ms each. This limit is more than twice as long, which leaves headroom for throttling.
     */
    static final Duration FIRST_POLL_TIMEOUT = Duration.ofMinutes(30);

    private final JobPoller poller;
    private final JobId job;
    private final PollTarget.Source targets;
    private final Start start;
    private final JobWaitListener listener;
    private final Notifications notifications;
    private final long startedAt;
    private final List<Scheduler.ScheduledTask> scheduled = new ArrayList<>();
    private final WaitSteps steps;
    private final WaitErrors errors;

    /** Completes when the wait ends, with or without an outcome. */
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    /** Whether the wait has ended. Written while holding the lock, and read by the queue without the lock. */
    private volatile boolean ended;

    /** The queue that polls the job. Null until the target has been looked up. Written only by the wait's steps. */
    private volatile AccountQueue queue;

    private boolean deadlinePassed;

    /** Specifies how a wait begins. */
    public enum Start {
        /** A new wait. */
        NEW,
        /** A wait that is resumed after a restart and had not found its job before the restart. */
        RESUMED,
        /**
         * A wait that is resumed after a restart and had found its job before the restart. Rejected requests are retried
         * for some time before such a wait ends.
         */
        RESUMED_SEEN
    }

    JobWait(
            JobPoller poller,
            JobId job,
            PollTarget.Source targets,
            Duration pollInterval,
            Start start,
            JobWaitListener listener) {
        this.poller = poller;
        this.job = job;
        this.targets = targets;
        this.start = start;
        this.listener = listener;
        this.notifications = new Notifications("the wait for " + job, poller.notifications());
        this.steps = new WaitSteps(poller, this, pollInterval);
        this.errors = new WaitErrors(poller.scheduler(), this);
        this.startedAt = poller.scheduler().millis();
    }

    /**
     * Ends the wait without an outcome. A call to the listener that is already in progress completes; no further calls
     * follow. If the wait has already ended but its outcome has not been delivered yet, the outcome is discarded.
     */
    public void cancel() {
        close();
        notifications.close();
    }

    public JobId job() {
        return job;
    }

    /** Returns the job as of the last poll that found it; empty if no poll has found the job. */
    public Optional<MediaJob> lastJob() {
        return steps.lastJob();
    }

    /** Returns the latest error if polls are currently failing; empty otherwise. */
    public Optional<AmsException> error() {
        return errors.current();
    }

    /** Returns whether the wait has ended, either with an outcome or by {@link #cancel}. */
    public boolean isEnded() {
        return ended;
    }

    /**
     * Runs a task when the wait ends, with or without an outcome. If the wait has already ended, the task runs
     * immediately. The task must not block. It may run before the listener is notified of the outcome.
     */
    public void whenEnded(Runnable task) {
        closed.thenRun(task);
    }

    /**
     * Returns the time until the next poll. The time is zero if the poll is in flight or due. Returns empty if the
     * target has not been looked up yet.
     */
    public Optional<Duration> untilPoll() {
        return Optional.ofNullable(queue).map(current -> current.status(this).untilPoll());
    }

    /**
     * Polls the job immediately instead of at the scheduled time. Callers use this method if they know that the job has
     * changed. Has no effect if a poll is in flight or due, or if the target has not been looked up yet.
     */
    public void pollSoon() {
        AccountQueue current = queue;
        if (current != null) {
            current.pollSoon(this);
        }
    }

    synchronized boolean isDeadlinePassed() {
        return deadlinePassed;
    }

    PollTarget.Source targetSource() {
        return targets;
    }

    AccountQueue queue() {
        return queue;
    }

    WaitSteps steps() {
        return steps;
    }

    WaitErrors errors() {
        return errors;
    }

    /** Returns the time since the wait began or was resumed. */
    Duration waited() {
        return Duration.ofMillis(poller.scheduler().millis() - startedAt);
    }

    /**
     * Returns the job's age. If the age is unknown or shorter than the duration of the wait, returns the duration of
     * the wait.
     */
    Duration age() {
        Instant created = lastJob().map(MediaJob::created).orElse(null);
        Duration age = created == null
                ? Duration.ZERO
                : JobProgress.elapsed(created, poller.clock().instant());
        return age.compareTo(waited()) > 0 ? age : waited();
    }

    /** Returns whether any poll has found the job, including polls before a restart. */
    boolean wasSeen() {
        return lastJob().isPresent() || start == Start.RESUMED_SEEN;
    }

    /**
     * Returns true if no poll has been completed since the wait began or was resumed. Always returns false if the wait
     * polls only the job's state.
     */
    boolean isFirstPoll() {
        return !steps.isPolled() && !steps.isStateOnly();
    }

    void setQueue(AccountQueue queue) {
        this.queue = queue;
    }

    /** Runs a task on a poller thread after a delay, unless the wait ends first. */
    void after(Duration delay, Runnable task) {
        Scheduler.ScheduledTask scheduledTask = poller.after(delay, task);
        synchronized (this) {
            scheduled.add(scheduledTask);
        }
        if (ended) {
            scheduledTask.cancel(); // the wait ended in the meantime
        }
    }

    /**
     * Processes the response to a poll.
     *
     * @param jobs the jobs that were found, or null if the request failed
     */
    void onResponse(Map<JobId, MediaJob> jobs, @CheckForNull AmsException error) {
        step(() -> steps.onResponse(jobs, error));
    }

    /**
     * Runs one step of the wait. An unexpected exception makes the wait fail, because the build would otherwise hang.
     */
    void step(Runnable step) {
        if (ended) {
            return;
        }
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            LOGGER.log(Level.WARNING, e, () -> "The wait for " + job + " failed");
            end(new WaitOutcome.Failed(AmsException.of(e)));
        }
    }

    /**
     * Called when the deadline passes, or immediately after a restart if the deadline passed while Jenkins was down.
     *
     * <p>If the wait has been resumed and has not completed a poll since then, the first complete poll determines the
     * outcome. If that poll finds that the job has ended, the job counts as having ended before the deadline. The time
     * for retrieving the job's details is limited separately.
     */
    void onDeadline() {
        Duration remaining = Duration.ZERO;
        synchronized (this) {
            if (start != Start.NEW && (!steps.isPolled() || steps.completion().isPresent())) {
                deadlinePassed = true;
                remaining = FIRST_POLL_TIMEOUT.minus(waited());
            }
        }
        if (remaining.isNegative() || remaining.isZero()) {
            onTimeout();
        } else {
            after(remaining, this::onTimeout);
        }
    }

    /**
     * Ends the wait because a time limit has passed. If a poll has found that the job has ended, the wait completes
     * normally, even if the job's details are missing.
     */
    void onTimeout() {
        end(steps.completion()
                .map(completion -> completion.withoutDetails(error()))
                .orElseGet(() -> new WaitOutcome.TimedOut(lastJob().orElse(null))));
    }

    /**
     * Handles the heartbeat. Ends the wait if the service is unreachable or a time limit has passed; otherwise, reports
     * the wait's status.
     */
    void onHeartbeat() {
        AccountQueue current = queue;
        if (current == null) { // the target has not been looked up yet
            reportHeartbeat(Duration.ZERO);
            return;
        }
        if (isUnreachable(current)) {
            end(new WaitOutcome.Failed(current.unreachable()));
            return;
        }
        if (steps.completion().filter(details -> details.isOverdue(current)).isPresent()) {
            onTimeout();
            return;
        }
        AccountQueue.Status status = current.status(this);
        AmsException error = status.error();
        if (error != null) {
            Duration remaining = RetryPolicy.rejectionPeriod(age()).minus(status.rejectedFor());
            if (error.isRejection() && remaining.isNegative()) {
                end(new WaitOutcome.Failed(error));
                return;
            }
            errors.report(error, status.failingSince(), status.untilPoll(), remaining);
        }
        reportHeartbeat(status.untilPoll());
    }

    private boolean isUnreachable(AccountQueue current) {
        return !wasSeen()
                && waited().compareTo(RetryPolicy.MAX_UNREACHABLE) >= 0
                && current.health().unreachableFor().compareTo(RetryPolicy.MAX_UNREACHABLE) >= 0;
    }

    /** Reports that the wait continues, or cancels the wait if its outcome is no longer needed. */
    private synchronized void reportHeartbeat(Duration untilPoll) {
        AmsException error = errors.current().orElse(null);
        Duration failingFor = errors.failingFor();
        post(Notifications.Kind.WAITING, to -> {
            if (to.isAbandoned()) {
                LOGGER.log(Level.INFO, "Canceling the wait for {0}: its build has ended without canceling it", job);
                cancel();
                to.onAbandoned();
            } else {
                to.onHeartbeat(error, failingFor, untilPoll);
            }
        });
    }

    /** Ends the wait with an outcome. Has no effect if the wait has already ended or the poller has been shut down. */
    void end(WaitOutcome outcome) {
        if (!poller.isShutDown() && close()) {
            deliver(Notifications.Kind.ENDED, to -> to.onEnded(outcome));
        }
    }

    private boolean close() {
        List<Scheduler.ScheduledTask> tasks;
        synchronized (this) {
            if (ended) {
                return false;
            }
            ended = true;
            tasks = List.copyOf(scheduled);
        }
        tasks.forEach(Scheduler.ScheduledTask::cancel);
        poller.onClosed(this);
        AccountQueue current = queue;
        if (current != null) {
            current.remove(this);
        }
        closed.complete(null);
        return true;
    }

    /** Notifies the listener, unless the wait has ended. */
    synchronized void post(Notifications.Kind kind, Consumer<JobWaitListener> call) {
        if (!ended) {
            deliver(kind, call);
        }
    }

    private void deliver(Notifications.Kind kind, Consumer<JobWaitListener> call) {
        notifications.post(kind, () -> {
            // Do not report errors that the shutdown causes. The wait resumes after the restart.
            if (!poller.isShutDown()) {
                call.accept(listener);
            }
        });
    }
}
