/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A job as the service described it in one response.
 *
 * @param id the job's ID
 * @param name the job's name as its creator chose it, unescaped and untrusted; may be empty
 * @param state the state; {@link JobState#UNKNOWN} for an undocumented state
 * @param stateText the service's own word for the state: its documented name, or the untrusted text of an undocumented
 *     state, which may be empty
 * @param created the time of creation; null if the service did not send it
 * @param startTime the start of the first task; null before
 * @param endTime the time when the job reached a terminal state; null before
 * @param runningDuration the execution time, which is less than {@code endTime - startTime}; zero until it is known.
 *     AMS v2 sends milliseconds, although half of its documentation says seconds
 * @param requestId the service's ID of the request, for support cases; null if the service did not send one
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

    /** Creates a job whose details have to be requested. */
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

    /** Returns the state for display, which is never empty. */
    public String stateLabel() {
        return stateText.isEmpty() ? state.label() : stateText;
    }

    /** Returns a copy of this job with the ID of the request that returned it. */
    public MediaJob withRequestId(String id) {
        return new MediaJob(this.id, name, state, stateText, created, startTime, endTime, runningDuration, id, details);
    }
}
