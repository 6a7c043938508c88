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
import io.jenkins.plugins.ams.polling.JobProgress;
import io.jenkins.plugins.ams.polling.WaitOutcome;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.MediaJob;
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
 * An AMS job as of its last poll. Builds store and show this object, the REST API exposes it, and {@code waitForAmsJob}
 * returns it to a Pipeline. It is immutable, can be used in the Groovy sandbox, and can be kept in a variable across
 * restarts. Names and messages come from the service. Each of them is a single line without control characters, but
 * they are not escaped.
 *
 * @since TODO
 */
@ExportedBean(defaultVisibility = 2)
public final class AmsJobResult implements Serializable {

    private static final long serialVersionUID = 1L;

    private String id;
    private String account;
    private String name;

    /**
     * The documented name of the state, or the service's name for an undocumented state. Null before the first poll.
     */
    @CheckForNull
    private String state;

    private double progress;

    /** Creation time in milliseconds since the epoch, like all times in this class. Null if the time is unknown. */
    @CheckForNull
    private Long created;

    @CheckForNull
    private Long startTime;

    @CheckForNull
    private Long endTime;

    private long runningDuration;
    private boolean retryable;
    private ArrayList<AmsTaskResult> tasks;
    private ArrayList<AmsAssetResult> outputAssets;

    /** Creates an empty instance to be filled with stored data or polled data. */
    private AmsJobResult() {}

    private AmsJobResult(AmsJobResult other) {
        id = other.id;
        account = other.account;
        name = other.name;
        state = other.state;
        progress = other.progress;
        created = other.created;
        startTime = other.startTime;
        endTime = other.endTime;
        runningDuration = other.runningDuration;
        retryable = other.retryable;
        tasks = other.tasks;
        outputAssets = other.outputAssets;
    }

    /** Returns a job that has not been polled yet. */
    static AmsJobResult notPolled(JobId id, @CheckForNull String account) {
        AmsJobResult job = new AmsJobResult();
        job.id = id.value();
        job.account = account;
        return job;
    }

    /** Returns a job of which only the ID and the account are known, because its stored details were lost. */
    @Restricted(NoExternalUse.class)
    public static AmsJobResult unknown(String id, @CheckForNull String account) {
        return notPolled(new JobId(id), account);
    }

    /** Creates the representation of a job that has ended from the outcome of the wait for the job. */
    @Restricted(NoExternalUse.class)
    public static AmsJobResult of(WaitOutcome.Completed completed, @CheckForNull String account, Instant now) {
        return notPolled(completed.job().id(), account).completed(completed, now);
    }

    AmsJobResult withAccount(String other) {
        AmsJobResult next = new AmsJobResult(this);
        next.account = other;
        return next;
    }

    /** Returns this job, updated after a poll that did not include its tasks. */
    AmsJobResult polled(MediaJob job) {
        AmsJobResult next = new AmsJobResult(this);
        next.read(job);
        return next;
    }

    /** Returns this job, updated after a poll. */
    AmsJobResult polled(MediaJob job, List<MediaTask> polledTasks, JobProgress reached) {
        AmsJobResult next = new AmsJobResult(this);
        next.read(job);
        next.readTasks(polledTasks);
        next.progress = reached.percent();
        return next;
    }

    /** Returns this job, updated after the job has ended. */
    AmsJobResult completed(WaitOutcome.Completed completed, Instant now) {
        AmsJobResult next = new AmsJobResult(this);
        next.read(completed.job());
        next.readTasks(completed.details().tasks());
        next.progress = completed.job().state() == JobState.FINISHED
                ? 100
                : JobProgress.of(completed.job(), completed.details().tasks(), now)
                        .percent();
        next.retryable = completed.isRetryable();
        next.outputAssets = new ArrayList<>();
        completed.details().outputAssets().forEach(asset -> next.outputAssets.add(new AmsAssetResult(asset)));
        return next;
    }

    /**
     * Returns the job's ID. The format is {@code nb:jid:UUID:<guid>} in AMS v2 and {@code transform/job} in other APIs.
     */
    @Whitelisted
    @Exported(visibility = 3)
    public String getId() {
        return text(id);
    }

