/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import static org.junit.Assert.assertEquals;

import org.junit.Test;

/** Tests how requests in the last minute are counted. */
public class RequestRateTest {

    private final RequestRate rate = new RequestRate();

    @Test
    public void countsTheRequestsOfTheLastMinute() {
        rate.add(1_000);
        rate.add(1_999);
        rate.add(30_000);
        assertEquals(3, rate.perMinute(60_999));
        assertEquals("the first two are a minute old", 1, rate.perMinute(61_000));
        assertEquals(1, rate.perMinute(89_999));
        assertEquals(0, rate.perMinute(90_000));
    }

    @Test
    public void startsAgainAfterALongPause() {
        for (int i = 0; i < 200; i++) {
            rate.add(i * 1000L);
        }
        assertEquals(60, rate.perMinute(199_000));
        rate.add(10_000_000);
        assertEquals(1, rate.perMinute(10_000_000));
    }

    /** The scheduler's clock may have negative values. */
    @Test
    public void countsBeforeTheZeroOfTheClock() {
        rate.add(-30_500);
        rate.add(-1);
        assertEquals(2, rate.perMinute(0));
        assertEquals(1, rate.perMinute(29_000));
    }
}
