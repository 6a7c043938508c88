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
 * poller ends it.
 */
final class Heartbeat {

    static final Duration INTERVAL = Duration.ofMinutes(1);

    private static final Logger LOGGER = Logger.getLogger(Heartbeat.class.getName());

    private final JobPoller poller;
    private Scheduler.ScheduledTask scheduled;

    /** A beat that was due when the last wait ended, and is heard when there are others, is not theirs. */
    private long generation;

    /** Beats must not pile up where there is no thread for them. */
    private boolean running;

    Heartbeat(JobPoller poller) {
        this.poller = poller;
    }

    /** To be called when a wait has begun or is over. */
    synchronized void adjust() {
        if (poller.size() == 0) {
            if (scheduled != null) {
                scheduled.cancel();
                scheduled = null;
                generation++;
            }
        } else if (scheduled == null) {
            long expected = generation;
            scheduled = poller.scheduler().schedule(INTERVAL, () -> elapsed(expected));
        }
    }

    private void elapsed(long expected) {
        synchronized (this) {
            if (expected != generation) {
                return;
            }
            scheduled = null;
            try {
                adjust();
            } catch (RuntimeException | Error e) { // the end of this beat tries again, as does the next wait
                LOGGER.log(Level.WARNING, "Could not schedule the next heartbeat", e);
            }
            if (running) {
                return;
            }
            running = true;
        }
        poller.execute(() -> run(expected));
    }

    private void run(long expected) {
        try {
            if (isOutdated(expected)) {
                return;
            }
            poller.queues().forEach(AccountQueue::wake);
            poller.waits().forEach(JobWait::onHeartbeat);
        } finally {
            synchronized (this) {
                running = false;
            }
            adjust();
        }
    }

    private synchronized boolean isOutdated(long expected) {
        return expected != generation;
    }
}
