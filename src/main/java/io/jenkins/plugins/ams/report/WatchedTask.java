/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.report;

import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.Task;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/**
 * One task of a job at one look, as the build's page keeps it. Never changes.
 *
 * @since TODO
 */
@ExportedBean(defaultVisibility = 3)
public final class WatchedTask {

    private final String id;
    private final String name;
    private final Integer stateNumber;
    private final double progress;
    private final Long scheduledTime;
    private final Long startTime;
    private final Long endTime;
    private final long runningDuration;
    private final ArrayList<WatchedError> errors = new ArrayList<>();

    WatchedTask(Task task) {
        id = ConsoleLog.plain(task.id());
        name = ConsoleLog.plain(task.name());
        stateNumber = task.state().number();
        progress = task.progress();
        scheduledTime = WatchedJob.millis(task.scheduledTime());
        startTime = WatchedJob.millis(task.startTime());
        endTime = WatchedJob.millis(task.endTime());
        runningDuration = task.runningDuration().toMillis();
        task.errors().forEach(error -> errors.add(new WatchedError(name, error)));
    }

    /** {@code nb:tid:UUID:<guid>}. */
    @Exported
    public String getId() {
        return WatchedJob.text(id);
    }

    /** The task's name. */
    @Exported
    public String getName() {
        return WatchedJob.text(name);
    }

    /** The task's state, in the service's word. */
    @Exported
    public String getState() {
        return state().label();
    }

    /** 0 to 100. */
    @Exported
    public double getProgress() {
        return WatchedJob.percent(progress);
    }

    /** When it was scheduled, ISO 8601 in UTC; null before, and if the service did not say. */
    @Exported
    public String getScheduledTime() {
        return WatchedJob.iso(WatchedJob.instant(scheduledTime));
    }

    /** When it started. */
    @Exported
    public String getStartTime() {
        return WatchedJob.iso(WatchedJob.instant(startTime));
    }

    /** When it ended. */
    @Exported
    public String getEndTime() {
        return WatchedJob.iso(WatchedJob.instant(endTime));
    }

    /** Execution time in milliseconds. */
    @Exported
    public long getRunningDuration() {
        return Math.max(0, runningDuration);
    }

    /** Why it failed; empty unless it did. */
    @Exported
    public List<WatchedError> getErrors() {
        return WatchedJob.present(errors, WatchedError.class);
    }

    JobState state() {
        return WatchedJob.state(stateNumber);
    }

    Instant scheduled() {
        return WatchedJob.instant(scheduledTime);
    }

    Instant started() {
        return WatchedJob.instant(startTime);
    }

    Instant ended() {
        return WatchedJob.instant(endTime);
    }
}
