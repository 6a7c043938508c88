/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;

import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.MediaTask;
import io.jenkins.plugins.ams.service.v2.AmsV2JobId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.Test;

public class JobProgressTest {

    private static final Instant NOW = Instant.parse("2021-03-10T12:00:00Z");

    @Test
    public void isTheMeanOfTheTasks() {
        assertEquals(0, percent(), 0);
        assertEquals(40, percent(task(JobState.PROCESSING, 40)), 0);
        assertEquals(70, percent(task(JobState.FINISHED, 100), task(JobState.PROCESSING, 40)), 0);
        assertEquals(
                30, percent(task(JobState.PROCESSING, 60), task(JobState.PROCESSING, 30), task(JobState.QUEUED, 0)), 0);
    }

    @Test
    public void usesTaskProgressOnlyWhileProcessing() {
        assertEquals("a finished task without progress", 100, percent(task(JobState.FINISHED, 0)), 0);
        for (JobState state :
                List.of(JobState.QUEUED, JobState.SCHEDULED, JobState.ERROR, JobState.CANCELED, JobState.CANCELING)) {
            assertEquals(state.toString(), 0, percent(task(state, 80)), 0);
        }
    }

    @Test
    public void staysWithinItsBounds() {
        assertEquals(0, percent(task(JobState.PROCESSING, -5)), 0);
        assertEquals(100, percent(task(JobState.PROCESSING, 1e9)), 0);
    }

    @Test
    public void extrapolatesTheEnd() {
        // seconds processed, percent, remaining milliseconds; the true progress is half a percent more than the service
        // reports, and 2.5 s old
        long[][] table = {{103, 50, 96_010}, {62, 25, 171_333}, {92, 90, 6_895}, {100, 100, 0}, {12, 2, 368_000}};
        for (long[] row : table) {
            JobProgress progress = JobProgress.of(started(row[0]), List.of(task(JobState.PROCESSING, row[1])), NOW);
            assertEquals(
                    row[1] + " % after " + row[0],
                    row[2],
                    progress.remaining(NOW).toMillis(),
                    1);
            assertEquals(progress.end(), NOW.plus(progress.remaining(NOW)));
        }
    }

    @Test
    public void theRemainingTimeDecreases() {
        JobProgress progress = JobProgress.of(started(92), List.of(task(JobState.PROCESSING, 90)), NOW);
        assertEquals(5_895, progress.remaining(NOW.plusSeconds(1)).toMillis(), 1);
        assertEquals(Duration.ZERO, progress.remaining(NOW.plusSeconds(60)));
    }

    @Test
    public void estimatesNothingWithoutProgress() {
        MediaTask half = task(JobState.PROCESSING, 50);
        assertNothing("too little progress", started(100), task(JobState.PROCESSING, 1.9));
        assertNothing("no tasks", started(100));
        assertNothing("no start time", job(JobState.PROCESSING, null), half);
        assertNothing("not processing", job(JobState.QUEUED, NOW.minusSeconds(9)), half);
        assertNothing("a clock that is ahead", started(-60), half);
    }

    @Test
    public void aFastClockCausesNoNegativeTime() {
        assertEquals(Duration.ZERO, JobProgress.elapsed(NOW.plusSeconds(60), NOW));
    }

    private static void assertNothing(String why, MediaJob job, MediaTask... tasks) {
        JobProgress progress = JobProgress.of(job, List.of(tasks), NOW);
        assertNull(why, progress.end());
        assertNull(why, progress.remaining(NOW));
    }

    private static double percent(MediaTask... tasks) {
        return JobProgress.of(started(100), List.of(tasks), NOW).percent();
    }

    private static MediaJob started(long secondsAgo) {
        return job(JobState.PROCESSING, NOW.minusSeconds(secondsAgo));
    }

    private static MediaJob job(JobState state, Instant started) {
        JobId id = AmsV2JobId.parse("f3c43f94-327f-2347-90bb-3bf79f8559f1");
        return new MediaJob(
                id, "Encoding", state, state.label(), NOW.minusSeconds(900), started, null, Duration.ZERO, null);
    }

    private static MediaTask task(JobState state, double progress) {
        return new MediaTask("nb:tid:UUID:1", "Encode", state, progress, null, null, null, Duration.ZERO, List.of());
    }
}
