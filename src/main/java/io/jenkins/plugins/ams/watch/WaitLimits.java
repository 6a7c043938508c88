/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.watch;

import io.jenkins.plugins.ams.service.MediaJob;
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
    static final Duration FIRST_POLL_TIMEOUT = Duration.ofMinutes(30);

    /** Once a job has ended, that is the outcome: its details are retried for so long, however the service is. */
    static final Duration DETAILS_TIMEOUT = Duration.ofMinutes(3);

    /** Before any time of the timer. */
    private static final long NEVER = Long.MIN_VALUE;

    private final Scheduler scheduler;
    private final JobWait wait;
    private final boolean resumed;
    private boolean deadlinePassed;
    private long endSeenAt = NEVER;
    private long detailsSentAt = NEVER;

    /** @param resumed whether the wait began before a restart */
    WaitLimits(Scheduler scheduler, JobWait wait, boolean resumed) {
        this.scheduler = scheduler;
        this.wait = wait;
        this.resumed = resumed;
    }

    /**
     * The deadline has passed: now, or while Jenkins was down. After a restart the first complete poll decides: if it
     * sees that the job has ended, that was in time, and the details have a limit of their own.
     */
    void onDeadline() {
        Duration remaining = Duration.ZERO;
        synchronized (this) {
            if (resumed && (!wait.isPolled() || endSeenAt != NEVER)) {
                deadlinePassed = true;
                remaining = FIRST_POLL_TIMEOUT.minus(wait.waited());
            }
        }
        if (remaining.isNegative() || remaining.isZero()) {
            onTimeout();
        } else {
            wait.after(remaining, this::onTimeout);
        }
    }

    /** Whether the deadline passed before the first complete poll, so that this poll decides. */
    synchronized boolean isDeadlinePassed() {
        return deadlinePassed;
    }

    /** The service said that the job has ended; its details are still to be asked for. */
    synchronized void onEndSeen() {
        endSeenAt = scheduler.millis();
    }

    /** A request for the details of the ended job is sent. */
    synchronized void onDetailsSent() {
        if (detailsSentAt == NEVER) {
            detailsSentAt = scheduler.millis();
        }
    }

    /** How long the details of the ended job have been asked for; zero before the first request is sent. */
    synchronized Duration detailsWait() {
        return detailsSentAt == NEVER ? Duration.ZERO : Duration.ofMillis(scheduler.millis() - detailsSentAt);
    }

    /**
     * Whether the job's end was seen, and the service does not tell the rest. To wait for other waits is no reason.
     *
     * @param backingOff whether nothing is sent to the service for a while
     */
    synchronized boolean isOverdue(boolean backingOff) {
        if (endSeenAt == NEVER) {
            return false;
        }
        Duration waiting =
                detailsSentAt == NEVER && backingOff ? Duration.ofMillis(scheduler.millis() - endSeenAt) : detailsWait();
        return waiting.compareTo(DETAILS_TIMEOUT) >= 0;
    }

    /** Ends the wait for lack of time. A job whose end was seen has ended in time, whatever its details wait for. */
    void onTimeout() {
        MediaJob seen = wait.lastJob().orElse(null);
        if (seen == null || !seen.state().isTerminal()) {
            wait.end(new WaitOutcome.TimedOut(seen));
            return;
        }
        Exception error = wait.error()
                .orElseGet(() -> new ServiceException(
                        ServiceException.Kind.NO_RESPONSE, 0, "the time limit passed first", null, null, null));
        wait.end(new WaitOutcome.Completed(seen, wait.lastTasks(), List.of(), error));
    }
}
