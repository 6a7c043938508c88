/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import java.time.Duration;

/**
 * Provides a monotonic clock and schedules tasks. A change of the system clock does not delay a wait. Tests use an
 * implementation that they advance manually.
 */
public interface Scheduler {

    /** Returns the milliseconds since a fixed but arbitrary time. The value never decreases. */
    long millis();

    /**
     * Runs a task once after a delay. The task must be short and submit longer work to another thread. After the
     * scheduler is shut down, tasks are silently ignored.
     *
     * @param delay the time until the task runs; zero or less means as soon as possible
     */
    ScheduledTask schedule(Duration delay, Runnable task);

    /** A scheduled task. */
    interface ScheduledTask {
        /** Cancels the task. Has no effect if it has started. */
        void cancel();
    }
}
