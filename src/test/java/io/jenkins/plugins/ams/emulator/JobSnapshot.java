/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import java.time.Instant;
import java.util.List;

/**
 * The state and details of a job at one instant.
 *
 * @param id {@code nb:jid:UUID:<guid>}
 * @param name the job's name
 * @param state the number of the state
 * @param created when the job was added
 * @param lastModified when its state last changed
 * @param startTime when the first task started, or null before that
 * @param endTime when the job ended, or null before that
 * @param runningMillis the execution time of all tasks that have ended
 * @param tasks the tasks in the script's order
 * @param assets the output assets
 */
public record JobSnapshot(
        String id,
        String name,
        int state,
        Instant created,
        Instant lastModified,
        Instant startTime,
        Instant endTime,
        long runningMillis,
        List<Task> tasks,
        List<Asset> assets) {

    /**
     * The state and details of a task.
     *
     * @param id {@code nb:tid:UUID:<guid>}
     * @param name the task's name
     * @param state the number of the state, as for jobs
     * @param progress 0 to 100
     * @param startTime when the task started, or null before that
     * @param endTime when the task ended, or null before that
     * @param runningMillis the execution time, or 0 before the end
     * @param errors the errors of a failed task
     * @param events the events so far
     */
    public record Task(
            String id,
            String name,
            int state,
            double progress,
            Instant startTime,
            Instant endTime,
            long runningMillis,
            List<Error> errors,
            List<Event> events) {}

    /** An error of a task (ErrorDetail in the AMS REST reference). */
    public record Error(String code, String message) {}

    /** An event of a task (TaskHistoricalEvent in the AMS REST reference). The message may be null. */
    public record Event(String code, String message, Instant time) {}

    /** @param uri the address, or null if the asset was deleted */
    public record Asset(String id, String name, String uri) {}
}
