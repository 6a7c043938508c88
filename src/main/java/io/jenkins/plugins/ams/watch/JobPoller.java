/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.watch;

import io.jenkins.plugins.ams.service.JobId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.ObjLongConsumer;
import java.util.random.RandomGenerator;

/**
 * Waits for jobs: one for all waits of a controller, whichever door they came in by. Nothing here blocks; a wait costs
 * no thread. What it hands to its threads is never lost: see {@link RetryingExecutor}.
 */
public final class JobPoller {

    private final Clock clock;
    private final Scheduler timer;
    private final RetryingExecutor threads;
    private final RetryingExecutor notifications;
    private final RandomGenerator random;
    private final AccountQueues connections = new AccountQueues(this);
    private final Set<JobWait> waits = ConcurrentHashMap.newKeySet();
    private final Heartbeat heartbeat = new Heartbeat(this);

    private volatile boolean shutDown;

    /** Notified of each poll: how many milliseconds late it is sent. Negative for one that shares a request. */
    private volatile ObjLongConsumer<JobId> lateness = (job, late) -> {};

    /**
     * @param clock the time of day, which the service's times are compared with
     * @param timer the time that looks are planned by
     * @param threads runs what comes of answers; few and bounded
     * @param notifications calls the listeners; another one than {@code threads}, because each listener that hangs
     *     holds one of its threads. If all of its threads are held, listeners hear nothing more, but polls go on
     * @param random spreads looks; {@link RandomGenerator} of the caller's choice, safe for use by many threads
     */
    public JobPoller(Clock clock, Scheduler timer, Executor threads, Executor notifications, RandomGenerator random) {
        this.clock = clock;
        this.timer = timer;
        this.threads = new RetryingExecutor(timer, threads);
        this.notifications = new RetryingExecutor(timer, notifications);
        this.random = random;
    }

    /**
     * Begins a wait. Returns at once; the listener hears the rest.
     *
     * @param targets where to look; asked on a thread of the watcher's
     * @param pollInterval the longest time between two looks
     * @param deadline when to give up; null for never
     */
    public JobWait waitFor(
            JobId job, PollTarget.Source targets, Duration pollInterval, Instant deadline, JobWaitListener listener) {
        return begin(job, targets, pollInterval, deadline, JobWait.Start.NEW, listener);
    }

    /**
     * Begins a wait again after a restart. Its deadline may have passed meanwhile, and the job may have ended in time: so
     * the first complete poll decides, within half an hour.
     *
     * @param targets where to look; asked on a thread of the watcher's
     * @param pollInterval the longest time between two looks
     * @param deadline when to give up; null for never
     * @param seen whether the job was seen before the restart. If it was, the wait does not end at the first rejection
     */
    public JobWait resume(
            JobId job,
            PollTarget.Source targets,
            Duration pollInterval,
            Instant deadline,
            boolean seen,
            JobWaitListener listener) {
        JobWait.Start begin = seen ? JobWait.Start.RESUMED_SEEN : JobWait.Start.RESUMED;
        return begin(job, targets, pollInterval, deadline, begin, listener);
    }

    private JobWait begin(
            JobId job,
            PollTarget.Source targets,
            Duration pollInterval,
            Instant deadline,
            JobWait.Start begin,
            JobWaitListener listener) {
        connections.forgetIdle();
        JobWait watch = new JobWait(this, job, targets, pollInterval, begin, listener);
        waits.add(watch);
        try {
            heartbeat.adjust();
            if (deadline != null) {
                watch.after(Duration.between(clock.instant(), deadline), watch.limits()::onDeadline);
            }
        } catch (RuntimeException | Error e) { // an alarm could not be set: the caller is told, and may try again
            watch.cancel();
            throw e;
        }
        connections.connect(watch);
        return watch;
    }

    /**
     * Cancels a job: asks the service, repeats that after transient errors, and polls the job to find out what became of
     * it. An attempt that waits for its turn is not given up because others go before it.
     *
     * @param within how long attempts may go on at most, the time in the queue included; 24 hours, say
     * @param listener notified of what happens meanwhile and of the job afterwards
     * @return true if the service cancels the job; false if there was nothing to cancel, because the job had ended or was
     *     being canceled already; fails with the reason if the job could not be canceled. Never completes if the watcher
     *     is shut before: what is not done by then is for the next start of Jenkins
     */
    public CompletableFuture<Boolean> cancelJob(
            JobId job, PollTarget.Source targets, Duration within, CancellationListener listener) {
        CompletableFuture<Boolean> outcome = new CompletableFuture<>();
        if (!shutDown) {
            new JobCancellation(this, job, targets, within, listener, outcome).start();
        }
        return outcome;
    }

    /**
     * Polls the state of a job, without its tasks and output assets, at intervals that double. It is not counted as a
     * wait and has no heartbeat.
     *
     * @param firstDelay until the first poll; the second follows {@link JobCancellation#FIRST_POLL_DELAY} later
     * @param period when to stop, if the job has not ended before
     */
    JobWait follow(
            AccountQueue connection,
            JobId job,
            PollTarget.Source targets,
            Duration firstDelay,
            Duration period,
            JobWaitListener listener) {
        JobWait watch = new JobWait(this, job, targets, period, JobWait.Start.RESUMED_SEEN, listener);
        watch.pollStateOnly(JobCancellation.FIRST_POLL_DELAY);
        watch.after(period, watch.limits()::onTimeout);
        connection.enqueue(watch, firstDelay);
        return watch;
    }

    /** Runs a task after some time, on a thread of the watcher's. */
    Scheduler.ScheduledTask after(Duration delay, Runnable task) {
        return timer.schedule(delay, () -> execute(task));
    }

    /** Runs a task of the caller's after some time, on one of the threads that call listeners. It may block. */
    public Scheduler.ScheduledTask notifyAfter(Duration delay, Runnable task) {
        return timer.schedule(delay, () -> notifications.execute(task));
    }

    /**
     * No listener hears anything from now on, an outcome least of all: what fails while Jenkins goes down says nothing of
     * the job. Steps that wait are persisted and take up their wait afterwards.
     */
    public void shutDown() {
        shutDown = true;
    }

    /** How many waits are not over. */
    public int size() {
        return waits.size();
    }

    /** For those who measure. */
    void setLatenessListener(ObjLongConsumer<JobId> hearer) {
        lateness = hearer;
    }

    void sentAfter(JobId job, long late) {
        lateness.accept(job, late);
    }

    /** Requests under way, over all connections. */
    int inFlight() {
        return connections.inFlight();
    }

    /** Whether Jenkins is being shut down. */
    public boolean isShutDown() {
        return shutDown;
    }

    /** Runs a task on a thread of the watcher's, as soon as there is one. */
    void execute(Runnable task) {
        threads.execute(task);
    }

    /** Calls listeners. */
    Executor notifications() {
        return notifications;
    }

    AccountQueues connections() {
        return connections;
    }

    void closed(JobWait watch) {
        waits.remove(watch);
        heartbeat.adjust();
    }

    Set<JobWait> waits() {
        return waits;
    }

    Clock clock() {
        return clock;
    }

    Scheduler timer() {
        return timer;
    }

    RandomGenerator random() {
        return random;
    }
}
