package io.jenkins.plugins.ams.watch;

import io.jenkins.plugins.ams.service.Job;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;

/**
 * How far a job is. The service has no progress of a job, only of its tasks, and of those it is only to be trusted
 * while they are Processing; the mean over the tasks is what the service's own client library shows.
 *
 * @param percent 0 to 100 over all tasks
 * @param rest estimated time until the job ends; null while there is nothing to estimate it from
 */
public record Progress(double percent, Duration rest) {

    /** Below this, the extrapolation is noise. */
    private static final double LEAST_PERCENT = 2;

    /** Reads a job's progress from its tasks. */
    public static Progress of(Job job, List<Task> tasks, Instant now) {
        double percent = tasks.stream().mapToDouble(Progress::of).average().orElse(0);
        if (job.state() != JobState.PROCESSING || job.startTime() == null || percent < LEAST_PERCENT) {
            return new Progress(percent, null);
        }
        Duration elapsed = elapsed(job.startTime(), now);
        double rest = elapsed.toMillis() * (100 - percent) / percent;
        return new Progress(percent, Duration.ofMillis(Math.round(rest)));
    }

    /** The time since an instant of the service's clock; zero if that clock is ahead of ours. */
    static Duration elapsed(Instant since, Instant now) {
        Duration elapsed = Duration.between(since, now);
        return elapsed.isNegative() ? Duration.ZERO : elapsed;
    }

    /** The estimated time until the end, in seconds. */
    public OptionalDouble restSeconds() {
        return rest == null ? OptionalDouble.empty() : OptionalDouble.of(rest.toMillis() / 1000d);
    }

    private static double of(Task task) {
        return switch (task.state()) {
            case FINISHED -> 100;
            case PROCESSING -> Math.max(0, Math.min(100, task.progress()));
            default -> 0;
        };
    }
}
