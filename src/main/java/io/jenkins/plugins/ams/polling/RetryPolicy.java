/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import io.jenkins.plugins.ams.http.AmsException;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Computes how long and how often errors are retried. Transient errors are retried for the whole duration of a wait: a build
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
     * Returns the retry delay. A Retry-After header takes precedence, except for a value of zero, which would cause a
     * loop without delay.
     *
     * @param errors the number of consecutive errors, including this one
     */
    static Duration retryDelay(AmsException error, int errors, RandomGenerator random) {
        return error.retryAfter().filter(delay -> !delay.isZero()).orElseGet(() -> backOff(errors, random));
    }

    private static Duration backOff(int errors, RandomGenerator random) {
        int doublings = Math.min(Math.max(errors, 1) - 1, 10);
        long max = Math.min(BACKOFF_INITIAL.toMillis() << doublings, BACKOFF_MAX.toMillis());
        // Jitter of up to half the backoff spreads requests that failed at the same time.
        return Duration.ofMillis(max / 2 + random.nextLong(max / 2 + 1));
    }
}
