/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

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
 * Classifies errors and computes retry delays. Transient errors are retried for the whole duration of a wait: a build
 * never fails because the service was unavailable.
 */
public final class RetryPolicy {

    /**
     * Initial backoff, doubled after each consecutive error. The service's documentation recommends exponential backoff
     * on 503.
     */
    private static final Duration BACKOFF_INITIAL = Duration.ofSeconds(2);

    /** Maximum backoff, and therefore the maximum time until a recovery is detected. */
    private static final Duration BACKOFF_MAX = Duration.ofMinutes(2);

    /**
     * Minimum time that a rejection is retried for a wait that has found its job, or with credentials that were
     * accepted before. Azure documents that a role assignment can take up to 10 minutes to take effect.
     */
    static final Duration MIN_REJECTION_PERIOD = Duration.ofMinutes(10);

    /**
     * Maximum time that a rejection is retried. Renewing a secret may take this long, and a build should not wait
     * longer without a result.
     */
    static final Duration MAX_REJECTION_PERIOD = Duration.ofHours(1);

    /**
     * Divisor of the job's age that yields the rejection period between the minimum and the maximum. Losing the result
     * of a long job costs more.
     */
    private static final int REJECTION_PERIOD_FRACTION = 4;

    /**
     * Maximum time that a wait is retried if its service has never responded. Long enough for network, DNS and VPN to
     * become available after the controller starts; short enough for a user who mistyped an address.
     */
    static final Duration MAX_UNREACHABLE = Duration.ofMinutes(5);

    private RetryPolicy() {}

    /** Returns whether the same request may succeed later. */
    public static boolean isTransient(Throwable error) {
        if (error instanceof ServiceException service) {
            return service.isTransient();
        }
        return error instanceof AuthenticationException authentication && authentication.isTransient()
                || isOfController(error);
    }

    /**
     * Returns whether the controller lacks a thread or memory: an {@link OutOfMemoryError} or a full thread pool. The
     * error is unrelated to the service and the network.
     */
    public static boolean isOfController(Throwable error) {
        return isCausedBy(error, OutOfMemoryError.class) || isCausedBy(error, RejectedExecutionException.class);
    }

    /**
     * Returns whether the service or the authority rejected a request, in the format of its own errors. Other errors
     * that are not transient are configuration errors or unexpected exceptions.
     */
    static boolean isRejection(Throwable error) {
        return (error instanceof ServiceException || error instanceof AuthenticationException) && !isTransient(error);
    }

    /**
     * Returns how long a rejection is retried before it is final.
     *
     * @param age the age of the job
     */
    static Duration rejectionPeriod(Duration age) {
        Duration period = age.dividedBy(REJECTION_PERIOD_FRACTION);
        if (period.compareTo(MIN_REJECTION_PERIOD) < 0) {
            return MIN_REJECTION_PERIOD;
        }
        return period.compareTo(MAX_REJECTION_PERIOD) > 0 ? MAX_REJECTION_PERIOD : period;
    }

    /**
     * Returns whether neither the service nor the authority was reached: there was no response, or a gateway or proxy
     * sent it.
     */
    static boolean isNetworkError(Throwable error) {
        if (error instanceof ServiceException service) {
            return !service.isFromService();
        }
        return error instanceof AuthenticationException authentication
                && authentication.isTransient()
                && isCausedBy(authentication.getCause(), IOException.class);
    }

    /**
     * Returns whether other credentials may resolve the error. They may have been replaced in Jenkins since the last
     * lookup.
     */
    static boolean concernsCredentials(Throwable error) {
        if (error instanceof ServiceException service) {
            return service.kind() == ServiceException.Kind.UNAUTHORIZED
                    || service.kind() == ServiceException.Kind.FORBIDDEN;
        }
        return error instanceof AuthenticationException;
    }

    /**
     * Returns whether an error affects all requests to the account, such as throttling, a network, gateway or authority
     * that is down, or a rejected token. Other errors may affect only one job, such as an internal error, an invalid
     * response or a missing permission.
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
     * Returns whether an error of the kind that affects all requests may have affected only one of them, such as a
     * connection reset. A Retry-After header always applies to the whole account.
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
     * Returns the retry delay. A Retry-After header takes precedence, except for a value of zero, which would cause a
     * loop without delay.
     *
     * @param errors the number of consecutive errors, including this one
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
        // Jitter of up to half the backoff spreads requests that failed at the same time.
        return Duration.ofMillis(max / 2 + random.nextLong(max / 2 + 1));
    }
}
