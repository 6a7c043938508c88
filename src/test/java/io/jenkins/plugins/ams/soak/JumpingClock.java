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

/** The system's clock as a bad time server leaves it: jumping back and forth by up to an hour. */
final class JumpingClock extends Clock {

    private static final int MAX_MINUTES = 60;

    private final Clock real = Clock.systemUTC();
    private final Random random;
    private volatile Duration offset = Duration.ZERO;

    JumpingClock(long seed) {
        this.random = new Random(seed);
    }

    /** Jumps to another offset from the true time. */
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
        throw new UnsupportedOperationException("the plugin knows UTC only");
    }
}
