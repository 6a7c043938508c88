package io.jenkins.plugins.ams.watch;

import io.jenkins.plugins.ams.service.JobId;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Asks the service to cancel one job. The request has an effect, so it is repeated only after a fault that is transient,
 * and it may be: a job that is being cancelled already answers that there is nothing to cancel.
 */
final class Cancellation {

    /** Whoever aborted the build is told to see to the job himself rather than left without a word. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final JobWatcher watcher;
    private final Connection connection;
    private final JobId job;
    private final CompletableFuture<Boolean> answer;
    private final long until;
    private int faults;

    Cancellation(JobWatcher watcher, Connection connection, JobId job, CompletableFuture<Boolean> answer) {
        this.watcher = watcher;
        this.connection = connection;
        this.job = job;
        this.answer = answer;
        this.until = watcher.timer().millis() + PATIENCE.toMillis();
    }

    void ask() {
        connection.send(() -> connection.service().cancel(job), this::answered);
    }

    private void answered(Boolean accepted, Exception fault) {
        if (fault == null) {
            // after a fault, "nothing to cancel" is most likely the echo of a request that did arrive
            answer.complete(accepted || faults > 0);
            return;
        }
        faults++;
        Duration pause = RetryPolicy.isTransient(fault) ? connection.faulted(fault, faults) : null;
        if (pause == null || watcher.timer().millis() + pause.toMillis() > until) {
            answer.completeExceptionally(fault);
        } else {
            watcher.timer().after(pause, () -> watcher.execute(this::ask));
        }
    }
}
