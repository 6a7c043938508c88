/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import io.jenkins.plugins.ams.http.AmsException;
import java.time.Duration;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Tracks what the responses to an account's requests show: whether the service exists, whether it accepts the
 * credentials, which error affects it at present, and how long requests are held back after it.
 *
 * <p>Thread-safe; guarded by its own lock, which is acquired while that of its {@link AccountQueue} is held.
 */
final class ServiceHealth {

    /** Maximum number of consecutive network errors that are retried for the affected wait only. */
    private static final int MAX_ISOLATED_ERRORS = 2;

    /** Earlier than any time of the scheduler's clock. */
    private static final long NEVER = Long.MIN_VALUE;

    private final Object account;
    private final Scheduler scheduler;

    /** The accounts whose service has responded. A thread-safe set that all queues share. */
    private final Set<Object> responsive;

    /** Rejections that affect all requests, such as those of the token. */
    private final RejectionPeriod rejections = new RejectionPeriod();

    private boolean succeeded;
    private long unreachableSince = NEVER;
    private AmsException networkError;

    /** Number of errors that affect all requests since the last success. */
    private int errors;

    private AmsException lastError;
    private long failingSince;
    private long backoffUntil;

    /**
     * @param responsive the accounts whose service has responded to any wait
     */
    ServiceHealth(Object account, Set<Object> responsive, Scheduler scheduler) {
        this.account = account;
        this.responsive = responsive;
        this.scheduler = scheduler;
        this.backoffUntil = scheduler.millis();
    }

    /** Records a successful request. */
    synchronized void onSuccess() {
        succeeded = true;
        errors = 0;
        lastError = null;
        rejections.reset();
        responsive.add(account);
    }

    /** Records a failed request. */
    synchronized void onFailure(AmsException error) {
        if (error.isNetworkError()) {
            networkError = error;
            if (unreachableSince == NEVER) {
                unreachableSince = scheduler.millis();
            }
        } else if (error.isFromService()) {
            responsive.add(account);
        } else if (error.concernsCredentials()) {
            unreachableSince = NEVER; // The authority has responded, which shows nothing about the service.
        }
    }

    /**
     * Records an error after which a wait is polled again.
     *
     * @param errorsOfWait the number of consecutive errors of this wait, including this one
     * @return the retry delay for this wait
     */
    synchronized Duration onError(AmsException error, int errorsOfWait, RandomGenerator random) {
        if (!error.concernsAccount()) {
            return RetryPolicy.retryDelay(error, errorsOfWait, random);
        }
        if (!isBackingOff()) {
            // Count only the first of several requests in flight that fail for the same reason.
            onSharedError(error);
        }
        if (error.mayBeIsolated() && errors <= MAX_ISOLATED_ERRORS) {
            return RetryPolicy.retryDelay(error, errorsOfWait, random);
        }
        long now = scheduler.millis();
        Duration sharedDelay = RetryPolicy.retryDelay(error, errors, random);
        backoffUntil = Math.max(backoffUntil, now + sharedDelay.toMillis());
        Duration untilRetry = Duration.ofMillis(backoffUntil - now);
        if (errorsOfWait <= errors) {
            return untilRetry;
        }
        // The successful requests of other waits must not keep this wait from backing off.
        Duration ownDelay = RetryPolicy.retryDelay(error, errorsOfWait, random);
        return ownDelay.compareTo(untilRetry) > 0 ? ownDelay : untilRetry;
    }

    private void onSharedError(AmsException error) {
        long now = scheduler.millis();
        if (errors++ == 0) {
            failingSince = now;
        }
        lastError = error;
        if (error.isTransient()) {
            rejections.interrupt();
        } else {
            rejections.add(now);
        }
    }

    /** Returns whether requests are held back after an error or because of throttling. */
    synchronized boolean isBackingOff() {
        return scheduler.millis() < backoffUntil;
    }

    /** Returns the time until which requests are held back, in milliseconds of the scheduler's clock. */
    synchronized long backoffUntil() {
        return backoffUntil;
    }

    /** Returns the last error that affects all requests, or null if there was none since the last success. */
    synchronized AmsException lastError() {
        return lastError;
    }

    /** Returns the time of the first error since the last success, in milliseconds of the scheduler's clock. */
    synchronized long failingSince() {
        return failingSince;
    }

    /** Returns how long all requests have been rejected. */
    synchronized Duration rejectedFor() {
        return rejections.duration();
    }

    /** Returns whether the service has accepted the credentials. */
    synchronized boolean hasSucceeded() {
        return succeeded;
    }

    /** Returns how long there have been only network errors, or zero if the service has responded before. */
    synchronized Duration unreachableFor() {
        return unreachableSince == NEVER || responsive.contains(account)
                ? Duration.ZERO
                : Duration.ofMillis(scheduler.millis() - unreachableSince);
    }

    /** Returns the last network error, or null if there was none. */
    synchronized AmsException networkError() {
        return networkError;
    }
}
