/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import io.jenkins.plugins.ams.http.AmsException;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Computes how long the plugin retries requests after errors, and how long it waits between attempts. Polls are retried
 * after transient errors until the wait ends, so a build that has found its job never fails only because the service is
 * unavailable.
 */
public final class RetryPolicy {

    /**
     * Initial backoff, doubled after each consecutive error. The service's documentation recommends exponential backoff
     * after 503 responses.
     */
    private static final Duration BACKOFF_INITIAL = Duration.ofSeconds(2);

    /** Maximum backoff, and therefore the maximum time until a recovery is detected. */
    private static final Duration BACKOFF_MAX = Duration.ofMinutes(2);

    /**
     * Minimum time for which rejected requests are retried if the wait has already found its job or the service has
     * already accepted the credentials. According to Microsoft's documentation, a role assignment can take up to 10
     * minutes to take effect.
     */
    static final Duration MIN_REJECTION_PERIOD = Duration.ofMinutes(10);

    /**
     * Maximum time for which rejected requests are retried. An administrator may need this long to renew a secret.
     * Builds should not wait any longer without a result.
     */
    static final Duration MAX_REJECTION_PERIOD = Duration.ofHours(1);

    /**
     * The rejection period is the job's age divided by this number, but always between {@link #MIN_REJECTION_PERIOD}
     * and {@link #MAX_REJECTION_PERIOD}. It is longer for older jobs because losing the result of a long job is
     * expensive.
     */
    private static final int REJECTION_PERIOD_FRACTION = 4;

    /**
     * Maximum time to retry a wait's requests if the service has never responded. This is long enough for network, DNS,
     * and VPN connections to become available after the controller starts, and short enough that a user who mistyped a
     * URL soon sees the error.
     */
    static final Duration MAX_UNREACHABLE = Duration.ofMinutes(5);

    private RetryPolicy() {}

    /**
     * Returns how long rejected polls are retried before the rejection becomes final.
     *
     * @param age the job's age
     */
    static Duration rejectionPeriod(Duration age) {
        Duration period = age.dividedBy(REJECTION_PERIOD_FRACTION);
        if (period.compareTo(MIN_REJECTION_PERIOD) < 0) {
            return MIN_REJECTION_PERIOD;
        }
        return period.compareTo(MAX_REJECTION_PERIOD) > 0 ? MAX_REJECTION_PERIOD : period;
    }

    /**
     * Returns the delay before the next attempt. A {@code Retry-After} header takes precedence over the backoff.
     * However, a value of zero is ignored, because requests would otherwise be repeated without any delay.
     *
     * @param errors the number of consecutive errors, including this error
     */
    static Duration retryDelay(AmsException error, int errors, RandomGenerator random) {
        return error.retryAfter().filter(delay -> !delay.isZero()).orElseGet(() -> backOff(errors, random));
    }

    private static Duration backOff(int errors, RandomGenerator random) {
        int doublings = Math.min(Math.max(errors, 1) - 1, 10);
        long max = Math.min(BACKOFF_INITIAL.toMillis() << doublings, BACKOFF_MAX.toMillis());
        // Jitter of up to half the backoff spreads out retries of requests that failed at the same time.
        return Duration.ofMillis(max / 2 + random.nextLong(max / 2 + 1));
    }
}
