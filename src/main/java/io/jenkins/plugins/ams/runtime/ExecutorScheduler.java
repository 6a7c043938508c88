/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.runtime;

import io.jenkins.plugins.ams.polling.Scheduler;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Schedules tasks on an executor, using the system's monotonic clock. */
@Restricted(NoExternalUse.class)
public final class ExecutorScheduler implements Scheduler {

    private static final Logger LOGGER = Logger.getLogger(ExecutorScheduler.class.getName());

    private final ScheduledExecutorService executor;

    /**
     * Creates a scheduler and starts the executor's core thread in advance. Otherwise, the thread would be created only
     * when the first task is scheduled. If the operating system could not create a thread at that time, no wait could
     * begin.
     *
     * @param executor runs the scheduled tasks. The caller must shut down the executor; tasks that are scheduled after
     *     the shutdown are ignored
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
            LOGGER.log(Level.FINE, "Ignored a task because the scheduler is shut down", e);
            return () -> {};
        }
    }
}
