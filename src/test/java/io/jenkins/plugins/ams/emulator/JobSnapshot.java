/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import java.time.Instant;
import java.util.List;

/**
 * What a job is at one instant.
 *
 * @param id {@code nb:jid:UUID:<guid>}
 * @param name the job's name
 * @param state the number of Job.State
 * @param created when it was added
 * @param lastModified when its state last changed
 * @param startTime when the first task started; null before
 * @param endTime when it ended; null before
 * @param runningMillis execution time of all tasks that have ended
 * @param tasks in the script's order
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
     * @param id {@code nb:tid:UUID:<guid>}
     * @param name the task's name
     * @param state the number of Task.State, the same as for jobs
     * @param progress 0 to 100
     * @param startTime null before the start
     * @param endTime null before the end
     * @param runningMillis execution time, 0 before the end
     * @param errors why it failed; empty unless it did
     * @param events what happened so far
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

    /** An ErrorDetail of the AMS REST reference. */
    public record Error(String code, String message) {}

    /** A TaskHistoricalEvent of the AMS REST reference; the message may be null. */
    public record Event(String code, String message, Instant time) {}

    /** @param uri null if it was deleted since */
    public record Asset(String id, String name, String uri) {}
}
