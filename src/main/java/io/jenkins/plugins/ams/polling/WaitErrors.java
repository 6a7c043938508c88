/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import io.jenkins.plugins.ams.http.AmsException;
import java.time.Duration;
import java.util.Optional;

/**
 * Keeps track of a wait's consecutive errors: how many there are, how long they have lasted, and whether they have been
 * reported to the listener.
 *
 * <p>Guarded by the {@link JobWait}'s lock, which every method acquires.
 */
final class WaitErrors {

    /** Minimum number of polls that must fail to find the job before the wait ends. */
    static final int MIN_NOT_FOUND_POLLS = 3;

    /**
     * Minimum time for which a job that was never found must be missing before the wait ends. The job may have just
     * been created, and job lists can be several seconds out of date.
     */
    static final Duration MIN_NOT_FOUND = Duration.ofSeconds(20);

    /**
     * Minimum time for which a job that has already been found must be missing before the wait ends. This time is
     * longer than {@link #MIN_NOT_FOUND}: jobs are rarely deleted, so an outdated replica of the service is a more
     * likely cause.
     */
    static final Duration MIN_NOT_FOUND_ANY_MORE = Duration.ofMinutes(2);

    private static final long NOT_FAILING = -1;

    private final Scheduler scheduler;
    private final JobWait wait;
    private final RejectionPeriod rejections = new RejectionPeriod();
    private final RejectionPeriod missing = new RejectionPeriod();
    private int count;
    private int targetChanges;
    private boolean separate;
    private AmsException current;
    private long failingSince = NOT_FAILING;
    private boolean rejectionReported;

    WaitErrors(Scheduler scheduler, JobWait wait) {
        this.scheduler = scheduler;
        this.wait = wait;
    }

    /** Returns the latest error if polls are currently failing; empty otherwise. */
    Optional<AmsException> current() {
        synchronized (wait) {
            return Optional.ofNullable(current);
        }
    }

    /** Returns the time since the first of the consecutive errors, or zero if there is no error. */
    Duration failingFor() {
        synchronized (wait) {
            return failingSince == NOT_FAILING ? Duration.ZERO : Duration.ofMillis(scheduler.millis() - failingSince);
        }
    }

    /**
     * Returns whether the next poll requests only this job, because the last response was an error or did not contain
     * the job.
     */
    boolean isSeparate() {
        synchronized (wait) {
            return separate;
        }
    }

    /** Called when a poll finds the job. Requests for the job's details may still fail. */
    void onFound() {
        synchronized (wait) {
            missing.reset();
            rejections.reset();
            targetChanges = 0;
            separate = false;
        }
    }

    /**
     * Called when a poll does not find the job. The next poll requests only this job, since the service may then return
     * a more specific error.
     *
     * @param seen whether the job has already been found
     * @return the time until the job is considered nonexistent; empty if the job is now considered nonexistent
     */
    Optional<Duration> onNotFound(boolean seen) {
        synchronized (wait) {
            separate = true;
            rejections.reset();
            missing.add(scheduler.millis());
            Duration remaining = (seen ? MIN_NOT_FOUND_ANY_MORE : MIN_NOT_FOUND).minus(missing.duration());
            boolean isFinal = missing.count() >= MIN_NOT_FOUND_POLLS && remaining.compareTo(Duration.ZERO) <= 0;
            return isFinal ? Optional.empty() : Optional.of(remaining);
        }
    }

    /** Called when the service or the token authority rejects a poll. */
    void onRejected() {
        synchronized (wait) {
            missing.interrupt();
            rejections.add(scheduler.millis());
        }
    }

    /** Returns how long polls have been rejected. */
    Duration rejectedFor() {
        synchronized (wait) {
            return rejections.duration();
        }
    }

    /** Counts a change of credentials, and returns the number of changes since the job was last found. */
    int countTargetChange() {
        synchronized (wait) {
            return ++targetChanges;
        }
    }

    /**
     * Counts an error after which the job is polled again, and returns the number of consecutive errors.
     *
     * @param pollSeparately whether the next poll requests only this job
     */
    int add(AmsException error, boolean pollSeparately) {
        synchronized (wait) {
            separate = pollSeparately;
            if (error.isTransient()) {
                missing.interrupt();
                rejections.interrupt();
            }
            return ++count;
        }
    }

    /**
     * Records an error, and notifies the listener if this is the first of the consecutive errors. The first
     * nontransient error is reported even after transient errors, because the wait ends unless the error is resolved in
     * time.
     *
     * @param retryPeriod the time until a nontransient error becomes final
     */
    void report(AmsException error, Duration retryDelay, Duration retryPeriod) {
        report(error, scheduler.millis(), retryDelay, retryPeriod);
    }

    /**
     * Records an error that other waits may have encountered earlier. Notifies the listener in the same way as {@link
     * #report(AmsException, Duration, Duration)}.
     *
     * @param since the time when the first wait encountered the error, in milliseconds on the scheduler's clock
     */
    void report(AmsException error, long since, Duration retryDelay, Duration retryPeriod) {
        synchronized (wait) {
            boolean first = failingSince == NOT_FAILING;
            current = error;
            failingSince = first ? since : failingSince;
            if (!error.isTransient() && !rejectionReported) {
                rejectionReported = true;
                wait.post(Notifications.Kind.ERROR, listener -> listener.onRejected(error, retryDelay, retryPeriod));
            } else if (error.isTransient() && first) {
                wait.post(Notifications.Kind.ERROR, listener -> listener.onError(error, retryDelay));
            }
        }
    }

    /** Called when all requests of a poll have succeeded. Reports the recovery if there was an error. */
    void onRecovered() {
        synchronized (wait) {
            count = 0;
            current = null;
            rejectionReported = false;
            if (failingSince != NOT_FAILING) {
                Duration after = failingFor();
                failingSince = NOT_FAILING;
                wait.post(Notifications.Kind.RECOVERED, listener -> listener.onRecovered(after));
            }
        }
    }
}
