/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;

import io.jenkins.plugins.ams.polling.PollSchedule.Next;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.MediaTask;
import io.jenkins.plugins.ams.service.v2.AmsV2JobId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.Test;

public class PollScheduleTest {

    private static final Instant NOW = Instant.parse("2021-03-10T12:00:00Z");
    private static final Duration MAX_INTERVAL = Duration.ofSeconds(60);

    /** A generator that adds no jitter. */
    private static final RandomGenerator NO_JITTER = fixed(0.5);

    @Test
    public void pollsInProportionToTheQueuedTime() {
        long[][] table = {{0, 5}, {5, 5}, {20, 5}, {60, 12}, {200, 40}, {600, 60}, {86_400, 60}};
        for (long[] row : table) {
            for (JobState state : List.of(JobState.QUEUED, JobState.SCHEDULED, JobState.UNKNOWN)) {
                MediaJob job = job(state, NOW.minusSeconds(row[0]), null);
                assertEquals(
                        state + " for " + row[0],
                        Duration.ofSeconds(row[1]),
                        next(job, null).delay());
            }
        }
    }

    @Test
    public void pollsInProportionToTheProcessingTimeWithoutProgress() {
        // seconds processed, milliseconds until the next poll
        long[][] table = {{0, 4000}, {2, 4000}, {6, 4000}, {10, 5000}, {20, 7589}, {100, 16_971}, {10_000, 60_000}};
        for (long[] row : table) {
            MediaJob job = processing(row[0]);
            for (JobProgress progress : new JobProgress[] {null, JobProgress.of(job, List.of(task(1)), NOW)}) {
                assertEquals(new Next(Duration.ofMillis(row[1]), true), next(job, progress));
            }
        }
    }

    @Test
    public void mostPollsSkipTheTasks() {
        // At 100 s of 400 s the estimate is valid until 250 s have passed, but a failure may occur before.
        JobProgress progress = expectedEnd(100, 400);
        Next next = next(processing(100), progress);
        assertEquals(Duration.ofSeconds(24), next.delay());
        assertFalse(next.tasks());
    }

    @Test
    public void pollsTheTasksForEachProgressStep() {
        JobProgress progress = expectedEnd(100, 400);
        for (long passed = 0; passed < 100; passed += 5) {
            Next next = next(processing(100 + passed), later(progress, passed));
            // 10 % of 400 s; the estimate is refined after another 150 s.
            assertEquals("after " + passed, passed + 24 >= 40, next.tasks());
        }
    }

    @Test
    public void pollsTheTasksWhenTheEstimateIsStale() {
        // An estimate after 10 s is valid for 15 s, however long the job will take.
        JobProgress progress = expectedEnd(10, 10_000);
        assertEquals(new Next(Duration.ofSeconds(15), true), next(processing(10), progress));
        // Two thirds of the remaining 30 s, which is before the uncertainty of 6 s.
        assertEquals(new Next(Duration.ofSeconds(20), true), next(processing(370), expectedEnd(370, 400)));
    }

    @Test
    public void pollsOftenAroundTheExpectedEnd() {
        // seconds of 400 that have passed since an estimate at 390 s; its uncertainty is 4 s and half a percent
        long[][] table = {
            {393, 2000, 1}, {395, 2000, 0}, {400, 2000, 0}, {405, 2000, 0}, {430, 3600, 1}, {500, 14_100, 1}
        };
        for (long[] row : table) {
            Next next = next(processing(row[0]), later(expectedEnd(390, 400), row[0] - 390));
            assertEquals("after " + row[0], new Next(Duration.ofMillis(row[1]), row[2] == 1), next);
        }
    }

    @Test
    public void pollsLongJobsLessAroundTheirEnd() {
        // 4 h: the uncertainty is 76 s
        Next next = next(processing(14_400), later(expectedEnd(14_300, 14_400), 100));
        assertEquals(new Next(Duration.ofMillis(25_333), false), next);
    }

