/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.soak;

import io.jenkins.plugins.ams.polling.Scheduler;
import java.time.Duration;

/** Accelerates the time of another scheduler by a factor. */
final class AcceleratedScheduler implements Scheduler {

    private final Scheduler scheduler;
    private final int speedup;

    AcceleratedScheduler(Scheduler scheduler, int speedup) {
        this.scheduler = scheduler;
        this.speedup = speedup;
    }

    @Override
    public long millis() {
        return scheduler.millis() * speedup;
    }

    @Override
    public ScheduledTask schedule(Duration delay, Runnable task) {
        return scheduler.schedule(delay.dividedBy(speedup), task);
    }
}
