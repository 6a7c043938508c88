/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import java.util.Arrays;

/**
 * Counts an account's requests in the last minute.
 *
 * <p>Guarded by the lock of its {@link AccountQueue}.
 */
final class RequestRate {

    private static final int SECONDS = 60;

    /** The number of requests in each of the last 60 seconds; the index is the second modulo 60. */
    private final int[] counts = new int[SECONDS];

    private long lastSecond = Long.MIN_VALUE;

    /** Counts a request. The time is in milliseconds on the scheduler's clock. */
    void add(long now) {
        discardOld(now);
        counts[Math.floorMod(lastSecond, SECONDS)]++;
    }

    /** Returns the number of requests in the last minute. The time is in milliseconds on the scheduler's clock. */
    int perMinute(long now) {
        discardOld(now);
        return Arrays.stream(counts).sum();
    }

    private void discardOld(long now) {
        long second = Math.floorDiv(now, 1000L);
        if (lastSecond < second - SECONDS) {
            Arrays.fill(counts, 0);
        } else {
            for (long each = lastSecond + 1; each <= second; each++) {
                counts[Math.floorMod(each, SECONDS)] = 0;
            }
        }
        lastSecond = Math.max(lastSecond, second);
    }
}
