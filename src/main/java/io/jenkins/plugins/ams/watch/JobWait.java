/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.watch;

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
 * One wait for one job. At any moment it is in one place only: in the queue of a connection, in flight, or over. The
 * fields that say what was seen are written in that one place and read from anywhere.
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

    /** Of the poller's timer, in milliseconds; guarded by the connection, as are the three that follow. */
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

    /** Until the next poll where the state alone is polled; null for a wait. */
    private Duration stateDelay;

    /** How a wait begins. */
    enum Start {
        /** For the first time. */
        NEW,
        /** Again after a restart, which its job was not seen before. */
        RESUMED,
        /** Again after a restart, which its job was seen before. */
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
     * Ends the wait without an outcome: the listener hears nothing more, but for a call that is under way. Does nothing
     * if the wait is over.
     */
    public void cancel() {
        if (close()) {
            leaveQueue();
        }
        reporter.close();
    }

    /** The job that is waited for. */
    public JobId job() {
        return job;
    }

    /** The job as it was last seen. */
    public Optional<MediaJob> lastJob() {
        return Optional.ofNullable(lastJob);
    }

    /** The transient error that the wait is riding through, if it is. */
    public Optional<Exception> error() {
        return Optional.ofNullable(reporter.error());
    }

    /** Whether the wait is over, with an outcome or by {@link #cancel}. */
    public boolean isEnded() {
        return ended.get();
    }

    PollTarget.Source targetSource() {
        return targets;
    }

    Duration pollInterval() {
        return pollInterval;
    }

    /** When the wait began, by the clock as it is set now. */
    Instant since(Instant now) {
        return now.minus(waited());
    }

    /** How long the wait has lasted since it began or was resumed. */
    Duration waited() {
        return Duration.ofMillis(poller.scheduler().millis() - startedAt);
    }

    /** How old the job is, as far as that is known: for at least as long as the wait lasts. */
    Duration age() {
        MediaJob seen = lastJob;
        if (seen == null || seen.created() == null) {
            return waited();
        }
        Duration age = JobProgress.elapsed(seen.created(), poller.clock().instant());
        return age.compareTo(waited()) > 0 ? age : waited();
    }

    /** Whether the service knew the job, before a restart perhaps. */
    boolean wasSeen() {
        return lastJob != null || start == Start.RESUMED_SEEN;
    }

    /** Whether a poll was complete since the wait began or was resumed. */
    boolean isPolled() {
        return polled;
    }

    long due() {
        return due;
    }

    /** From when on a request that goes out anyway may look at this job too. */
    long sharesFrom() {
        return due - slack;
    }

    /** Whether the look that is waited for is one of many to come, and not the first or another try. */
    boolean isRegularPoll() {
        return requestsPerSecond > 0;
    }

    /** What this wait adds to the connection's plan; 0 if it is not planned. */
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

    /** Runs a task after some time, on a thread of the poller's, unless the wait is over by then. */
    void after(Duration delay, Runnable task) {
        Scheduler.ScheduledTask scheduledTask = poller.after(delay, task);
        scheduled.add(scheduledTask);
        if (isEnded()) {
            scheduledTask.cancel(); // it was cancelled in between
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
     * What the tasks told when they were last asked while the job was Processing, by the clock as it is set now; null if
     * they never were.
     */
    JobProgress progress(Instant now) {
        JobProgress last = progress;
        return last == null ? null : last.seenAt(now.minusMillis(poller.scheduler().millis() - progressMillis));
    }

    void setProgress(JobProgress latest) {
        progressMillis = poller.scheduler().millis();
        progress = latest;
    }

    /** Whether the look that comes next, or is under way, asks for the tasks of a job that is Processing. */
    boolean wantsTasks() {
        return wantsTasks || progress == null;
    }

    void setWantsTasks(boolean wanted) {
        wantsTasks = wanted;
    }

    /**
     * Polls the state alone, without tasks and output assets.
     *
     * @param delay between the first two polls; it doubles each time
     */
    void pollStateOnly(Duration delay) {
        stateDelay = delay;
    }

    boolean isStateOnly() {
        return stateDelay != null;
    }

    /** The delay until the next poll of the state. */
    Duration nextStateDelay() {
        Duration next = stateDelay;
        stateDelay = next.multipliedBy(2);
        return next;
    }

    /** Whether the next look should ask for this job only: the last one brought no answer, or one of no use. */
    boolean isSeparate() {
        return separate;
    }

    /** The service knew the job. */
    void onFound(MediaJob found) {
        lastJob = found;
        polled = true;
        missing.reset();
        rejections.reset();
        otherTargets = 0;
        separate = false;
    }

    /** The service did not know the job. Asked for alone it may say more of it. */
    RejectionPeriod onNotFound() {
        polled = true;
        separate = true;
        rejections.reset();
        missing.add(poller.scheduler().millis());
        return missing;
    }

    /** The service or the authority has rejected a poll. */
    void onRejected() {
        missing.interrupt();
        rejections.add(poller.scheduler().millis());
    }

    /** How long polls have been rejected. */
    Duration rejectedFor() {
        return rejections.duration();
    }

    /** The wait takes other credentials; returns how often it has since the job was last seen. */
    int countTargetChange() {
        return ++otherTargets;
    }

    /** A look is complete: the errors, if there were any, are past. */
    void onPolled(Instant now) {
        onRecovered();
        MediaJob seen = lastJob;
        List<MediaTask> tasks = lastTasks;
        JobProgress last = progress(now);
        boolean processing = seen.state() == JobState.PROCESSING && last != null;
        reporter.polled(seen, tasks, processing ? last : JobProgress.of(seen, tasks, now));
    }

    /** Everything that was asked for came: tells the listener if it heard of errors before. */
    void onRecovered() {
        errors = 0;
        reporter.recovered();
    }

    /** Counts an error after which the job is polled again; says how many there were in a row. */
    int onError(Exception cause, boolean pollSeparately) {
        separate = pollSeparately;
        if (RetryPolicy.isTransient(cause)) {
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

    /** Called once a minute: ends the wait if there is nothing to hope for, and otherwise reports how it stands. */
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
        Exception error = status.error();
        if (error != null && RetryPolicy.isRejection(error)) {
            Duration left = RetryPolicy.rejectionPeriod(age()).minus(status.rejectedFor());
            if (left.isNegative()) {
                end(new WaitOutcome.Failed(error));
                return;
            }
            reporter.rejected(error, status.untilPoll(), left);
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

    /** Ends the wait with its outcome, unless it is over or the poller was shut. */
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
