/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.testing;

import static org.junit.Assert.assertEquals;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.Test;

public class ManualClockTest {

    @Test
    public void standsStillUntilAdvanced() {
        ManualClock clock = new ManualClock(Instant.EPOCH);
        assertEquals(Instant.EPOCH, clock.instant());
        assertEquals(Instant.ofEpochSecond(5), clock.advance(Duration.ofSeconds(5)));
        assertEquals(Instant.ofEpochSecond(5), clock.instant());
        clock.set(Instant.EPOCH);
        assertEquals(0, clock.millis());
    }

    @Test
    public void sharesItsTimeAcrossZones() {
        ManualClock clock = new ManualClock();
        Clock elsewhere = clock.withZone(ZoneId.of("Pacific/Chatham"));
        clock.advance(Duration.ofHours(1));
        assertEquals(clock.instant(), elsewhere.instant());
        assertEquals(ZoneId.of("Pacific/Chatham"), elsewhere.getZone());
    }
}
