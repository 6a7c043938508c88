/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A task of an AMS job. Services report progress and errors for tasks only, not for jobs.
 *
 * @param id the task's ID: {@code nb:tid:UUID:<guid>} in AMS v2, the index of the output in v3-style APIs
 * @param name the task's name, unescaped and untrusted; may be empty
 * @param state the state
 * @param progress the progress in percent, 0 to 100; only reliable while the task is Processing
 * @param scheduledTime the time when the task became Scheduled; null before, and if the service keeps no history
 * @param startTime the start of the task; null before
 * @param endTime the end of the task; null before
 * @param runningDuration the execution time; zero until it is known
 * @param errors the errors of a failed task, in the service's order; otherwise empty
 */
public record MediaTask(
        String id,
        String name,
        JobState state,
        double progress,
        Instant scheduledTime,
        Instant startTime,
        Instant endTime,
        Duration runningDuration,
        List<ErrorDetail> errors) {

    public MediaTask {
        errors = List.copyOf(errors);
    }
}
