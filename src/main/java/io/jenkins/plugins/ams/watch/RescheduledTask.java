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
    private Scheduler.ScheduledTask alarm;
    private long at = NEVER;

    /** @param task run on a thread of the watcher's */
    RescheduledTask(JobPoller watcher, Runnable task) {
        this.poller = watcher;
        this.task = task;
    }

    /** Sets the alarm to a time of the timer in milliseconds, or cancels it. */
    void set(long next, long now) {
        if (next == at) {
            return;
        }
        if (alarm != null) {
            alarm.cancel();
            alarm = null;
        }
        at = NEVER; // also if setting it fails
        if (next != NEVER) {
            alarm = poller.after(Duration.ofMillis(Math.max(0, next - now)), task);
            at = next;
        }
    }

    /** The task has been called, at this time: an alarm that was due is not set any more. */
    void elapsed(long now) {
        if (at <= now) {
            alarm = null;
            at = NEVER;
        }
    }
}
