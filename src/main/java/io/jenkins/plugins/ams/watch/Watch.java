/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.watch;

import io.jenkins.plugins.ams.service.Job;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.ServiceException;
import io.jenkins.plugins.ams.service.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One wait for one job. At any moment it is in one place only: in the queue of a connection, in flight, or over; that is
 * why its listener hears one call after the other. The fields that say what was seen are written in that one place and
 * read from anywhere.
 */
public final class Watch {

    private final JobWatcher watcher;
    private final JobId job;
    private final Target.Source targets;
    private final Duration pollInterval;
    private final WatchListener listener;
    private final Instant since;
    private final AtomicBoolean over = new AtomicBoolean();

    private volatile Timer.Alarm deadline;
    private volatile Connection connection;
    private volatile Job lastJob;
    private volatile List<Task> lastTasks = List.of();
    private volatile Progress progress;
    private volatile Exception fault;

    /** Of the watcher's timer, in milliseconds; guarded by the connection, as are the three that follow. */
    private long due;

    private long slack;
    private double requestsPerSecond;
    private boolean queued;

    /** Guarded by this, as is what the listener hears. */
    private long troubledSince = -1;

    private int faults;
    private int faultsAtDetails;
    private int refusals;
    private int looksInVain;
    private boolean alone;
    private boolean wantsTasks = true;

    Watch(
            JobWatcher watcher,
            JobId job,
            Target.Source targets,
            Duration pollInterval,
            WatchListener listener,
            Instant since) {
        this.watcher = watcher;
        this.job = job;
        this.targets = targets;
        this.pollInterval = pollInterval;
        this.listener = listener;
        this.since = since;
    }

    /**
     * Ends the wait without an outcome: the listener hears nothing more, but for a call that is under way. Does nothing
     * if the wait is over.
     */
    public void cancel() {
        if (close()) {
            leaveQueue();
        }
    }

    /** The job that is waited for. */
    public JobId job() {
        return job;
    }

    /** The job as it was last seen. */
    public Optional<Job> lastJob() {
        return Optional.ofNullable(lastJob);
    }

    /** The transient fault that the wait is riding through, if it is. */
    public Optional<Exception> fault() {
        return Optional.ofNullable(fault);
    }

    /** Whether the wait is over, with an outcome or by {@link #cancel}. */
    public boolean isOver() {
        return over.get();
    }

    Target.Source targets() {
        return targets;
    }

    Duration pollInterval() {
        return pollInterval;
    }

    Instant since() {
        return since;
    }

    long due() {
        return due;
    }

    /** From when on a request that goes out anyway may look at this job too. */
    long sharesFrom() {
        return due - slack;
    }

    /** Whether the look that is waited for is one of many to come, and not the first or another try. */
    boolean isPlanned() {
        return requestsPerSecond > 0;
    }

    /** What this wait adds to the connection's plan; 0 if it is not planned. */
    double requestsPerSecond() {
        return requestsPerSecond;
    }

    void plan(long due, long slack, double requestsPerSecond) {
        this.due = due;
        this.slack = slack;
        this.requestsPerSecond = requestsPerSecond;
    }

    boolean isQueued() {
        return queued;
    }

    void isQueued(boolean is) {
        queued = is;
    }

    void deadline(Timer.Alarm alarm) {
        deadline = alarm;
        if (isOver()) {
            alarm.cancel(); // it was cancelled in between
        }
    }

    void connection(Connection connection) {
        this.connection = connection;
    }

    List<Task> lastTasks() {
        return lastTasks;
    }

    void lastTasks(List<Task> tasks) {
        lastTasks = tasks;
    }

    /** What the tasks told when they were last asked while the job was Processing; null if they never were. */
    Progress progress() {
        return progress;
    }

    void progress(Progress told) {
        progress = told;
    }

    /** Whether the look that comes next, or is under way, asks for the tasks of a job that is Processing. */
    boolean wantsTasks() {
        return wantsTasks || progress == null;
    }

    void wantsTasks(boolean wanted) {
        wantsTasks = wanted;
    }

