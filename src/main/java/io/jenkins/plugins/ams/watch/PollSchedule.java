/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.watch;

import io.jenkins.plugins.ams.service.MediaJob;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/**
 * When to look again at a job that has not ended, and whether to ask for its tasks then, which is a request more.
 *
 * <p>While little is known, looks come in proportion to the time that has passed. Once the tasks tell progress, the end
 * is expected where they point to. Most looks on the way there are cheap: they ask for the State alone, only to notice a
 * failure. Tasks are asked for when the estimate is worth a better one, and when their progress is worth a line in the
 * console. Around the expected end the looks are close.
 *
 * <p>The constants were chosen by the benchmark's population of jobs; {@code docs/performance.md} tells what each buys.
 */
public final class PollSchedule {

    /** Shortest time between two looks: a service that many wait for is not asked more often. */
    public static final Duration MIN_INTERVAL = Duration.ofSeconds(2);

    /** Between the looks that make sure that the service really does not know a job. */
    static final Duration NOT_FOUND_INTERVAL = Duration.ofSeconds(10);

    /** A job that has not started is not about to end; a sooner look would only tell sooner that it has started. */
    private static final double QUEUED_MIN_SECONDS = 5;

    /** Share of the time since the job was created after which the next look is due, before it has started. */
    private static final double QUEUED_FRACTION = 0.2;

    /** Until the tasks tell progress, they are asked again after this time... */
    private static final double NO_PROGRESS_MIN_SECONDS = 4;

    /** ...or after this share of the time that the job runs. */
    private static final double NO_PROGRESS_FRACTION = 0.5;

    /** At most so many seconds between two looks, times the root of the seconds that the job takes in all: of all ways
     * to spend a number of looks on failures that can come at any moment, this keeps their mean delay least. */
    private static final double FAILURE_CHECK_FACTOR = 1.2;

    /** An estimate is trusted until the job runs so many times longer than it did then. */
    private static final double MAX_ESTIMATE_AGE_FACTOR = 2.5;

    /** Tasks are asked again once this share is left of the time that they promised. */
    private static final double REFINE_FRACTION = 1 / 3d;

    /** Percents that are worth asking the tasks for, because people wait them go by. */
    private static final double PROGRESS_STEP = 10;

    /** However near the end is, an estimate of it is off by up to this: progress is told every few seconds only... */
    private static final double MIN_UNCERTAINTY_SECONDS = 4;

    /** ...and, as it is told in whole percents, by this share of the time that the job takes in all. */
    private static final double UNCERTAINTY_FRACTION = 0.005;

    /** Looks while the job may end any moment, per that uncertainty. */
    private static final double POLLS_PER_UNCERTAINTY = 3;

    /** Share of the time since the job should have ended: the longer it does not, the less is known. */
    private static final double OVERDUE_FRACTION = 0.15;

    /** Random lengthening or shortening by up to this share keeps waits that began together from looking together. */
    private static final double JITTER = 0.05;

    /**
     * The next look at a job.
     *
     * @param delay from now
     * @param tasks whether to ask for the tasks as well, if the job is Processing then
     */
    record Next(Duration delay, boolean tasks) {}

    private PollSchedule() {}

    /**
     * Plans the next look.
     *
     * @param progress what the tasks told when they were last asked; null if they never were
     * @param since when the wait began; stands in for times that the service does not tell
     * @param ceiling the longest time between two looks that the user wants
     */
    static Next next(
            MediaJob job, JobProgress progress, Instant since, Instant now, Duration maxInterval, RandomGenerator random) {
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

    private static Next processing(MediaJob job, JobProgress progress, Instant since, Instant now) {
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
                    remaining - REFINE_FRACTION * (total - elapsedAtEstimate), MAX_ESTIMATE_AGE_FACTOR * elapsedAtEstimate - elapsed);
            double untilTasks = Math.min(untilRefinement, remaining - uncertainty);
            if (untilTasks <= failureCheckInterval) {
                return next(untilTasks, true);
            }
            return next(failureCheckInterval, (elapsed + failureCheckInterval - elapsedAtEstimate) * 100 >= PROGRESS_STEP * total);
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

    /** A time that the service told; otherwise if it told none, or one that shows that its clock is ahead of ours. */
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
