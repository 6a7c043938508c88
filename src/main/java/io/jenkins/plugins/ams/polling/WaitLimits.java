/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.ServiceException;
import java.time.Duration;
import java.util.List;

/**
 * Enforces the time limits of a wait: its deadline, and the time to get the details of an ended job.
 *
 * <p>Thread-safe; guarded by its own lock.
 */
final class WaitLimits {

    /**
     * Maximum time after a restart for the first poll of a wait whose deadline has passed.
     *
     * <p>Polling ten thousand waits once takes 13 minutes if the service accepts one job per request, with 4 concurrent
     * requests of 300 ms. Twice that leaves headroom for throttling.
     */
    static final Duration FIRST_POLL_TIMEOUT = Duration.ofMinutes(30);

    /** Maximum time to retry requests for details of an ended job, whose state is final. */
    static final Duration DETAILS_TIMEOUT = Duration.ofMinutes(3);

    /** Earlier than any time of the scheduler's clock. */
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
     * Called when the deadline passes, or has passed while Jenkins was down. After a restart the first complete poll
     * decides: if it finds that the job has ended, the job ended in time, and its details have a limit of their own.
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

    /** Returns whether the deadline passed before the first complete poll, which then decides. */
    synchronized boolean isDeadlinePassed() {
        return deadlinePassed;
    }

    /** Called when a poll finds that the job has ended, before its details are requested. */
    synchronized void onEndSeen() {
        endSeenAt = scheduler.millis();
    }

    /** Called when a request for the details of the ended job is sent. */
    synchronized void onDetailsSent() {
        if (detailsSentAt == NEVER) {
            detailsSentAt = scheduler.millis();
        }
    }

    /** Returns the time since details of the ended job were first requested, or zero before that. */
    synchronized Duration detailsWait() {
        return detailsSentAt == NEVER ? Duration.ZERO : Duration.ofMillis(scheduler.millis() - detailsSentAt);
    }

    /**
     * Returns whether the details of an ended job are overdue. Time in the queue behind other waits does not count.
     *
     * @param backingOff whether requests are held back after an error or because of throttling
     */
    synchronized boolean isOverdue(boolean backingOff) {
        if (endSeenAt == NEVER) {
            return false;
        }
        Duration waiting = detailsSentAt == NEVER && backingOff
                ? Duration.ofMillis(scheduler.millis() - endSeenAt)
                : detailsWait();
        return waiting.compareTo(DETAILS_TIMEOUT) >= 0;
    }

    /**
     * Ends the wait because a limit has passed. If the job is known to have ended, that is the outcome, even without
     * its details.
     */
    void onTimeout() {
        MediaJob seen = wait.lastJob().orElse(null);
        if (seen == null || !seen.state().isTerminal()) {
            wait.end(new WaitOutcome.TimedOut(seen));
            return;
        }
        AmsException error =
                wait.error().orElseGet(() -> ServiceException.noResponse("no response within the time limit"));
        wait.end(new WaitOutcome.Completed(seen, wait.lastTasks(), List.of(), error));
    }
}