    /** Whether the next look should ask for this job only: the last one brought no answer, or one of no use. */
    boolean isAlone() {
        return alone;
    }

    /** The service knew the job. */
    void found(Job found) {
        lastJob = found;
        looksInVain = 0;
        refusals = 0;
        alone = false;
    }

    /** The credentials were refused; says how often since the job was last seen. */
    int refused() {
        return ++refusals;
    }

    /** The service did not know the job; says how often in a row. Asked for alone it may say more of it. */
    int notFound() {
        alone = true;
        return ++looksInVain;
    }

    /** A look is complete: the faults, if there were any, are past. */
    void looked(Instant now) {
        recover();
        Job seen = lastJob;
        List<Task> tasks = lastTasks;
        boolean processing = seen.state() == JobState.PROCESSING && progress != null;
        Progress told = processing ? progress : Progress.of(seen, tasks, now);
        tell(() -> listener.looked(seen, tasks, told));
    }

    /** Everything that was asked for came: tells the listener if it heard of faults before. */
    synchronized void recover() {
        faults = 0;
        fault = null;
        if (troubledSince >= 0) {
            Duration after = Duration.ofMillis(watcher.timer().millis() - troubledSince);
            troubledSince = -1;
            tell(() -> listener.recovered(after));
        }
    }

    /** Counts a transient fault; says how many there were in a row. */
    int faulted(Exception cause, boolean lookAlone) {
        fault = cause;
        alone = lookAlone;
        return ++faults;
    }

    /** Counts a fault after the job's end was seen; says how many there were. */
    int faultedAtDetails() {
        return ++faultsAtDetails;
    }

    /** Tells the listener of the first of a row of faults. */
    synchronized void troubled(Duration pause) {
        if (troubledSince < 0) {
            troubledSince = watcher.timer().millis();
            Exception cause = fault;
            tell(() -> listener.troubled(cause, pause));
        }
    }

    /** Tells the listener that the wait lives, and of trouble that others met in its place. */
    synchronized void beat() {
        Connection current = connection;
        Connection.Standing standing = current == null ? Connection.Standing.UNDER_WAY : current.standing(this);
        if (troubledSince < 0 && standing.fault() != null) {
            fault = standing.fault();
            troubledSince = standing.troubledSince();
            tell(() -> listener.troubled(standing.fault(), standing.untilLook()));
            return;
        }
        Exception cause = troubledSince < 0 ? null : fault;
        Duration troubledFor = cause == null
                ? Duration.ZERO
                : Duration.ofMillis(watcher.timer().millis() - troubledSince);
        tell(() -> listener.waiting(cause, troubledFor, standing.untilLook()));
    }

    /** Ends the wait with its outcome, unless it is over or the watcher was shut. */
    synchronized void end(Outcome outcome) {
        if (!watcher.isShut() && close()) {
            leaveQueue();
            watcher.tell(this, () -> listener.ended(outcome));
        }
    }

    /** The deadline has passed. A job whose end was seen has ended in time, whatever its details are waiting for. */
    void timeOut() {
        Job seen = lastJob;
        if (seen == null || !seen.state().isTerminal()) {
            end(new Outcome.TimedOut(seen));
            return;
        }
        Exception missing = fault().orElseGet(() -> new ServiceException(
                ServiceException.Kind.NO_ANSWER, 0, "the time limit passed first", null, null, null));
        end(new Outcome.Ended(seen, lastTasks, List.of(), missing));
    }

    private void leaveQueue() {
        Connection current = connection;
        if (current != null) {
            current.remove(this);
        }
    }

    private boolean close() {
        if (!over.compareAndSet(false, true)) {
            return false;
        }
        Timer.Alarm alarm = deadline;
        if (alarm != null) {
            alarm.cancel();
        }
        watcher.closed(this);
        return true;
    }

    /** Synchronized, as is {@link #end}: a deadline can pass while the listener hears of a look. */
    private synchronized void tell(Runnable call) {
        if (!isOver() && !watcher.isShut()) {
            watcher.tell(this, call);
        }
    }
}
