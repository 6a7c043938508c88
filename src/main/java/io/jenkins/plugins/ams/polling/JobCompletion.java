/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.service.JobDetails;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.MediaTask;
import io.jenkins.plugins.ams.service.ServiceException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Retrieves the details of a job that has ended, and then ends its wait. The details are the job's tasks with their
 * errors, and its output assets.
 *
 * <p>Only the wait's own tasks, which run one at a time, write the fields. Any thread can read them.
 */
final class JobCompletion {

    /**
     * Maximum time for which requests for details are retried. The wait can end without the details, since the job's
     * state is final.
     */
    static final Duration DETAILS_TIMEOUT = Duration.ofMinutes(3);

    /**
     * Maximum time for which rejected requests for details are retried. This time is short because the job may have
     * been deleted.
     */
    static final Duration MAX_REJECTED_DETAILS = Duration.ofSeconds(30);

    /** A value that is earlier than any time on the scheduler's clock. */
    private static final long NEVER = Long.MIN_VALUE;

    private final JobPoller poller;
    private final JobWait wait;
    private final MediaJob job;
    private final long endSeenAt;
    private volatile List<MediaTask> tasks;
    private volatile long detailsSentAt = NEVER;

    /** @param tasks the tasks from an earlier poll, used if the details cannot be retrieved */
    JobCompletion(JobPoller poller, JobWait wait, MediaJob job, List<MediaTask> tasks) {
        this.poller = poller;
        this.wait = wait;
        this.job = job;
        this.tasks = tasks;
        this.endSeenAt = poller.scheduler().millis();
    }

    /** Ends the wait if the poll's response contained the details; otherwise, requests the details. */
    void begin() {
        job.details().ifPresentOrElse(this::end, this::request);
    }

    /** Requests the details again after a poll. The poll was sent because an earlier request for details failed. */
    void onPolled(@CheckForNull AmsException error) {
        if (error == null) {
            request();
        } else {
            onError(error);
        }
    }

    private void request() {
        wait.queue()
                .sendForDetails(
                        wait,
                        service -> {
                            onSent();
                            return service.tasks(job.id());
                        },
                        (found, error) -> {
                            if (error == null) {
                                requestAssets(found);
                            } else {
                                onError(error);
                            }
                        });
    }

    private void requestAssets(List<MediaTask> found) {
        tasks = found;
        wait.queue().sendForDetails(wait, service -> service.outputAssets(job.id()), (assets, error) -> {
            if (error == null) {
                end(new JobDetails(found, assets));
            } else {
                onError(error);
            }
        });
    }

    private void end(JobDetails details) {
        wait.errors().onRecovered();
        wait.end(new WaitOutcome.Completed(job, details, null));
    }

    private void onError(AmsException error) {
        boolean isTransient = error.isTransient();
        if (isTransient || error.isRejection()) { // unexpected exceptions are not retried
            Duration remaining = (isTransient ? DETAILS_TIMEOUT : MAX_REJECTED_DETAILS).minus(sinceSent());
            Duration retryDelay = wait.queue().onError(error, wait.errors().add(error, false));
            if (retryDelay.compareTo(remaining) < 0) {
                wait.errors().report(error, retryDelay, remaining);
                wait.queue().enqueue(wait, retryDelay);
                return;
            }
        }
        wait.end(withoutDetails(Optional.of(error)));
    }

    /**
     * Returns the outcome of a wait for a job whose details could not be retrieved.
     *
     * @param error the error of the last request; empty if there was no response
     */
    WaitOutcome withoutDetails(Optional<AmsException> error) {
        return new WaitOutcome.Completed(
                job,
                new JobDetails(tasks, List.of()),
                error.orElseGet(() -> ServiceException.noResponse("no response within the time limit")));
    }

    /**
     * Returns whether retrieving the details has taken too long. Time in the queue behind other waits' requests does
     * not count.
     */
    boolean isOverdue(AccountQueue queue) {
        boolean backingOff = queue.health().isBackingOff();
        Duration waiting = detailsSentAt == NEVER && backingOff
                ? Duration.ofMillis(poller.scheduler().millis() - endSeenAt)
                : sinceSent();
        return waiting.compareTo(DETAILS_TIMEOUT) >= 0;
    }

    private void onSent() {
        if (detailsSentAt == NEVER) {
            detailsSentAt = poller.scheduler().millis();
        }
    }

    /** Returns the time since details were first requested, or zero if they have not been requested yet. */
    private Duration sinceSent() {
        return detailsSentAt == NEVER
                ? Duration.ZERO
                : Duration.ofMillis(poller.scheduler().millis() - detailsSentAt);
    }
}
