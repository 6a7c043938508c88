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
 * What a error means for the waits that meet it. Transient errors are ridden through for as long as the wait lasts: a
 * build never fails because the service was busy.
 */
public final class RetryPolicy {

    /** After the first error. The service's documentation asks for exponential back-off on 503. */
    private static final Duration BACKOFF_INITIAL = Duration.ofSeconds(2);

    /** However long a error lasts; a recovery is seen within this time. */
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
    public static boolean isTransient(Throwable error) {
        if (error instanceof ServiceException service) {
            return service.isTransient();
        }
        return error instanceof AuthenticationException authentication && authentication.isTransient()
                || isOfController(error);
    }

    /**
     * Whether the controller lacks a thread or memory: an {@link OutOfMemoryError} or a full thread pool. Neither the
     * service nor the network has anything to do with it.
     */
    public static boolean isOfController(Throwable error) {
        return isCausedBy(error, OutOfMemoryError.class) || isCausedBy(error, RejectedExecutionException.class);
    }

    /**
     * Whether the service or the authority rejects a request: in words of its own, as far as its client can tell. Other
     * errors that are not transient are defects, or say that Jenkins is not configured for the wait.
     */
    static boolean isRejection(Throwable error) {
        return (error instanceof ServiceException || error instanceof AuthenticationException) && !isTransient(error);
    }

    /** How long a rejection is retried for a job of this age, before it is final. */
    static Duration rejectionPeriod(Duration age) {
        Duration period = age.dividedBy(REJECTION_PERIOD_FRACTION);
        if (period.compareTo(MIN_REJECTION_PERIOD) < 0) {
            return MIN_REJECTION_PERIOD;
        }
        return period.compareTo(MAX_REJECTION_PERIOD) > 0 ? MAX_REJECTION_PERIOD : period;
    }

    /**
     * Whether neither the service nor, where it is asked first, the authority was reached: no response, or one of
     * something in front of the service.
     */
    static boolean isNetworkError(Throwable error) {
        if (error instanceof ServiceException service) {
            return !service.isFromService();
        }
        return error instanceof AuthenticationException authentication
                && authentication.isTransient()
                && isCausedBy(authentication.getCause(), IOException.class);
    }

    /** Whether other credentials could help: they may have been replaced in Jenkins since the wait looked them up. */
    static boolean concernsCredentials(Throwable error) {
        if (error instanceof ServiceException service) {
            return service.kind() == ServiceException.Kind.UNAUTHORIZED
                    || service.kind() == ServiceException.Kind.FORBIDDEN;
        }
        return error instanceof AuthenticationException;
    }

    /**
     * Whether an error concerns everything that is asked over the connection (a service that is busy, a network,
     * a gateway or an authority that is down, a token that is rejected), and not perhaps this one job alone (an internal
     * error, an answer that cannot be read, a permission).
     */
    static boolean concernsService(Throwable error) {
        if (error instanceof ServiceException service) {
            return service.kind() == ServiceException.Kind.NO_RESPONSE
                    || service.kind() == ServiceException.Kind.UNAUTHORIZED
                    || service.status() == 429
                    || service.status() == 502
                    || service.status() == 503
                    || service.status() == 504
                    || service.retryAfter().isPresent();
        }
        return error instanceof AuthenticationException || isOfController(error);
    }

    /**
     * Whether a error that concerns the connection may yet have struck one request alone, as a reset does. Who says how
     * long he wants to be left alone means everybody.
     */
    static boolean mayBeIsolated(Throwable error) {
        if (isOfController(error)) {
            return true;
        }
        return error instanceof ServiceException service
                && service.retryAfter().isEmpty()
                && (service.kind() == ServiceException.Kind.NO_RESPONSE
                        || service.status() == 502
                        || service.status() == 504);
    }

    /**
     * How long to leave the service alone. What it asks for wins over everything, but for
     * "at once", which would be a loop.
     *
     * @param errors how many there were in a row, this one included
     */
    static Duration retryDelay(Throwable error, int errors, RandomGenerator random) {
        Optional<Duration> requested = Optional.empty();
        if (error instanceof ServiceException service) {
            requested = service.retryAfter();
        } else if (error instanceof AuthenticationException authentication) {
            requested = authentication.retryAfter();
        }
        return requested.filter(delay -> !delay.isZero()).orElseGet(() -> backOff(errors, random));
    }

    private static boolean isCausedBy(Throwable error, Class<? extends Throwable> type) {
        return Stream.iterate(error, Objects::nonNull, Throwable::getCause).anyMatch(type::isInstance);
    }

    private static Duration backOff(int errors, RandomGenerator random) {
        int doublings = Math.min(Math.max(errors, 1) - 1, 10);
        long max = Math.min(BACKOFF_INITIAL.toMillis() << doublings, BACKOFF_MAX.toMillis());
        // between half and all of it, so that those that were refused together do not come back together
        return Duration.ofMillis(max / 2 + random.nextLong(max / 2 + 1));
    }
}
