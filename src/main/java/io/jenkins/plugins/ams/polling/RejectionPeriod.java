/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import java.time.Duration;

/**
 * Measures how long consecutive responses have had the same result, such as "job not found". Periods in which the
 * network was down or the service was throttling do not count.
 *
 * <p>Not safe for use by several threads.
 */
final class RejectionPeriod {

    private static final long INTERRUPTED = -1;

    private long lastMillis = INTERRUPTED;
    private long totalMillis;
    private int count;

    /** Records a response with this result, at a time in milliseconds of the scheduler's clock. */
    void add(long millis) {
        if (lastMillis != INTERRUPTED) {
            totalMillis += millis - lastMillis;
        }
        lastMillis = millis;
        count++;
    }

    /** Records an error that neither confirms nor contradicts the result. */
    void interrupt() {
        lastMillis = INTERRUPTED;
    }

    /** Records a response with another result. */
    void reset() {
        interrupt();
        totalMillis = 0;
        count = 0;
    }

    /** Returns the number of responses with this result. */
    int count() {
        return count;
    }

    /** Returns the time from the first response to the last, without interruptions. */
    Duration duration() {
        return Duration.ofMillis(totalMillis);
    }
}
