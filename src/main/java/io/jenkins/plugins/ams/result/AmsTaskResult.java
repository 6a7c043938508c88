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
import io.jenkins.plugins.ams.console.ConsoleLog;
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
 * A task of a job as it was last polled. Immutable.
 *
 * @since TODO
 */
@ExportedBean(defaultVisibility = 3)
public final class AmsTaskResult implements Serializable {

    private static final long serialVersionUID = 1L;

    private String id;
    private String name;

    /** The documented name of the state. */
    private String state;

    private double progress;

    /** Milliseconds since the epoch, as are all times; null if unknown. */
    private Long scheduledTime;

    private Long startTime;
    private Long endTime;
    private long runningDuration;
    private ArrayList<AmsErrorResult> errors;

    /** Used to read stored data. */
    private AmsTaskResult() {}

    AmsTaskResult(MediaTask task) {
        id = ConsoleLog.plain(task.id());
        name = ConsoleLog.plain(task.name());
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

    /** Returns the task's ID: {@code nb:tid:UUID:<guid>} in AMS v2, the index of the output in the other APIs. */
    @Whitelisted
    @Exported
    public String getId() {
        return text(id);
    }

    /** Returns the task's name; may be empty. */
    @Whitelisted
    @Exported
    public String getName() {
        return text(name);
    }

    /** Returns the task's state, in the service's word. */
    @Whitelisted
    @Exported
    public String getState() {
        return state().label();
    }

    /** Returns the progress in percent, 0 to 100. */
    @Whitelisted
    @Exported
    public double getProgress() {
        return percent(progress);
    }

    /** Returns when the task was scheduled, as ISO 8601 in UTC; null before, and if the service did not send it. */
    @Whitelisted
    @Exported
    @CheckForNull
    public String getScheduledTime() {
        return iso(scheduled());
    }

    /** Returns when the task started, as ISO 8601 in UTC; null before. */
    @Whitelisted
    @Exported
    @CheckForNull
    public String getStartTime() {
        return iso(started());
    }

    /** Returns when the task ended, as ISO 8601 in UTC; null before. */
    @Whitelisted
    @Exported
    @CheckForNull
    public String getEndTime() {
        return iso(ended());
    }

    /** Returns the execution time in milliseconds; 0 until it is known. */
    @Whitelisted
    @Exported
    public long getRunningDuration() {
        return Math.max(0, runningDuration);
    }

    /** Returns why the task failed; empty unless it did. */
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
