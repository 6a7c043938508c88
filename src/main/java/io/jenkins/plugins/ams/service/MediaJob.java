/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A job as the service described it in one response.
 *
 * @param id the job's ID
 * @param name the name that the job's creator chose, untrusted and not escaped; may be empty
 * @param state the job's state; {@link JobState#UNKNOWN} if the state is undocumented
 * @param stateText the documented name of the state. If the state is undocumented, this is the untrusted string that
 *     the service sent, which may be empty
 * @param created the time when the job was created, or null if the service did not send this time
 * @param startTime the time when the first task started, or null if no task has started
 * @param endTime the time when the job reached a terminal state, or null if the job has not ended
 * @param runningDuration the execution time, which is less than {@code endTime - startTime}; zero if the execution time
 *     is not known yet. AMS v2 sends milliseconds, although parts of its documentation say seconds
 * @param requestId the ID that the service assigned to the request, for support cases, or null if the service did not
 *     send a request ID
 * @param details the tasks and output assets, if the response contained them
 */
public record MediaJob(
        JobId id,
        String name,
        JobState state,
        String stateText,
        Instant created,
        Instant startTime,
        Instant endTime,
        Duration runningDuration,
        String requestId,
        Optional<JobDetails> details) {

    public MediaJob {
        stateText = state == JobState.UNKNOWN ? stateText : state.label();
    }

    /** Creates a job without details, which have to be requested separately. */
    public MediaJob(
            JobId id,
            String name,
            JobState state,
            String stateText,
            Instant created,
            Instant startTime,
            Instant endTime,
            Duration runningDuration,
            String requestId) {
        this(id, name, state, stateText, created, startTime, endTime, runningDuration, requestId, Optional.empty());
    }

    /** Returns the name of the state for display; never empty. */
    public String stateLabel() {
        return stateText.isEmpty() ? state.label() : stateText;
    }

    /** Returns a copy of this job with the given request ID. */
    public MediaJob withRequestId(@CheckForNull String id) {
        return new MediaJob(this.id, name, state, stateText, created, startTime, endTime, runningDuration, id, details);
    }
}
