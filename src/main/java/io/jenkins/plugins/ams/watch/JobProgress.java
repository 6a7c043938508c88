/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.watch;

import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.MediaTask;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * How far a job was when its tasks were looked at. The service has no progress of a job, only of its tasks, and of those
 * it is only to be trusted while they are Processing; the mean over the tasks is what the service's own client library
 * shows.
 *
 * @param percent 0 to 100 over all tasks
 * @param seen when the tasks were looked at, by the controller's clock
 * @param end when the job is expected to end, if it goes on as it did so far; null while there is nothing to estimate
 *     that from
 */
public record JobProgress(double percent, Instant seen, Instant end) {

    /** Below this, the extrapolation is noise. */
    private static final double MIN_PERCENT = 2;

    /** Half of the time between two updates of a task's progress, of which the service makes one every few seconds. */
    private static final Duration STALE = Duration.ofMillis(2500);

    /** The service tells whole percents, and tells each until the next is full. */
    private static final double HALF_A_PERCENT = 0.5;

    /** Reads a job's progress from its tasks. */
    public static JobProgress of(MediaJob job, List<MediaTask> tasks, Instant now) {
        double percent = tasks.stream().mapToDouble(JobProgress::of).average().orElse(0);
        Instant start = job.startTime();
        if (job.state() != JobState.PROCESSING || start == null || start.isAfter(now) || percent < MIN_PERCENT) {
            return new JobProgress(percent, now, null);
        }
        Duration elapsed = elapsed(start, now.minus(STALE));
        double reached = Math.min(100, percent + HALF_A_PERCENT);
        double remainingMillis = elapsed.toMillis() * (100 - reached) / reached - STALE.toMillis();
        return new JobProgress(percent, now, now.plusMillis(Math.max(0, Math.round(remainingMillis))));
    }

    /**
     * The same in terms of a clock that was set in between.
     *
     * @param now when the tasks were looked at, by the clock as it is set now
     */
    JobProgress seenAt(Instant now) {
        if (now.equals(seen)) {
            return this;
        }
        return new JobProgress(percent, now, end == null ? null : end.plus(Duration.between(seen, now)));
    }

    /** The time since an instant of the service's clock; zero if that clock is ahead of ours. */
    static Duration elapsed(Instant since, Instant now) {
        Duration elapsed = Duration.between(since, now);
        return elapsed.isNegative() ? Duration.ZERO : elapsed;
    }

    /** The estimated time until the end, zero if it is overdue; null if there is no estimate. */
    public Duration remaining(Instant now) {
        return end == null ? null : elapsed(now, end);
    }

    private static double of(MediaTask task) {
        return switch (task.state()) {
            case FINISHED -> 100;
            case PROCESSING -> Math.max(0, Math.min(100, task.progress()));
            default -> 0;
        };
    }
}
