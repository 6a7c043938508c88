/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.MediaJob;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Records the notifications while a job is canceled. */
final class RecordingCancellation implements CancellationListener {

    private final List<AmsException> errors = new ArrayList<>();
    private final List<JobState> states = new ArrayList<>();

    @Override
    public synchronized void onRetry(AmsException error, Duration delay) {
        errors.add(error);
    }

    @Override
    public synchronized void onPolled(MediaJob job) {
        states.add(job.state());
    }

    /** Returns the errors that led to another attempt. */
    synchronized List<AmsException> errors() {
        return List.copyOf(errors);
    }

    /** Returns the state at each poll that found the job. */
    synchronized List<JobState> states() {
        return List.copyOf(states);
    }
}
