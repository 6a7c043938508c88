/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.watch;

import java.time.Duration;

/**
 * How long responses have said the same thing in a row, such as that a job is not there. Time in which nothing was
 * said, because the network was down or the service busy, does not count: it is no evidence.
 *
 * <p>Not safe for use by several threads.
 */
final class RejectionPeriod {

    private static final long INTERRUPTED = -1;

    private long lastMillis = INTERRUPTED;
    private long totalMillis;
    private int count;

    /** A response said it again, at a time of the timer. */
    void add(long millis) {
        if (lastMillis != INTERRUPTED) {
            totalMillis += millis - lastMillis;
        }
        lastMillis = millis;
        count++;
    }

    /** An error came in between, which neither confirms nor refutes it. */
    void interrupt() {
        lastMillis = INTERRUPTED;
    }

    /** A response said otherwise. */
    void reset() {
        interrupt();
        totalMillis = 0;
        count = 0;
    }

    /** How many responses said it. */
    int count() {
        return count;
    }

    /** From the first to the last of them, without interruptions. */
    Duration duration() {
        return Duration.ofMillis(totalMillis);
    }
}
