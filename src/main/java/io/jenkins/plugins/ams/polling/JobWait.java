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
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A wait for one job.
 *
 * <p>At any moment it is either queued, in flight or ended. The volatile fields are written by the thread that processes
 * the current poll and can be read by any thread.
 */
public final class JobWait {

    private final JobPoller poller;
    private final JobId job;
    private final PollTarget.Source targets;
    private final Duration pollInterval;
    private final WaitNotifier reporter;
    private final WaitLimits limits;
    private final Start start;
    private final long startedAt;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final Queue<Scheduler.ScheduledTask> scheduled = new ConcurrentLinkedQueue<>();

    private volatile AccountQueue queue;
    private volatile boolean polled;
    private volatile MediaJob lastJob;
    private volatile List<MediaTask> lastTasks = List.of();
    private volatile JobProgress progress;
    private volatile long progressMillis;

    /**
     * Time of the next poll in milliseconds of the scheduler's clock. Guarded by the lock of the {@link AccountQueue}, as are the
     * next three fields.
     */
    private long due;

    private long slack;
    private double requestsPerSecond;
    private boolean queued;

    private final RejectionPeriod rejections = new RejectionPeriod();
    private final RejectionPeriod missing = new RejectionPeriod();
    private int errors;
    private int otherTargets;
    private boolean separate;
    private boolean wantsTasks = true;

    /** Delay until the next poll if only the state is polled, otherwise null. */
    private Duration stateDelay;

    /** Specifies how a wait begins. */
    enum Start {
        /** A new wait. */
        NEW,
        /** A wait that is resumed after a restart and has not found its job before. */
        RESUMED,
        /** A wait that is resumed after a restart and has found its job before. */
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
        this.pollInterval = pollInterval;
        this.start = start;
        this.reporter = new WaitNotifier(poller, this, listener);
        this.limits = new WaitLimits(poller.scheduler(), this, start != Start.NEW);
        this.startedAt = poller.scheduler().millis();
    }

    /**
     * Ends the wait without an outcome. The listener receives no further calls, except for one that is in progress. Has
     * no effect if the wait has ended.
     */
    public void cancel() {
        if (close()) {
            leaveQueue();
        }
        reporter.close();
    }

    /** Returns the ID of the job. */
    public JobId job() {
        return job;
    }

    /** Returns the job as of the last poll that found it. */
    public Optional<MediaJob> lastJob() {
        return Optional.ofNullable(lastJob);
    }

    /** Returns the error that is currently being retried. */
    public Optional<AmsException> error() {
        return Optional.ofNullable(reporter.error());
    }

    /** Returns whether the wait has ended, with an outcome or by {@link #cancel}. */
    public boolean isEnded() {
        return ended.get();
    }

    PollTarget.Source targetSource() {
        return targets;
    }

    Duration pollInterval() {
        return pollInterval;
    }

    /** Returns when the wait began or was resumed, by the clock as it is set now. */
    Instant since(Instant now) {
        return now.minus(waited());
    }

    /** Returns the time since the wait began or was resumed. */
    Duration waited() {
        return Duration.ofMillis(poller.scheduler().millis() - startedAt);
    }

    /** Returns the age of the job, or the duration of the wait if that is longer or if the age is unknown. */
    Duration age() {
        MediaJob seen = lastJob;
        if (seen == null || seen.created() == null) {
            return waited();
        }
        Duration age = JobProgress.elapsed(seen.created(), poller.clock().instant());
        return age.compareTo(waited()) > 0 ? age : waited();
    }

    /** Returns whether the service has found the job, possibly before a restart. */
    boolean wasSeen() {
        return lastJob != null || start == Start.RESUMED_SEEN;
    }

    /** Returns whether a poll was completed since the wait began or was resumed. */
    boolean isPolled() {
        return polled;
    }

    long due() {
        return due;
    }

    /** Returns the time from which this wait may be included in a request for other waits. */
    long sharesFrom() {
        return due - slack;
    }

    /** Returns whether the next poll is a regular one, as opposed to a first poll or a retry. */
    boolean isRegularPoll() {
        return requestsPerSecond > 0;
    }

    /** Returns the rate of requests that regular polls of this wait need, or 0 before a first poll or a retry. */
    double requestsPerSecond() {
        return requestsPerSecond;
    }

    void setSchedule(long due, long slack, double requestsPerSecond) {
        this.due = due;
        this.slack = slack;
        this.requestsPerSecond = requestsPerSecond;
    }

    boolean isQueued() {
        return queued;
    }

    void setQueued(boolean queued) {
        this.queued = queued;
    }

    /** Runs a task after a delay on a thread of the poller, unless the wait ends before. */
    void after(Duration delay, Runnable task) {
        Scheduler.ScheduledTask scheduledTask = poller.after(delay, task);
        scheduled.add(scheduledTask);
        if (isEnded()) {
            scheduledTask.cancel(); // canceled concurrently
        }
    }

    void setQueue(AccountQueue queue) {
        this.queue = queue;
    }

    List<MediaTask> lastTasks() {
        return lastTasks;
    }

    void setLastTasks(List<MediaTask> tasks) {
        lastTasks = tasks;
    }

