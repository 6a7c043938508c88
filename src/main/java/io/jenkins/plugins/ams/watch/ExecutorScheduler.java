/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.watch;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The timer of a running plugin: the system's monotonic clock and one thread of an executor. */
public final class ExecutorScheduler implements Scheduler {

    private static final Logger LOGGER = Logger.getLogger(ExecutorScheduler.class.getName());

    private final ScheduledExecutorService executor;

    /**
     * Starts the thread of a pool: when it is needed first, the operating system may have none to give, and a wait without
     * a timer cannot begin.
     *
     * @param executor stays the caller's, who shuts it down; what is planned after that is dropped
     */
    public ExecutorScheduler(ScheduledExecutorService executor) {
        this.executor = executor;
        if (executor instanceof ThreadPoolExecutor pool) {
            pool.prestartCoreThread();
        }
    }

    @Override
    public long millis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    @Override
    public ScheduledTask schedule(Duration delay, Runnable task) {
        try {
            ScheduledFuture<?> scheduled =
                    executor.schedule(task, Math.max(0, delay.toMillis()), TimeUnit.MILLISECONDS);
            return () -> scheduled.cancel(false);
        } catch (RejectedExecutionException e) {
            LOGGER.log(Level.FINE, "Dropped as the scheduler is being shut down", e);
            return () -> {};
        }
    }
}