    @Test
    public void pollsCancelingJobsOften() {
        MediaJob job = job(JobState.CANCELING, NOW.minusSeconds(86_400), null);
        assertEquals(new Next(PollSchedule.MIN_INTERVAL, false), next(job, null));
    }

    @Test
    public void usesTheStartOfTheWaitWithoutServiceTimes() {
        Instant ahead = NOW.plusSeconds(3600);
        for (Instant reported : new Instant[] {null, ahead}) {
            assertEquals(
                    Duration.ofSeconds(40),
                    next(job(JobState.QUEUED, reported, reported), null, 200).delay());
            assertEquals(
                    Duration.ofSeconds(24),
                    next(job(JobState.PROCESSING, reported, reported), null, 200)
                            .delay());
        }
    }

    @Test
    public void staysWithinBoundsDespiteJitter() {
        for (double random : new double[] {0, 0.25, 0.999999}) {
            for (long age = 0; age < 2000; age += 7) {
                for (long ceiling : new long[] {1, 2, 30, 60, 3600}) {
                    for (MediaJob job : List.of(job(JobState.QUEUED, NOW.minusSeconds(age), null), processing(age))) {
                        Duration delay = PollSchedule.next(
                                        job,
                                        expectedEnd(age / 2, 1500),
                                        NOW,
                                        NOW,
                                        Duration.ofSeconds(ceiling),
                                        fixed(random))
                                .delay();
                        assertThat(delay, greaterThanOrEqualTo(PollSchedule.MIN_INTERVAL));
                        assertThat(delay, lessThanOrEqualTo(Duration.ofSeconds(Math.max(2, ceiling))));
                    }
                }
            }
        }
    }

    @Test
    public void spreadsWaitsThatBeganTogether() {
        Random random = new Random(1);
        MediaJob job = job(JobState.QUEUED, NOW.minusSeconds(200), null);
        long different = random.ints(100)
                .mapToObj(seed -> PollSchedule.next(job, null, NOW, NOW, MAX_INTERVAL, new Random(seed))
                        .delay())
                .peek(delay -> {
                    assertThat(delay, greaterThanOrEqualTo(Duration.ofSeconds(38)));
                    assertThat(delay, lessThanOrEqualTo(Duration.ofSeconds(42)));
                })
                .distinct()
                .count();
        assertThat(different, greaterThan(50L));
    }

    private static Next next(MediaJob job, JobProgress progress) {
        return next(job, progress, 0);
    }

    private static Next next(MediaJob job, JobProgress progress, long waited) {
        return PollSchedule.next(job, progress, NOW.minusSeconds(waited), NOW, MAX_INTERVAL, NO_JITTER);
    }

    /**
     * Returns a progress of now.
     *
     * @param elapsed the seconds that the job has been running
     * @param whole the estimated total seconds
     */
    private static JobProgress expectedEnd(long elapsed, long whole) {
        return new JobProgress(100d * elapsed / whole, NOW, NOW.plusSeconds(whole - elapsed));
    }

    /** Returns the same progress as if it had been reported some seconds ago. */
    private static JobProgress later(JobProgress progress, long seconds) {
        return new JobProgress(
                progress.percent(),
                progress.seen().minusSeconds(seconds),
                progress.end().minusSeconds(seconds));
    }

    private static MediaJob processing(long seconds) {
        return job(JobState.PROCESSING, NOW.minusSeconds(seconds + 900), NOW.minusSeconds(seconds));
    }

    private static MediaJob job(JobState state, Instant created, Instant started) {
        JobId id = AmsV2JobId.parse("f3c43f94-327f-2347-90bb-3bf79f8559f1");
        return new MediaJob(id, "Encoding", state, state.label(), created, started, null, Duration.ZERO, null);
    }

    private static MediaTask task(double progress) {
        return new MediaTask(
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
