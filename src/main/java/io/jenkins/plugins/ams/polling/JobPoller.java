/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

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
 * Polls jobs until they end. One instance serves all waits of a controller, from Pipeline and from freestyle builds.
 *
 * <p>No method blocks, and a wait holds no thread. Tasks that a thread pool rejects are retried, see {@link
 * RetryingExecutor}.
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

    /**
     * Called when a poll is sent, with its delay after the scheduled time in milliseconds. Negative for a poll in a
     * shared request that was sent early.
     */
    private volatile ObjLongConsumer<JobId> lateness = (job, delayMillis) -> {};

    /**
     * Creates a poller.
     *
     * @param clock the time of day, which is compared with times from the service
     * @param scheduler schedules polls
     * @param threads runs the processing of responses; a small, bounded pool
     * @param notifications calls the listeners; must not share threads with {@code threads}, because each listener that
     *     hangs blocks a thread. If all its threads are blocked, listeners receive no more calls, but polling continues
     * @param random the source of jitter; safe for use by several threads
     */
    public JobPoller(
            Clock clock, Scheduler scheduler, Executor threads, Executor notifications, RandomGenerator random) {
        this.clock = clock;
        this.scheduler = scheduler;
        this.threads = new RetryingExecutor(scheduler, threads);
        this.notifications = new RetryingExecutor(scheduler, notifications);
        this.random = random;
    }

    /**
     * Begins a wait. Returns immediately; the listener receives all progress and the outcome.
     *
     * @param targets finds the service to poll; called on a thread of the poller
     * @param pollInterval the maximum polling interval
     * @param deadline the time at which the wait times out, or null for none
     */
    public JobWait waitFor(
            JobId job, PollTarget.Source targets, Duration pollInterval, Instant deadline, JobWaitListener listener) {
        return start(job, targets, pollInterval, deadline, JobWait.Start.NEW, listener);
    }

    /**
     * Resumes a wait after a restart.
     *
     * <p>The deadline may have passed in the meantime, and the job may have ended before it. Therefore the first complete
     * poll decides, within {@link JobWait#FIRST_POLL_TIMEOUT}.
     *
     * @param targets finds the service to poll; called on a thread of the poller
     * @param pollInterval the maximum polling interval
     * @param deadline the time at which the wait times out, or null for none
     * @param seen whether the job was found before the restart. If so, the wait does not end at the first rejection
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
                wait.after(Duration.between(clock.instant(), deadline), wait::onDeadline);
            }
        } catch (RuntimeException | Error e) { // The scheduler failed. The caller receives the error and may try again.
            wait.cancel();
            throw e;
        }
        queues.connect(wait);
        return wait;
    }

    /**
     * Cancels a job: sends the request, repeats it after transient errors, and polls the job to verify the effect. The
     * retry period starts with the first attempt, so that time in the queue does not shorten it.
     *
     * @param timeout the maximum time for all attempts, including the time in the queue, such as 24 hours
     * @param listener receives progress while the job is being canceled and afterwards
     * @return a future that completes with true if the service cancels the job; with false if there was nothing to
     *     cancel, because the job had ended or was being canceled already; and exceptionally if the job could not be
     *     canceled. It never completes after {@link #shutDown}: the cancellation has to be repeated after the restart
     */
    public CompletableFuture<Boolean> cancelJob(
            JobId job, PollTarget.Source targets, Duration timeout, CancellationListener listener) {
        return cancelJob(job, targets, timeout, false, listener);
    }

    /**
     * Resumes {@link #cancelJob} after a restart. The credentials have most likely been accepted before, so a rejected
     * token request is retried.
     */
    public CompletableFuture<Boolean> resumeCancellation(
            JobId job, PollTarget.Source targets, Duration timeout, CancellationListener listener) {
        return cancelJob(job, targets, timeout, true, listener);
    }

    private CompletableFuture<Boolean> cancelJob(
            JobId job, PollTarget.Source targets, Duration timeout, boolean resumed, CancellationListener listener) {
        CompletableFuture<Boolean> outcome = new CompletableFuture<>();
        if (!shutDown) {
            new JobCancellation(this, job, targets, timeout, resumed, listener, outcome).start();
        }
        return outcome;
    }

    /**
     * Polls the state of a job, without its tasks and output assets, at intervals that double. This does not count as a
     * wait and has no heartbeat.
     *
     * @param firstDelay the time until the first poll; the second follows {@link JobCancellation#FIRST_POLL_DELAY}
     *     later
     * @param period the maximum time to poll if the job does not end before
     */
    JobWait follow(
            AccountQueue queue,
            JobId job,
            PollTarget.Source targets,
            Duration firstDelay,
            Duration period,
            JobWaitListener listener) {
        JobWait wait = new JobWait(this, job, targets, period, JobWait.Start.RESUMED_SEEN, listener);
        wait.steps().pollStateOnly(JobCancellation.FIRST_POLL_DELAY);
        wait.after(period, wait::onTimeout);
        // Not in this thread: the caller holds a lock, and would send the requests of others with it.
        execute(() -> queue.enqueue(wait, firstDelay));
        return wait;
    }

    /** Runs a task after a delay, on a thread of the poller. */
    Scheduler.ScheduledTask after(Duration delay, Runnable task) {
        return scheduler.schedule(delay, () -> execute(task));
    }

    /** Runs a task after a delay, on one of the threads that call listeners. The task may block. */
    public Scheduler.ScheduledTask notifyAfter(Duration delay, Runnable task) {
        return scheduler.schedule(delay, () -> notifications.execute(task));
    }

    /**
     * Stops all calls to listeners. Errors while Jenkins shuts down do not reflect the state of a job. Waits of
     * Pipeline steps are persisted and resume after the restart.
     */
    public void shutDown() {
        shutDown = true;
    }

    /** Returns the number of waits that have not ended. */
    public int size() {
        return waits.size();
    }

    /** Sets a listener for measurements. */
    void setLatenessListener(ObjLongConsumer<JobId> listener) {
        lateness = listener;
    }

    void onPollSent(JobId job, long delayMillis) {
        lateness.accept(job, delayMillis);
    }

    /** Returns the number of requests in flight in all queues. */
    int inFlight() {
        return queues.inFlight();
    }

    /** Returns whether {@link #shutDown} has been called. */
    public boolean isShutDown() {
        return shutDown;
    }

    /** Runs a task on a thread of the poller, as soon as a thread is available. */
    void execute(Runnable task) {
        threads.execute(task);
    }

    /** Returns the executor that calls listeners. */
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
