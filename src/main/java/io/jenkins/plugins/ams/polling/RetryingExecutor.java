/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Submits tasks to another executor, and submits rejected tasks again later.
 *
 * <p>A thread pool rejects tasks while it is full. If the operating system cannot create another thread, for example
 * because of a process limit, the pool throws an {@link OutOfMemoryError} ("unable to create native thread"). Without
 * retries, a wait whose task was rejected would never be polled again.
 *
 * <p>{@link #execute} neither blocks nor throws exceptions. Each task runs at most once, and the order of tasks is not
 * preserved. Tasks that are rejected after Jenkins has shut down the scheduler are discarded.
 */
public final class RetryingExecutor implements Executor {

    /**
     * Delay before rejected tasks are submitted again. This delay is short compared with a polling interval, but long
     * enough to keep the cost of retries low while no thread can be created.
     */
    static final Duration RETRY_DELAY = Duration.ofMillis(500);

    private static final Logger LOGGER = Logger.getLogger(RetryingExecutor.class.getName());

    private final Scheduler scheduler;
    private final Executor executor;
    private final Queue<RetriedTask> rejected = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean retryScheduled = new AtomicBoolean();
    private final AtomicBoolean warned = new AtomicBoolean();

    /**
     * Creates an executor.
     *
     * @param scheduler schedules the retries
     * @param executor runs the tasks; {@link Executor#execute} may throw an exception even after it has accepted the
     *     task
     */
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

    /** Submits the rejected tasks again. */
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
        } catch (RuntimeException | Error e) {
            // Catch Errors too: if no thread can be created, the pool throws an OutOfMemoryError.
            if (task.started.get()) {
                throw e; // the task ran in this thread and threw the exception itself
            }
            // Do not warn about a RejectedExecutionException, because pools also reject tasks while Jenkins shuts down.
            boolean rejected = e instanceof RejectedExecutionException;
            Level level = rejected || warned.getAndSet(true) ? Level.FINE : Level.WARNING;
            LOGGER.log(level, "No thread for a task; retrying in " + RETRY_DELAY.toMillis() + " ms", e);
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
        } catch (RuntimeException | Error e) { // The next rejected task schedules another retry.
            retryScheduled.set(false);
            LOGGER.log(Level.WARNING, "Could not schedule a retry", e);
        }
    }

    /** Runs a task at most once, even if a pool throws an exception although it has queued the task. */
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
