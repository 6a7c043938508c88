/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.soak;

import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.emulator.StateNumbers;
import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.polling.CancellationListener;
import io.jenkins.plugins.ams.polling.JobPoller;
import io.jenkins.plugins.ams.polling.PollTarget;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.ServiceException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A cancellation of the soak test, which compares its outcome with the state of the job. */
final class SoakCancellation implements CancellationListener {

    private final JobId id;
    private final EmulatedJob job;
    private final PollTarget.Source targets;
    private final Consumer<SoakCancellation> done;
    private CompletableFuture<Boolean> outcome = new CompletableFuture<>();
    private boolean started;
    private volatile boolean rejected;
    private volatile String mismatch;

    SoakCancellation(JobId id, EmulatedJob job, PollTarget.Source targets, Consumer<SoakCancellation> done) {
        this.id = id;
        this.job = job;
        this.targets = targets;
        this.done = done;
    }

    /** Cancels the job, or continues after a restart with a new poller. */
    synchronized void start(JobPoller poller) {
        CompletableFuture<Boolean> before = outcome;
        CompletableFuture<Boolean> next = poller.cancelJob(id, targets, Duration.ofDays(1), started, this);
        started = true;
        outcome = next;
        before.cancel(false);
        next.whenComplete((accepted, error) -> {
            if (isCurrent(next)) {
                check(accepted, error == null ? null : AmsException.of(error));
                done.accept(this);
            }
        });
    }

    private synchronized boolean isCurrent(CompletableFuture<Boolean> completed) {
        return completed == outcome;
    }

    /** Returns the difference between the outcome and the job, or null if there is none. */
    String mismatch() {
        return mismatch;
    }

    /** Returns whether the service has rejected the cancellation, which is a valid outcome. */
    boolean isRejected() {
        return rejected;
    }

    /** Finishes the job, so that polling ends. */
    void finishJob() {
        job.finish();
    }

    @Override
    public void onRetry(AmsException error, Duration delay) {
        // contains no state of the job
    }

    @Override
    public void onPolled(MediaJob polled) {
        JobState now = StateNumbers.state(job.state());
        if (polled.state().isTerminal() && polled.state() != now) {
            mismatch = "polled " + polled.state() + " for a job in " + now;
        }
    }

    private void check(Boolean accepted, AmsException error) {
        JobState state = StateNumbers.state(job.state());
        boolean canceled = state == JobState.CANCELING || state == JobState.CANCELED;
        boolean correct;
        if (error == null) {
            correct = canceled || !accepted && state.isTerminal();
        } else {
            rejected = error instanceof ServiceException service && service.status() == ServiceFaults.LOCKED;
            correct = rejected && !canceled;
        }
        if (!correct) {
            mismatch = "outcome " + (error == null ? accepted : error) + " for a job in " + state;
        }
    }
}
