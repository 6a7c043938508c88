/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.watch;

import java.time.Duration;

/**
 * An alarm that is moved about: at most one is set at a time.
 *
 * <p>Guarded by its owner, which the task may be called without.
 */
final class RescheduledTask {

    /** The time of an alarm that is not set. */
    static final long NEVER = Long.MAX_VALUE;

    private final JobPoller poller;
    private final Runnable task;
    private Scheduler.ScheduledTask scheduled;
    private long time = NEVER;

    /** @param task run on a thread of the poller's */
    RescheduledTask(JobPoller poller, Runnable task) {
        this.poller = poller;
        this.task = task;
    }

    /** Sets the alarm to a time of the timer in milliseconds, or cancels it. */
    void set(long next, long now) {
        if (next == time) {
            return;
        }
        if (scheduled != null) {
            scheduled.cancel();
            scheduled = null;
        }
        time = NEVER; // also if setting it fails
        if (next != NEVER) {
            scheduled = poller.after(Duration.ofMillis(Math.max(0, next - now)), task);
            time = next;
        }
    }

    /** The task has been called, at this time: an alarm that was due is not set any more. */
    void elapsed(long now) {
        if (time <= now) {
            scheduled = null;
            time = NEVER;
        }
    }
}
