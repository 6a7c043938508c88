/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.watch;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** The timer of a running plugin: the system's monotonic clock and one thread of an executor. */
public final class ScheduledTimer implements Timer {

    private final ScheduledExecutorService executor;

    /** @param executor stays the caller's, who shuts it down */
    public ScheduledTimer(ScheduledExecutorService executor) {
        this.executor = executor;
    }

    @Override
    public long millis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    @Override
    public Alarm after(Duration delay, Runnable task) {
        ScheduledFuture<?> scheduled = executor.schedule(task, Math.max(0, delay.toMillis()), TimeUnit.MILLISECONDS);
        return () -> scheduled.cancel(false);
    }
}
