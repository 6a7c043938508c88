/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.watch;

import io.jenkins.plugins.ams.auth.AuthenticationException;
import io.jenkins.plugins.ams.service.ServiceException;
import java.time.Duration;
import java.util.Set;

/**
 * What the responses of a connection are evidence of: whether its service exists, whether it takes the credentials, and
 * what is wrong with it at the moment.
 *
 * <p>Guarded by its connection.
 */
final class ServiceHealth {

    /** Before any time of the timer. */
    private static final long NEVER = Long.MIN_VALUE;

    private final Object account;

    /** Accounts whose service has responded; shared with other connections, and safe for use by several threads. */
    private final Set<Object> responsive;

    /** Rejections that concern all requests, such as those of the token. */
    private final RejectionPeriod rejections = new RejectionPeriod();

    private boolean succeeded;
    private long unreachableSince = NEVER;
    private Exception networkError;
    private int errors;
    private Exception lastError;
    private long failingSince;

    /** @param responsive accounts whose service has responded to any wait */
    ServiceHealth(Object account, Set<Object> responsive) {
        this.account = account;
        this.responsive = responsive;
    }

    /** A request succeeded. */
    void onSuccess() {
        succeeded = true;
        errors = 0;
        lastError = null;
        rejections.reset();
        responsive.add(account);
    }

    /** A request failed, whatever that means for those who sent it. */
    void onFailure(Exception error, long now) {
        if (RetryPolicy.isNetworkError(error)) {
            networkError = error;
            if (unreachableSince == NEVER) {
                unreachableSince = now;
            }
        } else if (error instanceof ServiceException) {
            responsive.add(account);
        } else if (error instanceof AuthenticationException) {
            unreachableSince = NEVER; // the authority has responded, which says nothing about the service
        }
    }

    /** An error concerns the whole connection, and is not one that others have reported at the same time. */
    void onSharedError(Exception error, long now) {
        if (errors++ == 0) {
            failingSince = now;
        }
        lastError = error;
        if (RetryPolicy.isTransient(error)) {
            rejections.interrupt();
        } else {
            rejections.add(now);
        }
    }

    /** How many errors concerned the whole connection since the last success. */
    int errors() {
        return errors;
    }

    /** The last of them; null if there are none. */
    Exception lastError() {
        return lastError;
    }

    /** When the first of them came, in milliseconds of the timer. */
    long failingSince() {
        return failingSince;
    }

    /** How long they have been rejections. */
    Duration rejectedFor() {
        return rejections.duration();
    }

    /** Whether the service has taken the credentials of this connection. */
    boolean hasSucceeded() {
        return succeeded;
    }

    /** How long nothing but network errors has come, from a service that has never responded; otherwise zero. */
    Duration unreachableFor(long now) {
        return unreachableSince == NEVER || responsive.contains(account)
                ? Duration.ZERO
                : Duration.ofMillis(now - unreachableSince);
    }

    /** The last network error; null if there was none. */
    Exception networkError() {
        return networkError;
    }
}
