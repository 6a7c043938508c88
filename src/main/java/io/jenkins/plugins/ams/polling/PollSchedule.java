/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.ams.service.MediaJob;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/**
 * Computes when to poll a job next, and whether the poll includes the job's tasks, which require an additional request.
 *
 * <p>Before a job starts, its polling interval is proportional to its age. While it runs without reporting progress,
 * the interval is proportional to its running time. Once its tasks report progress, the end of the job is estimated.
 * Before the estimated end, most polls request only the job's state, which is enough to detect failures. The other
 * polls also request the tasks, to refine the estimate and to show progress on the console. Around the estimated end,
 * polling intervals are short.
 *
 * <p>The constants were tuned with the jobs of the benchmark; {@code docs/performance.md} describes their effects.
 */
public final class PollSchedule {

    /** Minimum polling interval, which limits the load on the service. */
    public static final Duration MIN_INTERVAL = Duration.ofSeconds(2);

    /** Polling interval while the service cannot find the job. */
    static final Duration NOT_FOUND_INTERVAL = Duration.ofSeconds(10);

    /**
     * Minimum polling interval in seconds before the job has started. The only benefit of more frequent polls would be
     * to detect the start sooner.
     */
    private static final double QUEUED_MIN_SECONDS = 5;

    /** Polling interval before the job has started, as a fraction of the job's age. */
    private static final double QUEUED_FRACTION = 0.2;

    /** Minimum polling interval in seconds while the tasks report no progress. */
    private static final double NO_PROGRESS_MIN_SECONDS = 4;

    /** Polling interval while the tasks report no progress, as a fraction of the job's running time. */
    private static final double NO_PROGRESS_FRACTION = 0.5;

    /**
     * Ratio of the maximum polling interval to the square root of the job's total duration, both in seconds. If
     * failures occur at random times, this rule minimizes the average time until a failure is detected, for a given
     * total number of polls.
     */
    private static final double FAILURE_CHECK_FACTOR = 1.2;

    /**
     * Factor by which a job's running time may grow after its end was estimated. The tasks are then requested again to
     * update the estimate.
     */
    private static final double MAX_ESTIMATE_AGE_FACTOR = 2.5;

    /**
     * Fraction of the estimated remaining time. When only this fraction is left, the tasks are requested again to
     * refine the estimate.
     */
    private static final double REFINE_FRACTION = 1 / 3d;

    /**
     * Number of percentage points of progress after which the tasks are requested again to show progress on the
     * console.
     */
    private static final double PROGRESS_STEP = 10;

    /** Minimum uncertainty of the estimated end in seconds. The service updates progress only every few seconds. */
    private static final double MIN_UNCERTAINTY_SECONDS = 4;

    /**
     * Additional uncertainty as a fraction of the job's total duration. The service reports progress only in whole
     * percentages.
     */
    private static final double UNCERTAINTY_FRACTION = 0.005;

    /**
     * Around a job's estimated end, the number of polls in a time span that is as long as the uncertainty of the
     * estimate.
     */
    private static final double POLLS_PER_UNCERTAINTY = 3;

    /**
     * Polling interval after the estimated end, as a fraction of the time by which the job is overdue. The longer a job
     * is overdue, the harder it is to predict when the job will end.
     */
    private static final double OVERDUE_FRACTION = 0.15;

    /** Maximum jitter as a fraction of the delay. Jitter spreads out the polls of waits that began at the same time. */
    private static final double JITTER = 0.05;

    /**
     * The next poll of a job.
     *
     * @param delay the time until the poll
     * @param tasks whether to also request the tasks if the job is Processing
     */
    record Next(Duration delay, boolean tasks) {}

    private PollSchedule() {}

    /**
     * Computes the next poll of a job.
     *
     * @param progress the progress when the tasks were last polled, or null if the tasks have not been polled
     * @param since the time when the wait began, used in place of times that the service does not report
     * @param maxInterval the maximum polling interval that the user configured
     */
    static Next next(
            MediaJob job,
            @CheckForNull JobProgress progress,
            Instant since,
            Instant now,
            Duration maxInterval,
            RandomGenerator random) {
        Next next =
                switch (job.state()) {
                    case PROCESSING -> processing(job, progress, since, now);
                    case CANCELING -> next(0, false);
                    default -> queued(seconds(plausible(job.created(), now, since), now));
                };
        double factor = 1 - JITTER + 2 * JITTER * random.nextDouble();
        Duration jittered = Duration.ofMillis(Math.round(factor * next.delay().toMillis()));
        return new Next(clamp(jittered, maxInterval), next.tasks());
    }

    private static Next queued(double elapsed) {
        return next(Math.max(QUEUED_MIN_SECONDS, QUEUED_FRACTION * elapsed), true);
    }

    private static Next processing(MediaJob job, @CheckForNull JobProgress progress, Instant since, Instant now) {
        Instant start = plausible(job.startTime(), now, since);
        double elapsed = seconds(start, now);
        if (progress == null || progress.end() == null) {
            double proportional = Math.min(NO_PROGRESS_FRACTION * elapsed, failureCheckInterval(2 * elapsed));
            return next(Math.max(NO_PROGRESS_MIN_SECONDS, proportional), true);
        }
        double total = seconds(start, progress.end());
        double elapsedAtEstimate = seconds(start, progress.seen());
        double remaining = total - elapsed;
        double uncertainty = MIN_UNCERTAINTY_SECONDS + UNCERTAINTY_FRACTION * total;
        double failureCheckInterval = failureCheckInterval(Math.max(total, elapsed));
        if (remaining > uncertainty) {
            double untilRefinement = Math.min(
                    remaining - REFINE_FRACTION * (total - elapsedAtEstimate),
                    MAX_ESTIMATE_AGE_FACTOR * elapsedAtEstimate - elapsed);
            double untilTasks = Math.min(untilRefinement, remaining - uncertainty);
            if (untilTasks <= failureCheckInterval) {
                return next(untilTasks, true);
            }
            return next(
                    failureCheckInterval,
                    (elapsed + failureCheckInterval - elapsedAtEstimate) * 100 >= PROGRESS_STEP * total);
        }
        double overdue = -remaining - uncertainty;
        double interval = Math.max(uncertainty / POLLS_PER_UNCERTAINTY, OVERDUE_FRACTION * overdue);
        return next(Math.min(failureCheckInterval, interval), overdue > 0);
    }

    private static double failureCheckInterval(double total) {
        return FAILURE_CHECK_FACTOR * Math.sqrt(total);
    }

    private static Next next(double seconds, boolean tasks) {
        return new Next(Duration.ofMillis(Math.round(1000 * Math.max(0, seconds))), tasks);
    }

    /**
     * Returns the time that the service reported. Returns the fallback if the service did not report a time, or if the
     * time is in the future because the clocks differ.
     */
    private static Instant plausible(Instant time, Instant now, Instant fallback) {
        return time == null || time.isAfter(now) ? fallback : time;
    }

    private static double seconds(Instant since, Instant now) {
        return JobProgress.elapsed(since, now).toMillis() / 1000d;
    }

    private static Duration clamp(Duration delay, Duration maxInterval) {
        Duration max = maxInterval.compareTo(MIN_INTERVAL) < 0 ? MIN_INTERVAL : maxInterval;
        if (delay.compareTo(MIN_INTERVAL) < 0) {
            return MIN_INTERVAL;
        }
        return delay.compareTo(max) > 0 ? max : delay;
    }
}
