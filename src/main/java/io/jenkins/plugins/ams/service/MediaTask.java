/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * One task of an AMS job. Progress and errors exist only here: a job has neither.
 *
 * @param id {@code nb:tid:UUID:<guid>}
 * @param name the task's name, unescaped and possibly hostile; empty if it has none
 * @param state the state
 * @param progress 0 to 100; the service's word for it is only worth something while the task is Processing
 * @param scheduledTime when the task was Scheduled; null before, and if the service keeps no history of it
 * @param startTime when the task started; null before
 * @param endTime when it ended; null before
 * @param runningDuration execution time; zero until it is known
 * @param errors why it failed, in the service's order; empty unless it did
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
