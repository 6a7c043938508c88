/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.time.Duration;
import org.junit.Test;

public class ConcurrencyLimiterTest {

    private static final Duration LATENCY = Duration.ofMillis(100);

    private final ConcurrencyLimiter limiter = new ConcurrencyLimiter();

    @Test
    public void alwaysAllowsSomeRequests() {
        assertEquals(4, limiter.maxInFlight(0));
        respond(1000);
        limiter.addScheduled(5);
        assertEquals(4, limiter.maxInFlight(1));
    }

    @Test
    public void allowsTwiceThePlannedLoad() {
        respond(5000);
        limiter.addScheduled(32);
        assertEquals(
                "32 requests/s of 0.1 s need 3.2 concurrent requests, doubled for headroom", 7, limiter.maxInFlight(1));
        limiter.addScheduled(1000);
        assertEquals(ConcurrencyLimiter.MAX_IN_FLIGHT, limiter.maxInFlight(2));
        limiter.removeScheduled(1000);
        assertEquals(7, limiter.maxInFlight(1));
        limiter.removeScheduled(32);
        assertEquals(4, limiter.maxInFlight(0));
    }

    @Test
    public void rampsUpToTheMaximum() {
        respond(1);
        limiter.addScheduled(1000);
        assertEquals(4, limiter.maxInFlight(1));
        respond(199);
        assertEquals(5, limiter.maxInFlight(1));
        respond(11 * 200);
        assertEquals(ConcurrencyLimiter.MAX_IN_FLIGHT, limiter.maxInFlight(1));
        respond(1000);
        assertEquals(ConcurrencyLimiter.MAX_IN_FLIGHT, limiter.maxInFlight(1));
    }

    @Test
    public void delaysPollsBeyondTheMaximum() {
        respond(1);
        planEveryTenSeconds(1280);
        assertEquals("128 requests/s of 0.1 s use 80 % of 16 concurrent requests", 10_000, delayMillis(1280));
        planEveryTenSeconds(1280);
        assertEquals(20_000, delayMillis(2560));
    }

    @Test
    public void countsWaitsWithoutAPlan() {
        respond(1);
        planEveryTenSeconds(10);
        assertEquals(10_000, delayMillis(1280));
        assertEquals(100_000, delayMillis(12_800));
    }

    @Test
    public void limitsTheDelayOfPolls() {
        limiter.onSuccess(Duration.ofSeconds(5));
        for (int i = 0; i < 5; i++) {
            limiter.onThrottled(5);
        }
        for (int i = 0; i < 5; i++) {
            limiter.addScheduled(limiter.requestsPerSecond(Duration.ofSeconds(2), false));
        }
        // One concurrent request that takes 5 s: polling 5 jobs takes 31 s, but 2.5 requests/s are scheduled.
        assertEquals(93_750, limiter.delay(Duration.ofSeconds(60), 5).toMillis());
        assertEquals(31_250, limiter.delay(Duration.ofSeconds(2), 5).toMillis());
    }

    @Test
    public void slowResponsesHardlyRaiseTheLimit() {
        respond(5000);
        limiter.addScheduled(30);
        for (int i = 0; i < 5; i++) {
            limiter.onSuccess(LATENCY.multipliedBy(3));
        }
        assertEquals(8, limiter.maxInFlight(1));
        planEveryTenSeconds(1500);
        assertTrue("slow responses extend the polling interval", delayMillis(1501) > 15_000);
        for (int i = 0; i < 1500; i++) {
            limiter.removeScheduled(0.1);
        }
        for (int i = 0; i < 500; i++) {
            limiter.onSuccess(LATENCY.multipliedBy(2));
        }
        assertEquals("responses that stay slow raise the limit", 12, limiter.maxInFlight(1));
        respond(20);
        assertEquals(7, limiter.maxInFlight(1));
    }

    @Test
    public void throttlingHalvesTheLimitAndResponsesRestoreIt() {
        respond(5000);
        limiter.addScheduled(50);
        assertEquals(10, limiter.maxInFlight(1));
        limiter.onThrottled(1);
        assertEquals(5, limiter.maxInFlight(1));
        limiter.onThrottled(1);
        limiter.onThrottled(1);
        limiter.onThrottled(1);
        assertEquals("the limit is at least 1", 1, limiter.maxInFlight(1));
        respond(49);
        assertEquals(1, limiter.maxInFlight(1));
        respond(1);
        assertEquals(2, limiter.maxInFlight(1));
        respond(50 * 14);
        assertEquals(10, limiter.maxInFlight(1));
    }

    @Test
    public void batchedPollsShareTheLoadOfARequest() {
        Duration delay = Duration.ofSeconds(10);
        assertEquals(0.1, limiter.requestsPerSecond(delay, false), 1e-9);
        assertEquals(0.2, limiter.requestsPerSecond(delay, true), 1e-9);
        for (int i = 0; i < 500; i++) {
            limiter.onPollSent(20);
        }
        assertEquals(0.005, limiter.requestsPerSecond(delay, false), 1e-9);
    }

    private void planEveryTenSeconds(int waits) {
        for (int i = 0; i < waits; i++) {
            limiter.addScheduled(limiter.requestsPerSecond(Duration.ofSeconds(10), false));
        }
    }

    private long delayMillis(int waits) {
        return limiter.delay(Duration.ofSeconds(10), waits).toMillis();
    }

    private void respond(int count) {
        for (int i = 0; i < count; i++) {
            limiter.onSuccess(LATENCY);
        }
    }
}
