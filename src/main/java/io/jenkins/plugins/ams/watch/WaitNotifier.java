/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.watch;

import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.MediaTask;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Reports one wait to its listener: what was polled, the beginning and the end of errors, the outcome. Nothing is
 * reported after the outcome, nor after the wait was cancelled.
 *
 * <p>Guarded by itself. The listener is called without any lock; {@link Notifications} keeps its calls in order.
 */
final class WaitNotifier {

    private static final Logger LOGGER = Logger.getLogger(WaitNotifier.class.getName());

    private static final long NOT_FAILING = -1;

    private final JobPoller poller;
    private final JobWait wait;
    private final JobWaitListener listener;
    private final Notifications notifications;
    private Exception error;
    private long failingSince = NOT_FAILING;
    private boolean rejectionReported;
    private boolean ended;

    WaitNotifier(JobPoller poller, JobWait wait, JobWaitListener listener) {
        this.poller = poller;
        this.wait = wait;
        this.listener = listener;
        this.notifications = new Notifications("the wait for " + wait.job(), poller.notifications());
    }

    /** The error that the wait retries after; null if there is none. */
    synchronized Exception error() {
        return error;
    }

    /** Nothing is reported from now on, but for a call that is under way. */
    synchronized void close() {
        ended = true;
        notifications.close();
    }

    synchronized void polled(MediaJob job, List<MediaTask> tasks, JobProgress progress) {
        post(Notifications.Kind.POLLED, () -> listener.onPolled(job, tasks, progress));
    }

    /** The wait met an error, which is reported if it is the first of a row. */
    synchronized void failing(Exception cause, Duration retryDelay) {
        failing(cause, poller.scheduler().millis(), retryDelay);
    }

    /** The same for an error that others met before, at a time of the timer in milliseconds. */
    synchronized void failing(Exception cause, long since, Duration retryDelay) {
        error = cause;
        if (failingSince == NOT_FAILING) {
            failingSince = since;
            post(Notifications.Kind.ERROR, () -> listener.onError(cause, retryDelay));
        }
    }

    /**
     * The wait met an error that ends it unless it passes. Reported if it is the first of a row, also amid other errors.
     *
     * @param patience how long it is retried
     */
    synchronized void rejected(Exception cause, Duration retryDelay, Duration retryPeriod) {
        error = cause;
        if (failingSince == NOT_FAILING) {
            failingSince = poller.scheduler().millis();
        }
        if (!rejectionReported) {
            rejectionReported = true;
            post(Notifications.Kind.ERROR, () -> listener.rejected(cause, retryDelay, retryPeriod));
        }
    }

    /** A poll is complete: errors, if there were any, are past. */
    synchronized void recovered() {
        error = null;
        rejectionReported = false;
        if (failingSince != NOT_FAILING) {
            Duration after = failingFor();
            failingSince = NOT_FAILING;
            post(Notifications.Kind.RECOVERED, () -> listener.onRecovered(after));
        }
    }

    /** The wait continues. Cancels it if nobody waits for its outcome any more. */
    synchronized void waiting(Duration untilPoll) {
        Exception cause = failingSince == NOT_FAILING ? null : error;
        Duration failingFor = cause == null ? Duration.ZERO : failingFor();
        post(Notifications.Kind.WAITING, () -> {
            if (listener.isAbandoned()) {
                LOGGER.log(Level.INFO, "Nobody waits for {0} any more, though its wait was not cancelled", wait.job());
                wait.cancel();
                listener.onAbandoned();
            } else {
                listener.onHeartbeat(cause, failingFor, untilPoll);
            }
        });
    }

    synchronized void ended(WaitOutcome outcome) {
        post(Notifications.Kind.ENDED, () -> listener.onEnded(outcome));
        ended = true;
    }

    private Duration failingFor() {
        return Duration.ofMillis(poller.scheduler().millis() - failingSince);
    }

    private void post(Notifications.Kind kind, Runnable call) {
        if (!ended) {
            notifications.post(kind, () -> {
                if (!poller
                        .isShutDown()) { // waits go on after a restart, and what fails meanwhile says nothing of them
                    call.run();
                }
            });
        }
    }
}
