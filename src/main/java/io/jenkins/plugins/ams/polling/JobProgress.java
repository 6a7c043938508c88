/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.MediaTask;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The progress of a job at the time when its tasks were polled.
 *
 * <p>The service reports progress only for tasks, and the value is valid only while a task is Processing. The progress of
 * the job is the mean over its tasks, as in the service's own client library.
 *
 * @param percent the mean progress of all tasks, 0 to 100
 * @param seen the time of the poll, by the controller's clock
 * @param end the estimated end of the job at its present rate, or null if no estimate is possible yet
 */
public record JobProgress(double percent, Instant seen, Instant end) {

    /** Minimum progress for an estimate of the end; below it, the estimate is too inaccurate. */
    private static final double MIN_PERCENT = 2;

    /**
     * Mean age of a reported progress: half of the time between two updates, which the service makes every few seconds.
     */
    private static final Duration STALE = Duration.ofMillis(2500);

    /** Mean rounding error of the reported progress, which the service rounds down to whole percent. */
    private static final double HALF_A_PERCENT = 0.5;

    /** Returns the progress of a job, computed from its tasks. */
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
     * Returns this progress adjusted to a clock that was changed after the poll.
     *
     * @param now the time of the poll by the changed clock
     */
    JobProgress seenAt(Instant now) {
        if (now.equals(seen)) {
            return this;
        }
        return new JobProgress(percent, now, end == null ? null : end.plus(Duration.between(seen, now)));
    }

    /** Returns the time since an instant of the service's clock, or zero if that clock is ahead of the controller's. */
    static Duration elapsed(Instant since, Instant now) {
        Duration elapsed = Duration.between(since, now);
        return elapsed.isNegative() ? Duration.ZERO : elapsed;
    }

    /** Returns the estimated time until the end: zero if it is overdue, null without an estimate. */
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
