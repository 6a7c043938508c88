/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.soak;

import io.jenkins.plugins.ams.watch.Timer;
import java.time.Duration;

/** Another timer's time, some times as fast. */
final class HastyTimer implements Timer {

    private final Timer timer;
    private final int haste;

    HastyTimer(Timer timer, int haste) {
        this.timer = timer;
        this.haste = haste;
    }

    @Override
    public long millis() {
        return timer.millis() * haste;
    }

    @Override
    public Alarm after(Duration delay, Runnable task) {
        return timer.after(delay.dividedBy(haste), task);
    }
}