    /**
     * Returns the progress at the last poll of the tasks while the job was Processing, adjusted to the clock as it is
     * set now, or null if there was no such poll.
     */
    JobProgress progress(Instant now) {
        JobProgress last = progress;
        return last == null
                ? null
                : last.seenAt(now.minusMillis(poller.scheduler().millis() - progressMillis));
    }

    void setProgress(JobProgress latest) {
        progressMillis = poller.scheduler().millis();
        progress = latest;
    }

    /** Returns whether the current or next poll requests the tasks of a job that is Processing. */
    boolean wantsTasks() {
        return wantsTasks || progress == null;
    }

    void setWantsTasks(boolean wantsTasks) {
        this.wantsTasks = wantsTasks;
    }

    /**
     * Polls only the state, without tasks and output assets.
     *
     * @param delay the delay between the first two polls; it doubles each time
     */
    void pollStateOnly(Duration delay) {
        stateDelay = delay;
    }

    boolean isStateOnly() {
        return stateDelay != null;
    }

    /** Returns the delay until the next poll of the state, and doubles it. */
    Duration nextStateDelay() {
        Duration next = stateDelay;
        stateDelay = next.multipliedBy(2);
        return next;
    }

    /**
     * Returns whether the next poll uses a request for this job only, because the last response was an error or did not
     * contain the job.
     */
    boolean isSeparate() {
        return separate;
    }

    /** Called when a poll found the job. */
    void onFound(MediaJob found) {
        lastJob = found;
        polled = true;
        missing.reset();
        rejections.reset();
        otherTargets = 0;
        separate = false;
    }

    /**
     * Called when a poll did not find the job. The next poll uses a request for this job only, which may return a more
     * specific error.
     */
    RejectionPeriod onNotFound() {
        polled = true;
        separate = true;
        rejections.reset();
        missing.add(poller.scheduler().millis());
        return missing;
    }

    /** Called when the service or the authority rejected a poll. */
    void onRejected() {
        missing.interrupt();
        rejections.add(poller.scheduler().millis());
    }

    /** Returns how long polls have been rejected. */
    Duration rejectedFor() {
        return rejections.duration();
    }

    /** Counts a change of credentials, and returns the number of changes since the job was last found. */
    int countTargetChange() {
        return ++otherTargets;
    }

    /** Reports a complete poll, and the recovery from errors if there were any. */
    void onPolled(Instant now) {
        onRecovered();
        MediaJob seen = lastJob;
        List<MediaTask> tasks = lastTasks;
        JobProgress last = progress(now);
        boolean processing = seen.state() == JobState.PROCESSING && last != null;
        reporter.polled(seen, tasks, processing ? last : JobProgress.of(seen, tasks, now));
    }

    /** Called when all requests of a poll succeeded. Reports the recovery if an error was reported before. */
    void onRecovered() {
        errors = 0;
        reporter.recovered();
    }

    /**
     * Counts an error after which the job is polled again, and returns the number of consecutive errors.
     *
     * @param pollSeparately whether the next poll uses a request for this job only
     */
    int onError(AmsException cause, boolean pollSeparately) {
        separate = pollSeparately;
        if (cause.isTransient()) {
            missing.interrupt();
            rejections.interrupt();
        }
        return ++errors;
    }

    WaitNotifier reporter() {
        return reporter;
    }

    WaitLimits limits() {
        return limits;
    }

    /**
     * Handles the heartbeat: ends the wait if the service is unreachable or a time limit has passed, and otherwise
     * reports its status.
     */
    void onHeartbeat() {
        AccountQueue current = queue;
        QueueStatus status = current == null ? QueueStatus.IN_FLIGHT : current.status(this);
        if (current != null && isUnreachable(current)) {
            end(new WaitOutcome.Failed(current.unreachable()));
            return;
        }
        if (current != null && limits.isOverdue(current.isBackingOff())) {
            limits.onTimeout();
            return;
        }
        AmsException error = status.error();
        if (error != null && error.isRejection()) {
            Duration remaining = RetryPolicy.rejectionPeriod(age()).minus(status.rejectedFor());
            if (remaining.isNegative()) {
                end(new WaitOutcome.Failed(error));
                return;
            }
            reporter.rejected(error, status.untilPoll(), remaining);
        } else if (error != null) {
            reporter.failing(error, status.failingSince(), status.untilPoll());
        }
        reporter.waiting(status.untilPoll());
    }

    private boolean isUnreachable(AccountQueue current) {
        return !wasSeen()
                && waited().compareTo(RetryPolicy.MAX_UNREACHABLE) >= 0
                && current.unreachableFor().compareTo(RetryPolicy.MAX_UNREACHABLE) >= 0;
    }

    /** Ends the wait with an outcome. Has no effect if the wait has ended or the poller is shut down. */
    void end(WaitOutcome outcome) {
        if (!poller.isShutDown() && close()) {
            leaveQueue();
            reporter.ended(outcome);
        }
    }

    private void leaveQueue() {
        AccountQueue current = queue;
        if (current != null) {
            current.remove(this);
        }
    }

    private boolean close() {
        if (!ended.compareAndSet(false, true)) {
            return false;
        }
        scheduled.forEach(Scheduler.ScheduledTask::cancel);
        poller.onClosed(this);
        return true;
    }
}
