package io.jenkins.plugins.ams.watch;

import io.jenkins.plugins.ams.service.Job;
import io.jenkins.plugins.ams.service.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * When to look again at a job that has not ended: where little is known, in proportion to the time that has passed
 * already (so that the delay stays a fixed share of the whole, however long that is); where the tasks tell their
 * progress, a share of the rest that it promises.
 */
public final class PollSchedule {

    /** Shortest time between two looks: a service that many wait for is not asked more often. */
    public static final Duration FLOOR = Duration.ofSeconds(2);

    /** Between the looks that make sure that the service really does not know a job. */
    static final Duration UNKNOWN_JOB = Duration.ofSeconds(10);

    /** Share of the time already waited (or run without telling progress) after which the next look is due. */
    private static final double SHARE_OF_ELAPSED = 0.1;

    /** Share of the estimated rest: less than half, as estimates are rough, and so the looks close in on the end. */
    private static final double SHARE_OF_REST = 0.4;

    /** An estimate that is drawn from a short time is not trusted for much longer than that. */
    private static final double TRUST_IN_ESTIMATE = 0.5;

    /** Random lengthening or shortening by up to this share keeps waits that began together from looking together. */
    private static final double JITTER = 0.1;

    private PollSchedule() {}

    /**
     * The time from now to the next look.
     *
     * @param since when the wait began; stands in for times that the service does not tell
     * @param ceiling the longest time between two looks that the user wants
     */
    public static Duration next(
            Job job, List<Task> tasks, Instant since, Instant now, Duration ceiling, RandomGenerator random) {
        Duration delay =
                switch (job.state()) {
                    case PROCESSING -> processing(job, tasks, since, now);
                    case CANCELING -> FLOOR;
                    default -> share(SHARE_OF_ELAPSED, Progress.elapsed(or(job.created(), since), now));
                };
        Duration jittered = share(1 - JITTER + 2 * JITTER * random.nextDouble(), delay);
        return clamp(jittered, ceiling);
    }

    private static Duration processing(Job job, List<Task> tasks, Instant since, Instant now) {
        Duration elapsed = Progress.elapsed(or(job.startTime(), since), now);
        Duration rest = Progress.of(job, tasks, now).rest();
        if (rest == null) {
            return share(SHARE_OF_ELAPSED, elapsed);
        }
        Duration predicted = share(SHARE_OF_REST, rest);
        Duration trusted = share(TRUST_IN_ESTIMATE, elapsed);
        return predicted.compareTo(trusted) < 0 ? predicted : trusted;
    }

    private static Instant or(Instant told, Instant otherwise) {
        return told == null ? otherwise : told;
    }

    private static Duration share(double factor, Duration of) {
        return Duration.ofMillis(Math.round(factor * of.toMillis()));
    }

    private static Duration clamp(Duration delay, Duration ceiling) {
        Duration longest = ceiling.compareTo(FLOOR) < 0 ? FLOOR : ceiling;
        if (delay.compareTo(FLOOR) < 0) {
            return FLOOR;
        }
        return delay.compareTo(longest) > 0 ? longest : delay;
    }
}
