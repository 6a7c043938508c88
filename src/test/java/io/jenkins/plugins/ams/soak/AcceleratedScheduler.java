/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.soak;

import io.jenkins.plugins.ams.watch.Scheduler;
import java.time.Duration;

/** Another timer's time, some times as fast. */
final class AcceleratedScheduler implements Scheduler {

    private final Scheduler scheduler;
    private final int speedup;

    AcceleratedScheduler(Scheduler timer, int haste) {
        this.scheduler = timer;
        this.speedup = haste;
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
