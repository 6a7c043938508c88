/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.MediaTask;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Reports the polls, errors, recoveries and the outcome of one wait to its listener. Nothing is reported after the
 * outcome or after the wait was canceled.
 *
 * <p>Thread-safe; guarded by its own lock. The listener is called without a lock; {@link Notifications} keeps the calls in order.
 */
final class WaitNotifier {

    private static final Logger LOGGER = Logger.getLogger(WaitNotifier.class.getName());

    private static final long NOT_FAILING = -1;

    private final JobPoller poller;
    private final JobWait wait;
    private final JobWaitListener listener;
    private final Notifications notifications;
    private AmsException error;
    private long failingSince = NOT_FAILING;
    private boolean rejectionReported;
    private boolean ended;

    WaitNotifier(JobPoller poller, JobWait wait, JobWaitListener listener) {
        this.poller = poller;
        this.wait = wait;
        this.listener = listener;
        this.notifications = new Notifications("the wait for " + wait.job(), poller.notifications());
    }

    /** Returns the error that is currently being retried, or null. */
    synchronized AmsException error() {
        return error;
    }

    /** Stops all reports. A call that is in progress is not interrupted. */
    synchronized void close() {
        ended = true;
        notifications.close();
    }

    synchronized void polled(MediaJob job, List<MediaTask> tasks, JobProgress progress) {
        post(Notifications.Kind.POLLED, () -> listener.onPolled(job, tasks, progress));
    }

    /** Records an error of the wait. The first of several consecutive errors is reported. */
    synchronized void failing(AmsException cause, Duration retryDelay) {
        failing(cause, poller.scheduler().millis(), retryDelay);
    }

    /**
     * Records an error that has affected other waits since a time in milliseconds of the scheduler's clock. The first
     * of several consecutive errors is reported.
     */
    synchronized void failing(AmsException cause, long since, Duration retryDelay) {
        error = cause;
        if (failingSince == NOT_FAILING) {
            failingSince = since;
            post(Notifications.Kind.ERROR, () -> listener.onError(cause, retryDelay));
        }
    }

    /**
     * Records an error that ends the wait unless it is resolved in time. The first of several consecutive errors of
     * this kind is reported, even after transient errors.
     *
     * @param retryPeriod the time until the error becomes final
     */
    synchronized void rejected(AmsException cause, Duration retryDelay, Duration retryPeriod) {
        error = cause;
        if (failingSince == NOT_FAILING) {
            failingSince = poller.scheduler().millis();
        }
        if (!rejectionReported) {
            rejectionReported = true;
            post(Notifications.Kind.ERROR, () -> listener.rejected(cause, retryDelay, retryPeriod));
        }
    }

    /** Records a complete poll, and reports the recovery if there was an error. */
    synchronized void recovered() {
        error = null;
        rejectionReported = false;
        if (failingSince != NOT_FAILING) {
            Duration after = failingFor();
            failingSince = NOT_FAILING;
            post(Notifications.Kind.RECOVERED, () -> listener.onRecovered(after));
        }
    }

    /** Reports that the wait continues, or cancels it if its outcome is no longer needed. */
    synchronized void waiting(Duration untilPoll) {
        AmsException cause = failingSince == NOT_FAILING ? null : error;
        Duration failingFor = cause == null ? Duration.ZERO : failingFor();
        post(Notifications.Kind.WAITING, () -> {
            if (listener.isAbandoned()) {
                LOGGER.log(
                        Level.INFO, "Canceling the wait for {0}: its build has ended without canceling it", wait.job());
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
                // Waits resume after the restart. Errors during the shutdown are not reported.
                if (!poller.isShutDown()) {
                    call.run();
                }
            });
        }
    }
}
