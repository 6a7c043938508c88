/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.watch;

import io.jenkins.plugins.ams.service.Job;
import io.jenkins.plugins.ams.service.ServiceException;
import java.time.Duration;
import java.util.List;

/**
 * What ends a wait for lack of time: its deadline, and the time that an ended job's details may take.
 *
 * <p>Guarded by itself.
 */
final class WaitLimits {

    /**
     * Maximum time that a wait goes on beyond its deadline for its first poll after a restart. Ten thousand waits whose
     * service takes one job per request, four at once at 300 ms each, are polled once in 13 minutes; twice that leaves
     * room for a service that is busy meanwhile.
     */
    static final Duration MAX_FIRST_POLL = Duration.ofMinutes(30);

    /** Once a job has ended, that is the outcome: its details are retried for so long, however the service is. */
    static final Duration MAX_DETAILS = Duration.ofMinutes(3);

    /** Before any time of the timer. */
    private static final long NEVER = Long.MIN_VALUE;

    private final Timer timer;
    private final Watch watch;
    private final boolean resumed;
    private boolean deadlinePassed;
    private long endSeenAt = NEVER;
    private long detailsSentAt = NEVER;

    /** @param resumed whether the wait began before a restart */
    WaitLimits(Timer timer, Watch watch, boolean resumed) {
        this.timer = timer;
        this.watch = watch;
        this.resumed = resumed;
    }

    /**
     * The deadline has passed: now, or while Jenkins was down. After a restart the first complete poll decides: if it
     * sees that the job has ended, that was in time, and the details have a limit of their own.
     */
    void onDeadline() {
        Duration left = Duration.ZERO;
        synchronized (this) {
            if (resumed && (!watch.isPolled() || endSeenAt != NEVER)) {
                deadlinePassed = true;
                left = MAX_FIRST_POLL.minus(watch.waited());
            }
        }
        if (left.isNegative() || left.isZero()) {
            timeOut();
        } else {
            watch.after(left, this::timeOut);
        }
    }

    /** Whether the deadline passed before the first complete poll, so that this poll decides. */
    synchronized boolean isDeadlinePassed() {
        return deadlinePassed;
    }

    /** The service said that the job has ended; its details are still to be asked for. */
    synchronized void endSeen() {
        endSeenAt = timer.millis();
    }

    /** A request for the details of the ended job is sent. */
    synchronized void detailsSent() {
        if (detailsSentAt == NEVER) {
            detailsSentAt = timer.millis();
        }
    }

    /** How long the details of the ended job have been asked for; zero before the first request is sent. */
    synchronized Duration detailsAskedFor() {
        return detailsSentAt == NEVER ? Duration.ZERO : Duration.ofMillis(timer.millis() - detailsSentAt);
    }

    /**
     * Whether the job's end was seen, and the service does not tell the rest. To wait for other waits is no reason.
     *
     * @param paused whether nothing is sent to the service for a while
     */
    synchronized boolean isKeptFromDetails(boolean paused) {
        if (endSeenAt == NEVER) {
            return false;
        }
        Duration since =
                detailsSentAt == NEVER && paused ? Duration.ofMillis(timer.millis() - endSeenAt) : detailsAskedFor();
        return since.compareTo(MAX_DETAILS) >= 0;
    }

    /** Ends the wait for lack of time. A job whose end was seen has ended in time, whatever its details wait for. */
    void timeOut() {
        Job seen = watch.lastJob().orElse(null);
        if (seen == null || !seen.state().isTerminal()) {
            watch.end(new Outcome.TimedOut(seen));
            return;
        }
        Exception why = watch.fault()
                .orElseGet(() -> new ServiceException(
                        ServiceException.Kind.NO_ANSWER, 0, "the time limit passed first", null, null, null));
        watch.end(new Outcome.Ended(seen, watch.lastTasks(), List.of(), why));
    }
}
