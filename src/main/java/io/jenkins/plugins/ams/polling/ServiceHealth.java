/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import io.jenkins.plugins.ams.http.AmsException;
import java.time.Duration;
import java.util.Set;

/**
 * Tracks what the responses to an account's requests show: whether the service exists, whether it accepts the
 * credentials, and which error affects it at present.
 *
 * <p>Guarded by the lock of its {@link AccountQueue}.
 */
final class ServiceHealth {

    /** Earlier than any time of the scheduler's clock. */
    private static final long NEVER = Long.MIN_VALUE;

    private final Object account;

    /** The accounts whose service has responded. A thread-safe set that all queues share. */
    private final Set<Object> responsive;

    /** Rejections that affect all requests, such as those of the token. */
    private final RejectionPeriod rejections = new RejectionPeriod();

    private boolean succeeded;
    private long unreachableSince = NEVER;
    private AmsException networkError;
    private int errors;
    private AmsException lastError;
    private long failingSince;

    /** @param responsive the accounts whose service has responded to any wait */
    ServiceHealth(Object account, Set<Object> responsive) {
        this.account = account;
        this.responsive = responsive;
    }

    /** Records a successful request. */
    void onSuccess() {
        succeeded = true;
        errors = 0;
        lastError = null;
        rejections.reset();
        responsive.add(account);
    }

    /** Records a failed request. */
    void onFailure(AmsException error, long now) {
        if (error.isNetworkError()) {
            networkError = error;
            if (unreachableSince == NEVER) {
                unreachableSince = now;
            }
        } else if (error.isFromService()) {
            responsive.add(account);
        } else if (error.concernsCredentials()) {
            unreachableSince = NEVER; // The authority has responded, which shows nothing about the service.
        }
    }

    /** Records an error that affects all requests, once for several requests that failed at the same time. */
    void onSharedError(AmsException error, long now) {
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

    /** Returns the number of recorded errors that affect all requests since the last success. */
    int errors() {
        return errors;
    }

    /** Returns the last error that affects all requests, or null if there was none since the last success. */
    AmsException lastError() {
        return lastError;
    }

    /** Returns the time of the first error since the last success, in milliseconds of the scheduler's clock. */
    long failingSince() {
        return failingSince;
    }

    /** Returns how long all requests have been rejected. */
    Duration rejectedFor() {
        return rejections.duration();
    }

    /** Returns whether the service has accepted the credentials. */
    boolean hasSucceeded() {
        return succeeded;
    }

    /** Returns how long there have been only network errors, or zero if the service has responded before. */
    Duration unreachableFor(long now) {
        return unreachableSince == NEVER || responsive.contains(account)
                ? Duration.ZERO
                : Duration.ofMillis(now - unreachableSince);
    }

    /** Returns the last network error, or null if there was none. */
    AmsException networkError() {
        return networkError;
    }
}
