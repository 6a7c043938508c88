/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.soak;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Random;

/** Simulates a system clock that jumps by up to an hour in both directions, as after errors of a time server. */
final class JumpingClock extends Clock {

    private static final int MAX_MINUTES = 60;

    private final Clock real = Clock.systemUTC();
    private final Random random;
    private volatile Duration offset = Duration.ZERO;

    JumpingClock(long seed) {
        this.random = new Random(seed);
    }

    /** Changes the offset from the real time. */
    void jump() {
        offset = Duration.ofSeconds(random.nextInt(-60 * MAX_MINUTES, 60 * MAX_MINUTES));
    }

    @Override
    public Instant instant() {
        return real.instant().plus(offset);
    }

    @Override
    public ZoneId getZone() {
        return real.getZone();
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("the plugin uses only UTC");
    }
}
