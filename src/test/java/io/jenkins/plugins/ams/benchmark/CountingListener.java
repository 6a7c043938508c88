/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.benchmark;

import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.polling.JobProgress;
import io.jenkins.plugins.ams.polling.JobWaitListener;
import io.jenkins.plugins.ams.polling.WaitOutcome;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.MediaTask;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the errors that another listener is notified of, and outcomes that are none of a job. */
final class CountingListener implements JobWaitListener {

    private final JobWaitListener listener;
    private final AtomicInteger errors;

    CountingListener(JobWaitListener listener, AtomicInteger errors) {
        this.listener = listener;
        this.errors = errors;
    }

    @Override
    public void onPolled(MediaJob job, List<MediaTask> tasks, JobProgress progress) {
        listener.onPolled(job, tasks, progress);
    }

    @Override
    public void onError(AmsException error, Duration retryDelay) {
        count(error);
        listener.onError(error, retryDelay);
    }

    @Override
    public void onRejected(AmsException error, Duration retryDelay, Duration retryPeriod) {
        count(error);
        listener.onRejected(error, retryDelay, retryPeriod);
    }

    @Override
    public void onRecovered(Duration after) {
        listener.onRecovered(after);
    }

    @Override
    public void onHeartbeat(AmsException error, Duration failingFor, Duration untilPoll) {
        if (error != null) {
            count(error);
        }
        listener.onHeartbeat(error, failingFor, untilPoll);
    }

    @Override
    public void onEnded(WaitOutcome outcome) {
        if (!(outcome instanceof WaitOutcome.Completed)) {
            count(outcome);
        }
        listener.onEnded(outcome);
    }

    /** The first is shown, since there should be none. */
    private void count(Object what) {
        if (errors.getAndIncrement() == 0) {
            System.out.println("An error that should not be: " + what);
        }
    }
}
