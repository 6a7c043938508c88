/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

import java.time.Duration;
import java.time.Instant;

/**
 * A job as the service described it at one look.
 *
 * @param id the job's identifier
 * @param name the job's name as its creator chose it, unescaped and possibly hostile; empty if it has none
 * @param state the state; {@link JobState#UNKNOWN} for one that is not documented
 * @param stateText the state in the service's own word or number; empty if it sent none
 * @param created when the job was created; null if the service did not say
 * @param startTime when the first task started; null before
 * @param endTime when the job ended, in any of the terminal states; null before
 * @param runningDuration execution time, which is less than {@code endTime - startTime}; the service sends milliseconds
 *     although half of its documentation says seconds; zero until it is known
 * @param requestId the service's id of the request that told this, which its support asks for; null if it gave none
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
        String requestId) {

    /**
     * The state as people should read it: its documented name, or the service's own word for one that is not documented,
     * which is possibly hostile.
     */
    public String stateLabel() {
        return state == JobState.UNKNOWN && !stateText.isEmpty() ? stateText : state.label();
    }

    /** The same job, told by a request. */
    public MediaJob withRequestId(String id) {
        return new MediaJob(this.id, name, state, stateText, created, startTime, endTime, runningDuration, id);
    }
}
