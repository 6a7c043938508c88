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
    private long lastedMillis;
    private int length;

    /** A response said it again, at a time of the timer. */
    void add(long millis) {
        if (lastMillis != INTERRUPTED) {
            lastedMillis += millis - lastMillis;
        }
        lastMillis = millis;
        length++;
    }

    /** An error came in between, which neither confirms nor refutes it. */
    void interrupt() {
        lastMillis = INTERRUPTED;
    }

    /** A response said otherwise. */
    void reset() {
        interrupt();
        lastedMillis = 0;
        length = 0;
    }

    /** How many responses said it. */
    int length() {
        return length;
    }

    /** From the first to the last of them, without interruptions. */
    Duration lasted() {
        return Duration.ofMillis(lastedMillis);
    }
}
