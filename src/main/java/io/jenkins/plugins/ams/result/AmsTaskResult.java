/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.result;

import static io.jenkins.plugins.ams.result.StoredValues.copyOf;
import static io.jenkins.plugins.ams.result.StoredValues.instant;
import static io.jenkins.plugins.ams.result.StoredValues.iso;
import static io.jenkins.plugins.ams.result.StoredValues.millis;
import static io.jenkins.plugins.ams.result.StoredValues.percent;
import static io.jenkins.plugins.ams.result.StoredValues.text;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.ams.http.PlainText;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.MediaTask;
import java.io.Serializable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jenkinsci.plugins.scriptsecurity.sandbox.whitelists.Whitelisted;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/**
 * A task of a job as of its last poll. Immutable.
 *
 * @since TODO
 */
@ExportedBean(defaultVisibility = 3)
public final class AmsTaskResult implements Serializable {

    private static final long serialVersionUID = 1L;

    private String id;
    private String name;

    /** The name of the task's state in the service's documentation. */
    private String state;

    private double progress;

    /**
     * Time when the task was scheduled, in milliseconds since the epoch, like all times in this class. Null if the time
     * is unknown.
     */
    @CheckForNull
    private Long scheduledTime;

    @CheckForNull
    private Long startTime;

    @CheckForNull
    private Long endTime;

    private long runningDuration;
    private ArrayList<AmsErrorResult> errors;

    /** Creates an empty instance to be filled with stored data. */
    private AmsTaskResult() {}

    AmsTaskResult(MediaTask task) {
        id = PlainText.line(task.id());
        name = PlainText.line(task.name());
        state = task.state().label();
        progress = task.progress();
        scheduledTime = millis(task.scheduledTime());
        startTime = millis(task.startTime());
        endTime = millis(task.endTime());
        runningDuration = task.runningDuration().toMillis();
        if (!task.errors().isEmpty()) {
            errors = new ArrayList<>();
            task.errors().forEach(error -> errors.add(new AmsErrorResult(name, error)));
        }
    }

    /**
     * Returns the task's ID. The format is {@code nb:tid:UUID:<guid>} in AMS v2. In other APIs, the ID is the index of
     * the output.
     */
    @Whitelisted
    @Exported
    public String getId() {
        return text(id);
    }

    /** Returns the task's name, or an empty string if the task has no name. */
    @Whitelisted
    @Exported
    public String getName() {
        return text(name);
    }

    /** Returns the service's name for the task's state. */
    @Whitelisted
    @Exported
    public String getState() {
        return state().label();
    }

    /** Returns the progress in percent, from 0 to 100. */
    @Whitelisted
    @Exported
    public double getProgress() {
        return percent(progress);
    }

    /**
     * Returns the time when the task was scheduled, in ISO 8601 format (UTC), or null if the task has not been
     * scheduled or if the time is unknown.
     */
    @Whitelisted
    @Exported
    @CheckForNull
    public String getScheduledTime() {
        return iso(scheduled());
    }

    /** Returns the time when the task started, in ISO 8601 format (UTC), or null if the task has not started. */
    @Whitelisted
    @Exported
    @CheckForNull
    public String getStartTime() {
        return iso(started());
    }

    /** Returns the time when the task ended, in ISO 8601 format (UTC), or null if the task has not ended. */
    @Whitelisted
    @Exported
    @CheckForNull
    public String getEndTime() {
        return iso(ended());
    }

    /** Returns the execution time in milliseconds, or 0 if it is unknown. */
    @Whitelisted
    @Exported
    public long getRunningDuration() {
        return Math.max(0, runningDuration);
    }

    /** Returns the task's errors. The list is empty unless the task failed. */
    @Whitelisted
    @Exported
    public List<AmsErrorResult> getErrors() {
        return copyOf(errors);
    }

    @Restricted(NoExternalUse.class)
    public JobState state() {
        return JobState.named(text(state));
    }

    @Restricted(NoExternalUse.class)
    @CheckForNull
    public Instant scheduled() {
        return instant(scheduledTime);
    }

    @Restricted(NoExternalUse.class)
    @CheckForNull
    public Instant started() {
        return instant(startTime);
    }

    @Restricted(NoExternalUse.class)
    @CheckForNull
    public Instant ended() {
        return instant(endTime);
    }

    @Override
    @Whitelisted
    public String toString() {
        return "task " + getName() + ' ' + getState();
    }
}
