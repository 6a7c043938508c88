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
 * <p>The service reports progress only for tasks, and the reported value is valid only while a task is Processing. The
 * job's progress is the average of its tasks' progress, as in the service's own client library.
 *
 * @param percent the average progress of all tasks, from 0 to 100
 * @param seen the time of the poll according to the controller's clock
 * @param end the estimated time at which the job ends if it continues at the same rate, or null if no estimate is
 *     possible yet
 */
public record JobProgress(double percent, Instant seen, Instant end) {

    /**
     * Minimum progress in percent at which the end of the job is estimated. With less progress, the estimate would be
     * too inaccurate.
     */
    private static final double MIN_PERCENT = 2;

    /**
     * Average age of a reported progress value. The service updates progress every few seconds, so a value is on
     * average half as old as the time between two updates.
     */
    private static final Duration STALE = Duration.ofMillis(2500);

    /**
     * Average rounding error of the reported progress in percentage points. The service rounds progress down to a whole
     * percentage.
     */
    private static final double HALF_A_PERCENT = 0.5;

    /** Computes a job's progress from its tasks. */
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
     * Returns this progress with its times adjusted for a change of the controller's clock since the poll.
     *
     * @param now the time of the poll according to the changed clock
     */
    JobProgress seenAt(Instant now) {
        if (now.equals(seen)) {
            return this;
        }
        return new JobProgress(percent, now, end == null ? null : end.plus(Duration.between(seen, now)));
    }

    /**
     * Returns the time since an instant reported by the service, or zero if the service's clock is ahead of the
     * controller's.
     */
    static Duration elapsed(Instant since, Instant now) {
        Duration elapsed = Duration.between(since, now);
        return elapsed.isNegative() ? Duration.ZERO : elapsed;
    }

    /**
     * Returns the estimated time until the job ends. Returns zero if the estimated end has passed, or null if there is
     * no estimate.
     */
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
