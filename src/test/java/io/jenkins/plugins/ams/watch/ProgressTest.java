package io.jenkins.plugins.ams.watch;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;

import io.jenkins.plugins.ams.service.Job;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.Test;

public class ProgressTest {

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
    public void trustsWhatATaskSaysOnlyWhileItIsProcessing() {
        assertEquals("a finished task that says nothing", 100, percent(task(JobState.FINISHED, 0)), 0);
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
    public void estimatesTheRest() {
        // seconds processed, percent, seconds left
        long[][] table = {{100, 50, 100}, {60, 25, 180}, {90, 90, 10}, {100, 100, 0}, {10, 2, 490}};
        for (long[] row : table) {
            Progress progress = Progress.of(started(row[0]), List.of(task(JobState.PROCESSING, row[1])), NOW);
            assertEquals(row[1] + " % after " + row[0], Duration.ofSeconds(row[2]), progress.rest());
            assertEquals(row[2], progress.restSeconds().orElseThrow(), 0);
        }
    }

    @Test
    public void estimatesNothingFromNothing() {
        assertNull(
                "too little",
                Progress.of(started(100), List.of(task(JobState.PROCESSING, 1.9)), NOW)
                        .rest());
        assertNull("no tasks", Progress.of(started(100), List.of(), NOW).rest());
        Task half = task(JobState.PROCESSING, 50);
        assertNull(
                "no start",
                Progress.of(job(JobState.PROCESSING, null), List.of(half), NOW).rest());
        Progress queued = Progress.of(job(JobState.QUEUED, NOW.minusSeconds(9)), List.of(half), NOW);
        assertFalse("not processing", queued.restSeconds().isPresent());
    }

    @Test
    public void aClockThatIsAheadMakesNoNegativeTime() {
        assertEquals(Duration.ZERO, Progress.elapsed(NOW.plusSeconds(60), NOW));
        assertEquals(
                Duration.ZERO,
                Progress.of(started(-60), List.of(task(JobState.PROCESSING, 50)), NOW)
                        .rest());
    }

    private static double percent(Task... tasks) {
        return Progress.of(started(100), List.of(tasks), NOW).percent();
    }

    private static Job started(long secondsAgo) {
        return job(JobState.PROCESSING, NOW.minusSeconds(secondsAgo));
    }

    private static Job job(JobState state, Instant started) {
        JobId id = JobId.parse("f3c43f94-327f-2347-90bb-3bf79f8559f1");
        return new Job(
                id, "Encoding", state, state.number(), NOW.minusSeconds(900), started, null, Duration.ZERO, null);
    }

    private static Task task(JobState state, double progress) {
        return new Task("nb:tid:UUID:1", "Encode", state, progress, null, null, null, Duration.ZERO, List.of());
    }
}
