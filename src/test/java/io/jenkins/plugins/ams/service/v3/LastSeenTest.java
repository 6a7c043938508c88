/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service.v3;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.service.Job;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.v3.V3Json.Whole;
import io.jenkins.plugins.ams.testing.ManualClock;
import java.time.Duration;
import java.util.List;
import org.junit.Test;

public class LastSeenTest {

    private final ManualClock clock = new ManualClock();
    private final LastSeen lastSeen = new LastSeen(clock);

    @Test
    public void knowsAJobForAMoment() {
        lastSeen.keep(whole(1));
        clock.advance(Duration.ofSeconds(5));
        assertTrue(lastSeen.of(id(1)).isPresent());
        clock.advance(Duration.ofMillis(1));
        assertFalse(lastSeen.of(id(1)).isPresent());
    }

    @Test
    public void keepsNothingThatNobodyWillAskFor() {
        for (int i = 0; i < 100; i++) {
            lastSeen.keep(whole(i));
        }
        clock.advance(Duration.ofSeconds(6));
        lastSeen.keep(whole(100));
        assertEquals(1, lastSeen.size());
    }

    @Test
    public void keepsNoMoreThanSoMuchAtOnce() {
        for (int i = 0; i < 1500; i++) {
            lastSeen.keep(whole(i));
        }
        assertEquals(1000, lastSeen.size());
        assertFalse(lastSeen.of(id(499)).isPresent());
        assertTrue(lastSeen.of(id(500)).isPresent());
    }

    private static JobId id(int number) {
        return new JobId("transform/job-" + number);
    }

    private static Whole whole(int number) {
        Job job = new Job(id(number), "", JobState.PROCESSING, "Processing", null, null, null, Duration.ZERO, null);
        return new Whole(job, List.of(), List.of());
    }
}
