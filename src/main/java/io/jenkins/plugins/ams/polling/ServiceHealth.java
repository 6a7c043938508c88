/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.ams.http.AmsException;
import java.time.Duration;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Tracks the health of an account's service, based on its responses. This includes whether the service exists, whether
 * it accepts the credentials, which error currently affects all requests, and how long requests are held back after the
 * error.
 *
 * <p>Thread-safe; guarded by its own lock, which may be acquired while holding the lock of its {@link AccountQueue}.
 */
final class ServiceHealth {

    /**
     * Maximum number of consecutive network errors that delay only the affected wait. Further network errors delay all
     * waits.
     */
    private static final int MAX_ISOLATED_ERRORS = 2;

    /** A value that is earlier than any time on the scheduler's clock. */
    private static final long NEVER = Long.MIN_VALUE;

    private final Object account;
    private final Scheduler scheduler;

    /** The accounts whose service has responded at least once. All queues share this thread-safe set. */
    private final Set<Object> responsive;

    /** Rejections that affect all requests, such as rejected tokens. */
    private final RejectionPeriod rejections = new RejectionPeriod();

    private boolean succeeded;
    private long unreachableSince = NEVER;
    private AmsException networkError;

    /** Number of errors since the last success, counting only errors that affect all requests. */
    private int errors;

    private AmsException lastError;
    private long failingSince;
    private long backoffUntil;

    /** @param responsive a thread-safe set of the accounts whose service has responded at least once */
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
            unreachableSince = NEVER; // The token authority responded, so the network is available.
        }
    }

    /**
     * Records an error after which a wait or a cancellation is retried.
     *
     * @param errorsOfWait the number of consecutive errors of this wait or cancellation, including this error
     * @return the retry delay for this wait or cancellation
     */
    synchronized Duration onError(AmsException error, int errorsOfWait, RandomGenerator random) {
        if (!error.concernsAccount()) {
            return RetryPolicy.retryDelay(error, errorsOfWait, random);
        }
        if (!isBackingOff()) {
            // If several requests in flight fail for the same reason, count only the first failure.
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
        // This wait must back off even if other waits' requests succeed.
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

    /** Returns the time until which requests are held back, in milliseconds on the scheduler's clock. */
    synchronized long backoffUntil() {
        return backoffUntil;
    }

    /**
     * Returns the last error that affects all requests, or null if there has been no such error since the last success.
     */
    @CheckForNull
    synchronized AmsException lastError() {
        return lastError;
    }

    /**
     * Returns the time of the first error since the last success, counting only errors that affect all requests. The
     * time is in milliseconds on the scheduler's clock.
     */
    synchronized long failingSince() {
        return failingSince;
    }

    /** Returns the duration of the current series of rejections that affect all requests. */
    synchronized Duration rejectedFor() {
        return rejections.duration();
    }

    /** Returns whether the service has accepted the credentials. */
    synchronized boolean hasSucceeded() {
        return succeeded;
    }

    /**
     * Returns the time since the first of the consecutive network errors. Returns zero if there is no network error, or
     * if the service has ever responded.
     */
    synchronized Duration unreachableFor() {
        return unreachableSince == NEVER || responsive.contains(account)
                ? Duration.ZERO
                : Duration.ofMillis(scheduler.millis() - unreachableSince);
    }

    /** Returns the last network error, or null if there has been no network error. */
    synchronized AmsException networkError() {
        return networkError;
    }
}
