/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.watch;

import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Comes by every wait once a minute, so that those that nothing happens to can say that they live, and by every
 * connection, in case an alarm or a response got lost. One alarm serves all waits, and there is none while there is no
 * wait. It is set again before anything is done, and by the timer itself: nothing that happens to the threads of the
 * watcher ends it.
 */
final class Heartbeat {

    static final Duration INTERVAL = Duration.ofMinutes(1);

    private static final Logger LOGGER = Logger.getLogger(Heartbeat.class.getName());

    private final JobWatcher watcher;
    private Timer.Alarm alarm;

    /** A beat that was due when the last wait ended, and is heard when there are others, is not theirs. */
    private long row;

    /** Beats must not pile up where there is no thread for them. */
    private boolean beating;

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
            alarm = watcher.timer().after(INTERVAL, () -> elapsed(mine));
        }
    }

    private void elapsed(long mine) {
        synchronized (this) {
            if (mine != row) {
                return;
            }
            alarm = null;
            try {
                adjust();
            } catch (RuntimeException | Error e) { // the end of this beat tries again, as does the next wait
                LOGGER.log(Level.WARNING, "Could not schedule the next heartbeat", e);
            }
            if (beating) {
                return;
            }
            beating = true;
        }
        watcher.execute(() -> beat(mine));
    }

    private void beat(long mine) {
        try {
            if (isPast(mine)) {
                return;
            }
            watcher.connections().forEach(Connection::wake);
            watcher.watches().forEach(Watch::beat);
        } finally {
            synchronized (this) {
                beating = false;
            }
            adjust();
        }
    }

    private synchronized boolean isPast(long mine) {
        return mine != row;
    }
}
