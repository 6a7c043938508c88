/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.watch;

import io.jenkins.plugins.ams.auth.AuthenticationException;
import io.jenkins.plugins.ams.service.ServiceException;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * What a fault means for the waits that meet it. Transient faults are ridden through for as long as the wait lasts: a
 * build never fails because the service was busy.
 */
public final class RetryPolicy {

    /** After the first fault. The service's documentation asks for exponential back-off on 503. */
    private static final Duration BACKOFF_INITIAL = Duration.ofSeconds(2);

    /** However long a fault lasts; a recovery is seen within this time. */
    private static final Duration BACKOFF_MAX = Duration.ofMinutes(2);

    /**
     * Minimum time that a rejection is retried for a wait that has seen its job, or with credentials that have worked.
     * Azure documents that a change of a role takes up to 10 minutes to be effective everywhere.
     */
    static final Duration MIN_REJECTION_PERIOD = Duration.ofMinutes(10);

    /** Maximum of the same: whoever has to renew a secret is rarely faster, and nobody waits for longer unknowingly. */
    static final Duration MAX_REJECTION_PERIOD = Duration.ofHours(1);

    /** In between, a rejection is retried for this fraction of the job's age: what was long in the making is dear. */
    private static final int REJECTION_PERIOD_FRACTION = 4;

    /**
     * A wait ends after this time if its service has never responded to any wait. Longer than a controller needs after
     * its start until network, DNS and VPN are up; short enough for somebody who mistyped an address to be still there.
     */
    static final Duration MAX_UNREACHABLE = Duration.ofMinutes(5);

    private RetryPolicy() {}

    /** Whether the same request may well succeed later. */
    public static boolean isTransient(Throwable fault) {
        if (fault instanceof ServiceException service) {
            return service.isTransient();
        }
        return fault instanceof AuthenticationException authentication && authentication.isTransient()
                || isOfController(fault);
    }

    /**
     * Whether the controller lacks a thread or memory: an {@link OutOfMemoryError} or a full thread pool. Neither the
     * service nor the network has anything to do with it.
     */
    public static boolean isOfController(Throwable fault) {
        return isCausedBy(fault, OutOfMemoryError.class) || isCausedBy(fault, RejectedExecutionException.class);
    }

    /**
     * Whether the service or the authority rejects a request: in words of its own, as far as its client can tell. Other
     * errors that are not transient are defects, or say that Jenkins is not configured for the wait.
     */
    static boolean isRejection(Throwable fault) {
        return (fault instanceof ServiceException || fault instanceof AuthenticationException) && !isTransient(fault);
    }

    /** How long a rejection is retried for a job of this age, before it is final. */
    static Duration rejectionPeriod(Duration age) {
        Duration share = age.dividedBy(REJECTION_PERIOD_FRACTION);
        if (share.compareTo(MIN_REJECTION_PERIOD) < 0) {
            return MIN_REJECTION_PERIOD;
        }
        return share.compareTo(MAX_REJECTION_PERIOD) > 0 ? MAX_REJECTION_PERIOD : share;
    }

    /**
     * Whether neither the service nor, where it is asked first, the authority was reached: no response, or one of
     * something in front of the service.
     */
    static boolean isNetworkError(Throwable fault) {
        if (fault instanceof ServiceException service) {
            return !service.isFromService();
        }
        return fault instanceof AuthenticationException authentication
                && authentication.isTransient()
                && isCausedBy(authentication.getCause(), IOException.class);
    }

    /** Whether other credentials could help: they may have been replaced in Jenkins since the wait looked them up. */
    static boolean concernsCredentials(Throwable fault) {
        if (fault instanceof ServiceException service) {
            return service.kind() == ServiceException.Kind.UNAUTHORIZED
                    || service.kind() == ServiceException.Kind.FORBIDDEN;
        }
        return fault instanceof AuthenticationException;
    }

    /**
     * Whether an error concerns everything that is asked over the connection (a service that is busy, a network,
     * a gateway or an authority that is down, a token that is rejected), and not perhaps this one job alone (an internal
     * error, an answer that cannot be read, a permission).
     */
    static boolean concernsService(Throwable fault) {
        if (fault instanceof ServiceException service) {
            return service.kind() == ServiceException.Kind.NO_RESPONSE
                    || service.kind() == ServiceException.Kind.UNAUTHORIZED
                    || service.status() == 429
                    || service.status() == 502
                    || service.status() == 503
                    || service.status() == 504
                    || service.retryAfter().isPresent();
        }
        return fault instanceof AuthenticationException || isOfController(fault);
    }

    /**
     * Whether a fault that concerns the connection may yet have struck one request alone, as a reset does. Who says how
     * long he wants to be left alone means everybody.
     */
    static boolean mayBeIsolated(Throwable fault) {
        if (isOfController(fault)) {
            return true;
        }
        return fault instanceof ServiceException service
                && service.retryAfter().isEmpty()
                && (service.kind() == ServiceException.Kind.NO_RESPONSE
                        || service.status() == 502
                        || service.status() == 504);
    }

    /**
     * How long to leave the service alone. What it asks for wins over everything, but for
     * "at once", which would be a loop.
     *
     * @param faults how many there were in a row, this one included
     */
    static Duration retryDelay(Throwable fault, int faults, RandomGenerator random) {
        Optional<Duration> asked = Optional.empty();
        if (fault instanceof ServiceException service) {
            asked = service.retryAfter();
        } else if (fault instanceof AuthenticationException authentication) {
            asked = authentication.retryAfter();
        }
        return asked.filter(pause -> !pause.isZero()).orElseGet(() -> backOff(faults, random));
    }

    private static boolean isCausedBy(Throwable fault, Class<? extends Throwable> type) {
        return Stream.iterate(fault, Objects::nonNull, Throwable::getCause).anyMatch(type::isInstance);
    }

    private static Duration backOff(int faults, RandomGenerator random) {
        int doublings = Math.min(Math.max(faults, 1) - 1, 10);
        long full = Math.min(BACKOFF_INITIAL.toMillis() << doublings, BACKOFF_MAX.toMillis());
        // between half and all of it, so that those that were refused together do not come back together
        return Duration.ofMillis(full / 2 + random.nextLong(full / 2 + 1));
    }
}
