/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Checks all waits and queues once a minute while there is at least one wait.
 *
 * <p>Each wait reports that it is still waiting, and each queue recovers from lost tasks and responses. A single
 * scheduled task serves all waits. The task is rescheduled on the scheduler's own thread before the checks run. Errors
 * on poller threads therefore cannot stop the heartbeat.
 */
final class Heartbeat {

    static final Duration INTERVAL = Duration.ofMinutes(1);

    private static final Logger LOGGER = Logger.getLogger(Heartbeat.class.getName());

    private final JobPoller poller;
    private Scheduler.ScheduledTask scheduled;

    /**
     * Incremented when no waits are left. A heartbeat that was scheduled with an earlier generation is ignored, even if
     * another wait has begun in the meantime.
     */
    private long generation;

    /** Whether a heartbeat is being processed. Heartbeats that occur in the meantime are skipped. */
    private boolean running;

    Heartbeat(JobPoller poller) {
        this.poller = poller;
    }

    /** Starts the heartbeat if there are waits; otherwise, stops it. Called when a wait has begun or ended. */
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
            } catch (RuntimeException | Error e) { // adjust() is called again after the checks
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
