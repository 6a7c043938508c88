/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.watch;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Hands tasks to another executor, and retries on a timer what that one does not accept. A thread pool accepts nothing
 * while the operating system gives it no thread (an {@link OutOfMemoryError}, "unable to create native thread", under a
 * limit of processes) or while it is full. A task that is lost then is a wait that never polls again.
 *
 * <p>{@link #execute} neither blocks nor throws. Each task is started once at most, and tasks may overtake each other.
 * When the timer has ended, because Jenkins shuts down, tasks that are not accepted are dropped.
 */
public final class RetryingExecutor implements Executor {

    /** Short beside a polling interval, and long enough to cost nothing while no thread can be created. */
    static final Duration RETRY_DELAY = Duration.ofMillis(500);

    private static final Logger LOGGER = Logger.getLogger(RetryingExecutor.class.getName());

    private final Scheduler scheduler;
    private final Executor executor;
    private final Queue<RetriedTask> rejected = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean retryScheduled = new AtomicBoolean();
    private final AtomicBoolean warned = new AtomicBoolean();

    /** @param executor may throw from {@link Executor#execute}, also after it has accepted the task */
    public RetryingExecutor(Scheduler scheduler, Executor executor) {
        this.scheduler = scheduler;
        this.executor = executor;
    }

    @Override
    public void execute(Runnable task) {
        RetriedTask retriedTask = new RetriedTask(task);
        if (!submit(retriedTask)) {
            rejected.add(retriedTask);
            scheduleRetry();
        }
    }

    /** Submits again what was not accepted so far. */
    void retry() {
        for (RetriedTask task = rejected.poll(); task != null; task = rejected.poll()) {
            if (!submit(task)) {
                rejected.add(task);
                scheduleRetry();
                return;
            }
        }
    }

    private boolean submit(RetriedTask task) {
        try {
            executor.execute(task);
            warned.set(false);
            return true;
        } catch (RuntimeException | Error e) { // Errors too: OutOfMemoryError is what a missing thread is reported as
            if (task.started.get()) {
                throw e; // by the task itself, on an executor that runs it in this thread
            }
            // a pool rejects tasks also while Jenkins shuts down
            boolean rejected = e instanceof RejectedExecutionException;
            Level level = rejected || warned.getAndSet(true) ? Level.FINE : Level.WARNING;
            LOGGER.log(level, "No thread for a task, which is retried in " + RETRY_DELAY.toMillis() + " ms", e);
            return false;
        }
    }

    private void scheduleRetry() {
        if (!retryScheduled.compareAndSet(false, true)) {
            return;
        }
        try {
            scheduler.schedule(RETRY_DELAY, () -> {
                retryScheduled.set(false);
                retry();
            });
        } catch (RuntimeException | Error e) { // the next task that is not accepted tries again, as does the heartbeat
            retryScheduled.set(false);
            LOGGER.log(Level.WARNING, "Could not schedule a retry", e);
        }
    }

    /** Runs a task the first time only: a pool may throw though it keeps the task in its queue. */
    private static final class RetriedTask implements Runnable {

        private final Runnable task;
        private final AtomicBoolean started = new AtomicBoolean();

        RetriedTask(Runnable task) {
            this.task = task;
        }

        @Override
        public void run() {
            if (started.compareAndSet(false, true)) {
                task.run();
            }
        }
    }
}