    /** Returns the name of the AMS account in the Jenkins configuration. */
    @Whitelisted
    @Exported
    @CheckForNull
    public String getAccount() {
        return account;
    }

    /** Returns the job's name, or an empty string if the job has no name or has not been polled yet. */
    @Whitelisted
    @Exported(visibility = 3)
    public String getName() {
        return text(name);
    }

    /** Returns the service's name for the job's state, such as {@code Finished}, or null before the first poll. */
    @Whitelisted
    @Exported(visibility = 3)
    @CheckForNull
    public String getState() {
        return state;
    }

    /** Returns the overall progress of all tasks in percent, from 0 to 100. */
    @Whitelisted
    @Exported(visibility = 3)
    public double getProgress() {
        return percent(progress);
    }

    /** Returns the time when the job was created, in ISO 8601 format (UTC), or null if the time is unknown. */
    @Whitelisted
    @Exported
    @CheckForNull
    public String getCreated() {
        return iso(created());
    }

    /** Returns the time when the first task started, in ISO 8601 format (UTC), or null if no task has started. */
    @Whitelisted
    @Exported
    @CheckForNull
    public String getStartTime() {
        return iso(started());
    }

    /** Returns the time when the job ended, in ISO 8601 format (UTC), or null if the job has not ended. */
    @Whitelisted
    @Exported
    @CheckForNull
    public String getEndTime() {
        return iso(ended());
    }

    /**
     * Returns the execution time in milliseconds, or 0 if it is unknown. The execution time can be shorter than the
     * time from start to end.
     */
    @Whitelisted
    @Exported
    public long getRunningDuration() {
        return Math.max(0, runningDuration);
    }

    /**
     * Returns whether the job failed and the service reports that a retry may succeed. Always false in AMS v2, which
     * does not provide this information.
     */
    @Whitelisted
    @Exported
    public boolean isRetryable() {
        return retryable;
    }

    /**
     * Returns the tasks in the service's order. The list is empty until a poll finds the job in the Processing state.
     */
    @Whitelisted
    @Exported
    public List<AmsTaskResult> getTasks() {
        return copyOf(tasks);
    }

    /** Returns the errors of all tasks. */
    @Whitelisted
    @Exported
    public List<AmsErrorResult> getErrors() {
        List<AmsErrorResult> errors = new ArrayList<>();
        getTasks().forEach(task -> errors.addAll(task.getErrors()));
        return errors;
    }

    /** Returns the job's output assets. The list is empty until the job has ended. */
    @Whitelisted
    @Exported
    public List<AmsAssetResult> getOutputAssets() {
        return copyOf(outputAssets);
    }

    /**
     * Returns the documented state, or {@link JobState#UNKNOWN} for an undocumented state and before the first poll.
     */
    @Restricted(NoExternalUse.class)
    public JobState state() {
        return JobState.named(text(state));
    }

    @Restricted(NoExternalUse.class)
    @CheckForNull
    public Instant created() {
        return instant(created);
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
        return "AMS job " + id + ' ' + state;
    }

    /** Returns whether another job and its tasks have the same states as this job and its tasks. */
    boolean isInSameStatesAs(AmsJobResult other) {
        List<AmsTaskResult> mine = getTasks();
        List<AmsTaskResult> others = other.getTasks();
        boolean same = text(state).equals(text(other.state))
                && mine.size() == others.size()
                && getOutputAssets().size() == other.getOutputAssets().size();
        for (int i = 0; same && i < mine.size(); i++) {
            same = mine.get(i).getState().equals(others.get(i).getState());
        }
        return same;
    }

    private void read(MediaJob job) {
        name = PlainText.line(job.name());
        state = PlainText.line(job.stateLabel());
        created = millis(job.created());
        startTime = millis(job.startTime());
        endTime = millis(job.endTime());
        runningDuration = job.runningDuration().toMillis();
    }

    private void readTasks(List<MediaTask> polledTasks) {
        tasks = new ArrayList<>();
        polledTasks.forEach(task -> tasks.add(new AmsTaskResult(task)));
    }
}
