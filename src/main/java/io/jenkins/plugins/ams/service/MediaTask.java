/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A task of an AMS job. Services report progress and errors only for tasks, not for jobs.
 *
 * @param id the task's ID: {@code nb:tid:UUID:<guid>} in AMS v2, or the output's index in v3-style APIs
 * @param name the task's name, untrusted and not escaped; may be empty
 * @param state the task's state
 * @param progress the progress as a percentage, from 0 to 100; reliable only while the task is Processing
 * @param scheduledTime the time when the task became Scheduled, or null if the task has not been scheduled or the
 *     service provides no task history
 * @param startTime the time when the task started, or null if the task has not started
 * @param endTime the time when the task ended, or null if the task has not ended
 * @param runningDuration the execution time; zero if the execution time is not known yet
 * @param errors the task's errors, in the order in which the service returned them; empty unless the task failed
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
