/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.watch;

import io.jenkins.plugins.ams.auth.AuthenticationException;
import io.jenkins.plugins.ams.service.ServiceException;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * What a fault means for the waits that meet it. Transient faults are ridden through for as long as the wait lasts: a
 * build never fails because the service was busy.
 */
public final class RetryPolicy {

    /** After the first fault. The service's documentation asks for exponential back-off on 503. */
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(2);

    /** However long a fault lasts; a recovery is seen within this time. */
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(2);

    private RetryPolicy() {}

    /** Whether the same request may well succeed later. */
    public static boolean isTransient(Throwable fault) {
        if (fault instanceof ServiceException service) {
            return service.isTransient();
        }
        return fault instanceof AuthenticationException authentication && authentication.isTransient();
    }

    /** Whether other credentials could help: they may have been replaced in Jenkins since the wait looked them up. */
    static boolean blamesCredentials(Throwable fault) {
        if (fault instanceof ServiceException service) {
            return service.kind() == ServiceException.Kind.UNAUTHORIZED
                    || service.kind() == ServiceException.Kind.FORBIDDEN;
        }
        return fault instanceof AuthenticationException;
    }

    /**
     * Whether a transient fault concerns everything that is asked over the connection (a service that is busy, a network,
     * a gateway or an authority that is down), and not perhaps this one job alone (an internal error, an answer that cannot be
     * read).
     */
    static boolean concernsConnection(Throwable fault) {
        if (fault instanceof ServiceException service) {
            return service.kind() == ServiceException.Kind.NO_ANSWER
                    || service.status() == 429
                    || service.status() == 502
                    || service.status() == 503
                    || service.status() == 504
                    || service.retryAfter().isPresent();
        }
        return true;
    }

    /**
     * Whether a fault that concerns the connection may yet have struck one request alone, as a reset does. Who says how
     * long he wants to be left alone means everybody.
     */
    static boolean mayBeChance(Throwable fault) {
        return fault instanceof ServiceException service
                && service.retryAfter().isEmpty()
                && (service.kind() == ServiceException.Kind.NO_ANSWER
                        || service.status() == 502
                        || service.status() == 504);
    }

    /**
     * How long to leave the service alone. What it asks for wins over everything, but for
     * "at once", which would be a loop.
     *
     * @param faults how many there were in a row, this one included
     */
    static Duration pause(Throwable fault, int faults, RandomGenerator random) {
        Optional<Duration> asked = Optional.empty();
        if (fault instanceof ServiceException service) {
            asked = service.retryAfter();
        } else if (fault instanceof AuthenticationException authentication) {
            asked = authentication.retryAfter();
        }
        return asked.filter(pause -> !pause.isZero()).orElseGet(() -> backOff(faults, random));
    }

    private static Duration backOff(int faults, RandomGenerator random) {
        int doublings = Math.min(Math.max(faults, 1) - 1, 10);
        long full = Math.min(FIRST_PAUSE.toMillis() << doublings, LONGEST_PAUSE.toMillis());
        // between half and all of it, so that those that were refused together do not come back together
        return Duration.ofMillis(full / 2 + random.nextLong(full / 2 + 1));
    }
}
