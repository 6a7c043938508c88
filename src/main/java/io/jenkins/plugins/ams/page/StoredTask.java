/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.page;

import io.jenkins.plugins.ams.console.ConsoleLog;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.MediaTask;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/**
 * One task of a job at one look, as the build's page keeps it. Never changes.
 *
 * @since TODO
 */
@ExportedBean(defaultVisibility = 3)
@Restricted(NoExternalUse.class)
public final class StoredTask {

    private final String id;
    private final String name;
    private final Integer stateNumber;
    private final double progress;
    private final Long scheduledTime;
    private final Long startTime;
    private final Long endTime;
    private final long runningDuration;
    private final ArrayList<StoredError> errors = new ArrayList<>();

    StoredTask(MediaTask task) {
        id = ConsoleLog.plain(task.id());
        name = ConsoleLog.plain(task.name());
        stateNumber = task.state().ordinal();
        progress = task.progress();
        scheduledTime = StoredJob.millis(task.scheduledTime());
        startTime = StoredJob.millis(task.startTime());
        endTime = StoredJob.millis(task.endTime());
        runningDuration = task.runningDuration().toMillis();
        task.errors().forEach(error -> errors.add(new StoredError(name, error)));
    }

    /** {@code nb:tid:UUID:<guid>}. */
    @Exported
    public String getId() {
        return StoredJob.text(id);
    }

    /** The task's name. */
    @Exported
    public String getName() {
        return StoredJob.text(name);
    }

    /** The task's state, in the service's word. */
    @Exported
    public String getState() {
        return state().label();
    }

    /** 0 to 100. */
    @Exported
    public double getProgress() {
        return StoredJob.percent(progress);
    }

    /** When it was scheduled, ISO 8601 in UTC; null before, and if the service did not say. */
    @Exported
    public String getScheduledTime() {
        return StoredJob.iso(StoredJob.instant(scheduledTime));
    }

    /** When it started. */
    @Exported
    public String getStartTime() {
        return StoredJob.iso(StoredJob.instant(startTime));
    }

    /** When it ended. */
    @Exported
    public String getEndTime() {
        return StoredJob.iso(StoredJob.instant(endTime));
    }

    /** Execution time in milliseconds. */
    @Exported
    public long getRunningDuration() {
        return Math.max(0, runningDuration);
    }

    /** Why it failed; empty unless it did. */
    @Exported
    public List<StoredError> getErrors() {
        return StoredJob.present(errors, StoredError.class);
    }

    JobState state() {
        return StoredJob.state(stateNumber);
    }

    Instant scheduled() {
        return StoredJob.instant(scheduledTime);
    }

    Instant started() {
        return StoredJob.instant(startTime);
    }

    Instant ended() {
        return StoredJob.instant(endTime);
    }
}
