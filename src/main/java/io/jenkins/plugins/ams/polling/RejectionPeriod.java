/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import java.time.Duration;

/**
 * Measures how long consecutive responses have had the same result, such as "job not found". Times when the network was
 * unavailable or the service throttled requests do not count.
 *
 * <p>Not thread-safe.
 */
final class RejectionPeriod {

    private static final long INTERRUPTED = -1;

    private long lastMillis = INTERRUPTED;
    private long totalMillis;
    private int count;

    /** Records another response with the same result. The time is in milliseconds on the scheduler's clock. */
    void add(long millis) {
        if (lastMillis != INTERRUPTED) {
            totalMillis += millis - lastMillis;
        }
        lastMillis = millis;
        count++;
    }

    /** Records an error that neither confirms nor contradicts the result, such as a network error. */
    void interrupt() {
        lastMillis = INTERRUPTED;
    }

    /** Starts over because a response had a different result. */
    void reset() {
        interrupt();
        totalMillis = 0;
        count = 0;
    }

    /** Returns the number of consecutive responses with the same result. */
    int count() {
        return count;
    }

    /** Returns the time between the first and the last response with the same result, excluding interruptions. */
    Duration duration() {
        return Duration.ofMillis(totalMillis);
    }
}
