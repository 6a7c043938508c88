/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.watch;

import java.time.Duration;

/**
 * Time as the poller needs it: one that only goes forward, so that a clock that is put back stalls no wait, and a way
 * to be woken. Tests have one that they move by hand.
 */
public interface Scheduler {

    /** Milliseconds since some moment that stays the same while the process lives; never goes back. */
    long millis();

    /**
     * Runs a task once. The task is short: it hands work on. After the end of the timer nothing is run, without an error.
     *
     * @param delay from now; zero or less means as soon as possible
     */
    ScheduledTask schedule(Duration delay, Runnable task);

    /** A task that was scheduled. */
    interface ScheduledTask {
        /** Keeps the task from running if it has not started; otherwise does nothing. */
        void cancel();
    }
}
