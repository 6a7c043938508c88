/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service.v3;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.v3.V3Json.JobWithDetails;
import io.jenkins.plugins.ams.testing.ManualClock;
import java.time.Duration;
import java.util.List;
import org.junit.Test;

public class RecentJobsTest {

    private final ManualClock clock = new ManualClock();
    private final RecentJobs recentJobs = new RecentJobs(clock);

    @Test
    public void remembersAJobBriefly() {
        recentJobs.add(withDetails(1));
        clock.advance(Duration.ofSeconds(5));
        assertTrue(recentJobs.find(id(1)).isPresent());
        clock.advance(Duration.ofMillis(1));
        assertFalse(recentJobs.find(id(1)).isPresent());
    }

    @Test
    public void removesExpiredJobs() {
        for (int i = 0; i < 100; i++) {
            recentJobs.add(withDetails(i));
        }
        clock.advance(Duration.ofSeconds(6));
        recentJobs.add(withDetails(100));
        assertEquals(1, recentJobs.size());
    }

    @Test
    public void limitsItsSize() {
        for (int i = 0; i < 1500; i++) {
            recentJobs.add(withDetails(i));
        }
        assertEquals(1000, recentJobs.size());
        assertFalse(recentJobs.find(id(499)).isPresent());
        assertTrue(recentJobs.find(id(500)).isPresent());
    }

    private static JobId id(int number) {
        return new JobId("transform/job-" + number);
    }

    private static JobWithDetails withDetails(int number) {
        MediaJob job =
                new MediaJob(id(number), "", JobState.PROCESSING, "Processing", null, null, null, Duration.ZERO, null);
        return new JobWithDetails(job, List.of(), List.of());
    }
}
