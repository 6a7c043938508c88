/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import java.time.Duration;

/**
 * Provides a monotonic clock and schedules tasks. Because the clock is monotonic, changes to the system clock do not
 * delay waits. Tests use an implementation whose clock they advance manually.
 */
public interface Scheduler {

    /** Returns the milliseconds since an arbitrary but fixed time. The value never decreases. */
    long millis();

    /**
     * Runs a task once after a delay. The task must be short and must submit longer work to another thread. After the
     * scheduler has been shut down, new tasks are silently ignored.
     *
     * @param delay the time until the task runs; zero or less means as soon as possible
     */
    ScheduledTask schedule(Duration delay, Runnable task);

    /** A scheduled task that can be canceled. */
    interface ScheduledTask {
        /** Cancels the task. Has no effect if the task has already started. */
        void cancel();
    }
}
