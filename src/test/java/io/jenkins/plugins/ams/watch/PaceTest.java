/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.watch;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.time.Duration;
import org.junit.Test;

public class PaceTest {

    private static final Duration LATENCY = Duration.ofMillis(100);

    private final Pace pace = new Pace();

    @Test
    public void aFewRequestsAtOnceAreAlwaysAllowed() {
        assertEquals(4, pace.allowed(0));
        answers(1000);
        pace.plan(5);
        assertEquals(4, pace.allowed(1));
    }

    @Test
    public void allowsTwiceWhatIsPlanned() {
        answers(5000);
        pace.plan(32);
        assertEquals("32 a second of 0.1 s are 3.2 at once", 7, pace.allowed(1));
        pace.plan(1000);
        assertEquals(Pace.MOST_IN_FLIGHT, pace.allowed(2));
        pace.unplan(1000);
        assertEquals(7, pace.allowed(1));
        pace.unplan(32);
        assertEquals(4, pace.allowed(0));
    }

    @Test
    public void goesSlowlyToTheMost() {
        answers(1);
        pace.plan(1000);
        assertEquals(4, pace.allowed(1));
        answers(199);
        assertEquals(5, pace.allowed(1));
        answers(11 * 200);
        assertEquals(Pace.MOST_IN_FLIGHT, pace.allowed(1));
        answers(1000);
        assertEquals(Pace.MOST_IN_FLIGHT, pace.allowed(1));
    }

    @Test
    public void putsLooksOffWhenMoreIsPlannedThanTheMostCanDo() {
        answers(1);
        planEveryTenSeconds(1280);
        assertEquals("128 a second of 0.1 s are 8 tenths of 16 at once", 10_000, millisInPlaceOfTenSeconds(1280));
        planEveryTenSeconds(1280);
        assertEquals(20_000, millisInPlaceOfTenSeconds(2560));
    }

    @Test
    public void reckonsWithWaitsForWhichNothingIsPlannedYet() {
        answers(1);
        planEveryTenSeconds(10);
        assertEquals(10_000, millisInPlaceOfTenSeconds(1280));
        assertEquals(100_000, millisInPlaceOfTenSeconds(12_800));
    }

    @Test
    public void putsNoneOffForLongerThanItTakesToLookAtAllSomeTimes() {
        pace.answered(Duration.ofSeconds(5));
        for (int i = 0; i < 5; i++) {
            pace.refused(5);
        }
        for (int i = 0; i < 5; i++) {
            pace.plan(pace.requestsPerSecond(Duration.ofSeconds(2), false));
        }
        // one at once that takes 5 s: 31 s for 5 looks, where 2.5 a second are planned
        assertEquals(93_750, pace.putOff(Duration.ofSeconds(60), 5).toMillis());
        assertEquals(31_250, pace.putOff(Duration.ofSeconds(2), 5).toMillis());
    }

    @Test
    public void anAnswerThatTookLongerIsHardlyAReasonToAskMoreAtOnce() {
        answers(5000);
        pace.plan(30);
        for (int i = 0; i < 5; i++) {
            pace.answered(LATENCY.multipliedBy(3));
        }
        assertEquals(8, pace.allowed(1));
        planEveryTenSeconds(1500);
        assertTrue("but one to ask for less", millisInPlaceOfTenSeconds(1501) > 15_000);
        for (int i = 0; i < 1500; i++) {
            pace.unplan(0.1);
        }
        for (int i = 0; i < 500; i++) {
            pace.answered(LATENCY.multipliedBy(2));
        }
        assertEquals("if it stays like that, it is", 12, pace.allowed(1));
        answers(20);
        assertEquals(7, pace.allowed(1));
    }

    @Test
    public void aRefusalHalvesWhatIsAllowedAndGoodAnswersBringItBack() {
        answers(5000);
        pace.plan(50);
        assertEquals(10, pace.allowed(1));
        pace.refused(1);
        assertEquals(5, pace.allowed(1));
        pace.refused(1);
        pace.refused(1);
        pace.refused(1);
        assertEquals("one at least", 1, pace.allowed(1));
        answers(49);
        assertEquals(1, pace.allowed(1));
        answers(1);
        assertEquals(2, pace.allowed(1));
        answers(50 * 14);
        assertEquals(10, pace.allowed(1));
    }

    @Test
    public void looksThatShareARequestNeedAShareOfIt() {
        Duration delay = Duration.ofSeconds(10);
        assertEquals(0.1, pace.requestsPerSecond(delay, false), 1e-9);
        assertEquals(0.2, pace.requestsPerSecond(delay, true), 1e-9);
        for (int i = 0; i < 500; i++) {
            pace.looked(20);
        }
        assertEquals(0.005, pace.requestsPerSecond(delay, false), 1e-9);
    }

    private void planEveryTenSeconds(int waits) {
        for (int i = 0; i < waits; i++) {
            pace.plan(pace.requestsPerSecond(Duration.ofSeconds(10), false));
        }
    }

    private long millisInPlaceOfTenSeconds(int waits) {
        return pace.putOff(Duration.ofSeconds(10), waits).toMillis();
    }

    private void answers(int count) {
        for (int i = 0; i < count; i++) {
            pace.answered(LATENCY);
        }
    }
}
