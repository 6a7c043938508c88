package io.jenkins.plugins.ams.watch;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.junit.Assert.assertEquals;

import io.jenkins.plugins.ams.service.Job;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.Test;

public class PollScheduleTest {

    private static final Instant NOW = Instant.parse("2021-03-10T12:00:00Z");
    private static final Duration CEILING = Duration.ofSeconds(60);

    /** Neither lengthens nor shortens. */
    private static final RandomGenerator NO_JITTER = fixed(0.5);

    @Test
    public void looksInProportionToTheTimeQueued() {
        long[][] table = {{0, 2}, {5, 2}, {20, 2}, {60, 6}, {300, 30}, {600, 60}, {86_400, 60}};
        for (long[] row : table) {
            for (JobState state : List.of(JobState.QUEUED, JobState.SCHEDULED, JobState.UNKNOWN)) {
                Job job = job(state, NOW.minusSeconds(row[0]), null);
                assertEquals(state + " for " + row[0], Duration.ofSeconds(row[1]), next(job));
            }
        }
    }

    @Test
    public void looksAtAFractionOfTheEstimatedRest() {
        // seconds processed so far, percent, seconds to the next look
        double[][] table = {
            {100, 50, 40}, // 100 s left
            {100, 80, 10}, // 25 s left
            {100, 98, 2}, // 2 s left: the floor
            {100, 100, 2},
            {300, 50, 60}, // 300 s left: the ceiling
            {10, 5, 5}, // 190 s left, but told by 10 s only
            {100, 1, 10}, // too little for an estimate
            {100, 0, 10},
        };
        for (double[] row : table) {
            Job job = job(JobState.PROCESSING, NOW.minusSeconds(4000), NOW.minusSeconds((long) row[0]));
            assertEquals(
                    row[1] + " % after " + row[0] + " s",
                    Duration.ofMillis((long) (row[2] * 1000)),
                    next(job, task(row[1])));
        }
    }

    @Test
    public void aJobThatIsBeingCancelledWillSoonHaveEnded() {
        assertEquals(PollSchedule.FLOOR, next(job(JobState.CANCELING, NOW.minusSeconds(86_400), null)));
    }

    @Test
    public void countsFromTheBeginningOfTheWaitWhereTheServiceTellsNoTimes() {
        for (JobState state : List.of(JobState.QUEUED, JobState.PROCESSING)) {
            Duration delay = PollSchedule.next(
                    job(state, null, null), List.of(), NOW.minusSeconds(200), NOW, CEILING, NO_JITTER);
            assertEquals(Duration.ofSeconds(20), delay);
        }
    }

    @Test
    public void aServiceWhoseClockIsAheadIsNotAskedWithoutPause() {
        assertEquals(PollSchedule.FLOOR, next(job(JobState.QUEUED, NOW.plusSeconds(3600), null)));
        assertEquals(
                PollSchedule.FLOOR,
                next(job(JobState.PROCESSING, NOW.plusSeconds(3600), NOW.plusSeconds(3600)), task(50)));
    }

    @Test
    public void staysWithinTheFloorAndTheCeilingWhateverTheJitter() {
        for (double random : new double[] {0, 0.25, 0.999999}) {
            for (long age = 0; age < 2000; age += 7) {
                for (long ceiling : new long[] {1, 2, 30, 60, 3600}) {
                    Duration delay = PollSchedule.next(
                            job(JobState.QUEUED, NOW.minusSeconds(age), null),
                            List.of(),
                            NOW,
                            NOW,
                            Duration.ofSeconds(ceiling),
                            fixed(random));
                    assertThat(delay, greaterThanOrEqualTo(PollSchedule.FLOOR));
                    assertThat(delay, lessThanOrEqualTo(Duration.ofSeconds(Math.max(2, ceiling))));
                }
            }
        }
    }

    @Test
    public void spreadsThoseThatBeganTogether() {
        Random random = new Random(1);
        Job job = job(JobState.QUEUED, NOW.minusSeconds(300), null);
        long different = random.ints(100)
                .mapToObj(seed -> PollSchedule.next(job, List.of(), NOW, NOW, CEILING, new Random(seed)))
                .peek(delay -> {
                    assertThat(delay, greaterThanOrEqualTo(Duration.ofSeconds(27)));
                    assertThat(delay, lessThanOrEqualTo(Duration.ofSeconds(33)));
                })
                .distinct()
                .count();
        assertThat(different, greaterThan(50L));
    }

    private static Duration next(Job job, Task... tasks) {
        return PollSchedule.next(job, List.of(tasks), NOW, NOW, CEILING, NO_JITTER);
    }

    private static Job job(JobState state, Instant created, Instant started) {
        JobId id = JobId.parse("f3c43f94-327f-2347-90bb-3bf79f8559f1");
        return new Job(id, "Encoding", state, state.number(), created, started, null, Duration.ZERO, null);
    }

    private static Task task(double progress) {
        return new Task(
                "nb:tid:UUID:1", "Encode", JobState.PROCESSING, progress, null, null, null, Duration.ZERO, List.of());
    }

    private static RandomGenerator fixed(double value) {
        return new RandomGenerator() {
            @Override
            public long nextLong() {
                throw new UnsupportedOperationException();
            }

            @Override
            public double nextDouble() {
                return value;
            }
        };
    }
}
