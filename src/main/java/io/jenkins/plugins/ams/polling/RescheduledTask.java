/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import java.time.Duration;

/**
 * A task that can be rescheduled. Setting a new time replaces the previous time.
 *
 * <p>Guarded by its owner's lock. The task itself is called without that lock.
 */
final class RescheduledTask {

    /** The time of a task that is not scheduled. */
    static final long NEVER = Long.MAX_VALUE;

    private final JobPoller poller;
    private final Runnable task;
    private Scheduler.ScheduledTask scheduled;
    private long time = NEVER;

    /** @param task called on a poller thread */
    RescheduledTask(JobPoller poller, Runnable task) {
        this.poller = poller;
        this.task = task;
    }

    /**
     * Schedules the task for the given time in milliseconds on the scheduler's clock, or cancels it if the time is
     * {@link #NEVER}.
     */
    void set(long next, long now) {
        if (next == time && time > now) {
            return;
        }
        if (scheduled != null) {
            scheduled.cancel();
            scheduled = null;
        }
        time = NEVER; // in case scheduling fails
        if (next != NEVER) {
            scheduled = poller.after(Duration.ofMillis(Math.max(0, next - now)), task);
            time = next;
        }
    }
}
