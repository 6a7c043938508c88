/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.watch;

import java.time.Duration;

/**
 * Comes by every wait once a minute, so that those that nothing happens to can say that they live. One alarm serves all
 * waits, and there is none while there is no wait.
 */
final class Heartbeat {

    static final Duration INTERVAL = Duration.ofMinutes(1);

    private final JobWatcher watcher;
    private Timer.Alarm alarm;

    /** A beat that was due when the last wait ended, and is heard when there are others, is not theirs. */
    private long row;

    Heartbeat(JobWatcher watcher) {
        this.watcher = watcher;
    }

    /** To be called when a wait has begun or is over. */
    synchronized void adjust() {
        if (watcher.size() == 0) {
            if (alarm != null) {
                alarm.cancel();
                alarm = null;
                row++;
            }
        } else if (alarm == null) {
            long mine = row;
            alarm = watcher.after(INTERVAL, () -> beat(mine));
        }
    }

    private void beat(long mine) {
        if (isPast(mine)) {
            return;
        }
        try {
            watcher.watches().forEach(Watch::beat);
        } finally {
            next(mine);
        }
    }

    private synchronized boolean isPast(long mine) {
        return mine != row;
    }

    /** Only now: where consoles are slow to write to, beats must not pile up. */
    private synchronized void next(long mine) {
        if (mine == row) {
            alarm = null;
            adjust();
        }
    }
}
