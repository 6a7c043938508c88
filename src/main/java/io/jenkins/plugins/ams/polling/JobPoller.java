/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.ams.auth.TokenStatus;
import io.jenkins.plugins.ams.service.JobId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.ObjLongConsumer;
import java.util.random.RandomGenerator;

/**
 * Polls jobs until they end. One instance serves all waits on a controller, for both Pipeline and freestyle builds.
 *
 * <p>No method blocks, and a wait does not occupy a thread. If a thread pool rejects a task, a {@link RetryingExecutor}
 * submits the task again.
 */
public final class JobPoller {

    private final Clock clock;
    private final Scheduler scheduler;
    private final RetryingExecutor threads;
    private final RetryingExecutor notifications;
    private final RandomGenerator random;
    private final AccountQueues queues = new AccountQueues(this);
    private final Set<JobWait> waits = ConcurrentHashMap.newKeySet();
    private final AccountRecords records = new AccountRecords(this);
    private final Heartbeat heartbeat = new Heartbeat(this);

    private volatile boolean shutDown;

    /**
     * Called when a poll is sent, with the job's ID and the time in milliseconds since the poll was due. The time is
     * negative if the poll is sent early as part of a shared request.
     */
    private volatile ObjLongConsumer<JobId> lateness = (job, delayMillis) -> {};

    /**
     * Creates a poller.
     *
     * @param clock the system clock, used to compare the current time with times that the service reports
     * @param scheduler schedules polls
     * @param threads a small, bounded thread pool that processes responses
     * @param notifications calls the listeners. Each listener that hangs blocks a thread, so this executor must not
     *     share threads with {@code threads}. If hanging listeners block all threads of this executor, no other
     *     listeners are called, but polling continues
     * @param random generates the random part of delays; must be thread-safe
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
     * Starts a wait for a job, or resumes one after a restart. This method returns immediately; the listener receives
     * the progress and the outcome.
     *
     * <p>If the deadline passed while Jenkins was down, the job may still have ended in time. The first complete poll
     * therefore determines the outcome. That poll must succeed within {@link JobWait#FIRST_POLL_TIMEOUT}.
     *
     * @param targets finds the service to poll; called on a poller thread
     * @param pollInterval the maximum polling interval
     * @param deadline the time at which the wait times out, or null if the wait has no timeout
     */
    public JobWait waitFor(
            JobId job,
            PollTarget.Source targets,
            Duration pollInterval,
            @CheckForNull Instant deadline,
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
     * Cancels a job: sends a cancellation request, repeats the request after transient errors, and polls the job to
     * verify that it is canceled. The retry period starts with the first attempt; earlier time in the queue does not
     * count.
     *
     * @param timeout the maximum time for all attempts, including time in the queue, for example 24 hours
     * @param resumed whether the cancellation was requested before a restart. The credentials were most likely accepted
     *     then, so a rejected token request is retried
     * @param listener receives progress reports while the job is being canceled and afterward
     * @return a future that completes with true if the service cancels the job. It completes with false if there was
     *     nothing to cancel because the job had ended or was already being canceled, and exceptionally if the job could
     *     not be canceled. The future does not complete after {@link #shutDown}; in that case, resume the cancellation
     *     after the restart
     */
    public CompletableFuture<Boolean> cancelJob(
            JobId job, PollTarget.Source targets, Duration timeout, boolean resumed, CancellationListener listener) {
        CompletableFuture<Boolean> outcome = new CompletableFuture<>();
        if (!shutDown) {
            new JobCancellation(this, job, targets, timeout, resumed, listener, outcome).start();
        }
        return outcome;
    }

    /**
     * Polls only a job's state, not its tasks or output assets. The polling interval doubles after each poll. The
     * returned wait is not included in {@link #size} and does not receive heartbeats.
     *
     * @param firstDelay the delay before the first poll. The delay between the first and the second poll is {@link
     *     JobCancellation#FIRST_POLL_DELAY}
     * @param period the maximum time to poll the job; polling ends earlier if the job ends
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
        // Use another thread: the caller holds a lock, and queuing this wait may also send the requests of other waits.
        execute(() -> queue.enqueue(wait, firstDelay));
        return wait;
    }

    /** Runs a task on a poller thread after a delay. */
    Scheduler.ScheduledTask after(Duration delay, Runnable task) {
        return scheduler.schedule(delay, () -> execute(task));
    }

    /** Runs a task on a listener thread after a delay. The task may block. */
    public Scheduler.ScheduledTask notifyAfter(Duration delay, Runnable task) {
        return scheduler.schedule(delay, () -> notifications.execute(task));
    }

    /**
     * Stops all calls to listeners. Errors that occur while Jenkins shuts down say nothing about the job and must not
     * be reported. Pipeline steps persist their waits and resume them after the restart.
     */
    public void shutDown() {
        shutDown = true;
    }

    /** Returns the number of waits that have not ended. */
    public int size() {
        return waits.size();
    }

    /** Returns the health of each account that waits use or have recently used. Does not send a request. */
    public List<AccountHealth> accounts() {
        return records.accounts();
    }

    /**
     * Returns the accounts' problems that an administrator must solve. This check is fast as long as there are no
     * problems.
     */
    public List<AccountProblem> problems() {
        return records.problems();
    }

    /** Records that credentials were tested successfully, so that earlier problems are no longer reported. */
    public void onTested(PollTarget.Origin origin, TokenStatus token) {
        records.onTested(origin, token);
    }

    /** Sets the listener that measures how late polls are sent. */
    void setLatenessListener(ObjLongConsumer<JobId> listener) {
        lateness = listener;
    }

    void onPollSent(JobId job, long delayMillis) {
        lateness.accept(job, delayMillis);
    }

    /** Returns the total number of requests in flight in all queues. */
    int inFlight() {
        return queues.inFlight();
    }

    public boolean isShutDown() {
        return shutDown;
    }

    /** Runs a task on a poller thread as soon as a thread is available. */
    void execute(Runnable task) {
        threads.execute(task);
    }

    /** Returns the executor that calls listeners. */
    Executor notifications() {
        return notifications;
    }

    AccountRecords records() {
        return records;
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
