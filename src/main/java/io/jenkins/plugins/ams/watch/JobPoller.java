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
    private final Scheduler scheduler;
    private final RetryingExecutor threads;
    private final RetryingExecutor notifications;
    private final RandomGenerator random;
    private final AccountQueues queues = new AccountQueues(this);
    private final Set<JobWait> waits = ConcurrentHashMap.newKeySet();
    private final Heartbeat heartbeat = new Heartbeat(this);

    private volatile boolean shutDown;

    /** Notified of each poll: how many milliseconds late it is sent. Negative for one that shares a request. */
    private volatile ObjLongConsumer<JobId> lateness = (job, delayMillis) -> {};

    /**
     * @param clock the time of day, which the service's times are compared with
     * @param timer the time that looks are planned by
     * @param threads runs what comes of answers; few and bounded
     * @param notifications calls the listeners; another one than {@code threads}, because each listener that hangs
     *     holds one of its threads. If all of its threads are held, listeners hear nothing more, but polls go on
     * @param random spreads looks; {@link RandomGenerator} of the caller's choice, safe for use by many threads
     */
    public JobPoller(Clock clock, Scheduler scheduler, Executor threads, Executor notifications, RandomGenerator random) {
        this.clock = clock;
        this.scheduler = scheduler;
        this.threads = new RetryingExecutor(scheduler, threads);
        this.notifications = new RetryingExecutor(scheduler, notifications);
        this.random = random;
    }

    /**
     * Begins a wait. Returns at once; the listener hears the rest.
     *
     * @param targets where to look; asked on a thread of the poller's
     * @param pollInterval the longest time between two looks
     * @param deadline when to give up; null for never
     */
    public JobWait waitFor(
            JobId job, PollTarget.Source targets, Duration pollInterval, Instant deadline, JobWaitListener listener) {
        return start(job, targets, pollInterval, deadline, JobWait.Start.NEW, listener);
    }

    /**
     * Begins a wait again after a restart. Its deadline may have passed meanwhile, and the job may have ended in time: so
     * the first complete poll decides, within half an hour.
     *
     * @param targets where to look; asked on a thread of the poller's
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
        JobWait.Start start = seen ? JobWait.Start.RESUMED_SEEN : JobWait.Start.RESUMED;
        return start(job, targets, pollInterval, deadline, start, listener);
    }

    private JobWait start(
            JobId job,
            PollTarget.Source targets,
            Duration pollInterval,
            Instant deadline,
            JobWait.Start start,
            JobWaitListener listener) {
        queues.forgetIdle();
        JobWait wait = new JobWait(this, job, targets, pollInterval, start, listener);
        waits.add(wait);
        try {
            heartbeat.adjust();
            if (deadline != null) {
                wait.after(Duration.between(clock.instant(), deadline), wait.limits()::onDeadline);
            }
        } catch (RuntimeException | Error e) { // an alarm could not be set: the caller is told, and may try again
            wait.cancel();
            throw e;
        }
        queues.connect(wait);
        return wait;
    }

    /**
     * Cancels a job: asks the service, repeats that after transient errors, and polls the job to find out what became of
     * it. An attempt that waits for its turn is not given up because others go before it.
     *
     * @param within how long attempts may go on at most, the time in the queue included; 24 hours, say
     * @param listener notified of what happens meanwhile and of the job afterwards
     * @return true if the service cancels the job; false if there was nothing to cancel, because the job had ended or was
     *     being canceled already; fails with the reason if the job could not be canceled. Never completes if the poller
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
            AccountQueue queue,
            JobId job,
            PollTarget.Source targets,
            Duration firstDelay,
            Duration period,
            JobWaitListener listener) {
        JobWait wait = new JobWait(this, job, targets, period, JobWait.Start.RESUMED_SEEN, listener);
        wait.pollStateOnly(JobCancellation.FIRST_POLL_DELAY);
        wait.after(period, wait.limits()::onTimeout);
        queue.enqueue(wait, firstDelay);
        return wait;
    }

    /** Runs a task after some time, on a thread of the poller's. */
    Scheduler.ScheduledTask after(Duration delay, Runnable task) {
        return scheduler.schedule(delay, () -> execute(task));
    }

    /** Runs a task of the caller's after some time, on one of the threads that call listeners. It may block. */
    public Scheduler.ScheduledTask notifyAfter(Duration delay, Runnable task) {
        return scheduler.schedule(delay, () -> notifications.execute(task));
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
    void setLatenessListener(ObjLongConsumer<JobId> listener) {
        lateness = listener;
    }

    void onPollSent(JobId job, long delayMillis) {
        lateness.accept(job, delayMillis);
    }

    /** Requests under way, over all connections. */
    int inFlight() {
        return queues.inFlight();
    }

    /** Whether Jenkins is being shut down. */
    public boolean isShutDown() {
        return shutDown;
    }

    /** Runs a task on a thread of the poller's, as soon as there is one. */
    void execute(Runnable task) {
        threads.execute(task);
    }

    /** Calls listeners. */
    Executor notifications() {
        return notifications;
    }

    AccountQueues queues() {
        return queues;
    }

    void onClosed(JobWait wait) {
        waits.remove(wait);
        heartbeat.adjust();
    }

    Set<JobWait> waits() {
        return waits;
    }

    Clock clock() {
        return clock;
    }

    Scheduler scheduler() {
        return scheduler;
    }

    RandomGenerator random() {
        return random;
    }
}
