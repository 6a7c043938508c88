/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * Specifies how a job behaves: how long it is queued, what its tasks do and how it ends. Immutable: every method
 * returns a modified copy. By default, a job has one task, which is processed immediately for a minute and finishes.
 */
public final class JobScript {

    /** The state in which a job ends. */
    enum Ending {
        FINISHED,
        ERROR,
        CANCELED
    }

    /**
     * Specifies a task.
     *
     * @param name the name that the service reports, or null if the task was submitted without one
     * @param processing the time in the state Processing, zero or more
     */
    record TaskScript(String name, Duration processing) {}

    /**
     * Specifies an output asset.
     *
     * @param uri the address, or null for a generated one
     * @param deleted whether the asset was deleted, which the service reports as a "Nonexistent Asset"
     */
    record AssetScript(String name, String uri, boolean deleted) {}

    final String name;
    final String guid;
    final String transform;
    final String v3Name;
    final JsonNode v3Properties;
    final Duration queued;
    final Duration scheduled;
    final List<TaskScript> tasks;
    final boolean parallel;
    final Ending ending;
    final int failingTask;
    final List<JobSnapshot.Error> errors;
    final Duration canceling;
    final Duration refresh;
    final DoubleUnaryOperator progress;
    final List<AssetScript> assets;

    private JobScript(Draft draft) {
        this.name = draft.name;
        this.guid = draft.guid;
        this.transform = draft.transform;
        this.v3Name = draft.v3Name;
        this.v3Properties = draft.v3Properties;
        this.queued = draft.queued;
        this.scheduled = draft.scheduled;
        this.tasks = List.copyOf(draft.tasks);
        this.parallel = draft.parallel;
        this.ending = draft.ending;
        this.failingTask = draft.failingTask;
        this.errors = List.copyOf(draft.errors);
        this.canceling = draft.canceling;
        this.refresh = draft.refresh;
        this.progress = draft.progress;
        this.assets = List.copyOf(draft.assets);
    }

    /** Returns the script of a job with the given name, which may contain any characters. */
    public static JobScript named(String name) {
        Draft draft = new Draft();
        draft.name = name;
        return new JobScript(draft);
    }

    /** Sets the GUID or the full ID {@code nb:jid:UUID:<guid>} of the job. The default is random. */
    public JobScript id(String guid) {
        Draft draft = draft();
        draft.guid = guid.substring(guid.lastIndexOf(':') + 1);
        return new JobScript(draft);
    }

    /** Sets the transform of the job in APIs like AMS v3. The default is "Encoding". */
    public JobScript transform(String name) {
        Draft draft = draft();
        draft.transform = name;
        return new JobScript(draft);
    }

    /** Sets the name of the job in APIs like AMS v3. The default is {@code job-<guid>}. */
    public JobScript v3Name(String jobName) {
        Draft draft = draft();
        draft.v3Name = jobName;
        return new JobScript(draft);
    }

    /** Sets the properties that were submitted to an API like AMS v3, which returns them with the job. */
    JobScript v3Properties(JsonNode properties) {
        Draft draft = draft();
        draft.v3Properties = properties;
        return new JobScript(draft);
    }

    /** Sets how long the job is Queued. The default is zero. */
    public JobScript queued(Duration time) {
        Draft draft = draft();
        draft.queued = time;
        return new JobScript(draft);
    }

    /** Sets how long the job is Scheduled after it was Queued. The default is zero. */
    public JobScript scheduled(Duration time) {
        Draft draft = draft();
        draft.scheduled = time;
        return new JobScript(draft);
    }

    /** Adds a task, which is processed after the previous ones. */
    public JobScript task(String taskName, Duration processing) {
        Draft draft = draft();
        draft.tasks.add(new TaskScript(taskName, processing));
        return new JobScript(draft);
    }

    /** Sets the processing time of each task that has been added. */
    public JobScript processing(Duration time) {
        Draft draft = draft();
        draft.tasks.replaceAll(task -> new TaskScript(task.name(), time));
        return new JobScript(draft);
    }

    /** Processes all tasks in parallel instead of sequentially. */
    public JobScript tasksInParallel() {
        Draft draft = draft();
        draft.parallel = true;
        return new JobScript(draft);
    }

    /** Ends the job in Finished, which is the default. */
    public JobScript endsFinished() {
        Draft draft = draft();
        draft.ending = Ending.FINISHED;
        return new JobScript(draft);
    }

    /** Ends the job in Error when the processing time of the last task ends. */
    public JobScript endsInError(String code, String message) {
        return endsInError(-1, code, message);
    }

    /**
     * Ends the job in Error when the processing time of a task ends: "if one Task fails, this property would be set to
     * Failed" (AMS REST reference of Job.State). Tasks that have not ended by then are Canceled.
     *
     * @param task the index of the task, starting with 0, or negative for the last
     * @param code one of the service's error codes, such as {@code ErrorParsingConfiguration}
     */
    public JobScript endsInError(int task, String code, String message) {
        Draft draft = draft();
        draft.ending = Ending.ERROR;
        draft.failingTask = task;
        draft.errors.clear();
        draft.errors.add(new JobSnapshot.Error(code, message));
        return new JobScript(draft);
    }

    /** Adds another error to the task that {@link #endsInError} specified. */
    public JobScript withError(String code, String message) {
        Draft draft = draft();
        draft.errors.add(new JobSnapshot.Error(code, message));
        return new JobScript(draft);
    }

    /**
     * Cancels the job. It is Canceled when the processing time of its tasks ends, and before that Canceling for the
     * duration set with {@link #canceling}, but not longer than the last task.
     */
    public JobScript endsCanceled() {
        Draft draft = draft();
        draft.ending = Ending.CANCELED;
        return new JobScript(draft);
    }

    /** Sets how long the job is Canceling before it is Canceled. The default is 5 seconds. */
    public JobScript canceling(Duration time) {
        Draft draft = draft();
        draft.canceling = time;
        return new JobScript(draft);
    }

    /** Sets the interval between updates of progress, or zero for continuous updates. The default is one second. */
    public JobScript progressRefreshedEvery(Duration period) {
        Draft draft = draft();
        draft.refresh = period;
        return new JobScript(draft);
    }

    /**
     * Sets the progress as a function of the elapsed fraction of a task's processing time, both from 0 to 1. The
     * default is linear. The service rounds progress down to a whole percent.
     */
    public JobScript progress(DoubleUnaryOperator curve) {
        Draft draft = draft();
        draft.progress = curve;
        return new JobScript(draft);
    }

    /** Adds an output asset. By default there is one. */
    public JobScript outputAsset(String assetName) {
        return outputAsset(assetName, null);
    }

    /** Adds an output asset with the given address. */
    public JobScript outputAsset(String assetName, String uri) {
        Draft draft = draft();
        draft.assets.add(new AssetScript(assetName, uri, false));
        return new JobScript(draft);
    }

    /** Adds a deleted output asset, which the service still lists, without a Uri (recorded payload). */
    public JobScript deletedOutputAsset() {
        Draft draft = draft();
        draft.assets.add(new AssetScript("Nonexistent Asset", null, true));
        return new JobScript(draft);
    }

    /** @throws IllegalArgumentException if the failing task does not exist, or a time is negative */
    void validate() {
        if (failingTask >= tasks().size()) {
            throw new IllegalArgumentException("there is no task " + failingTask);
        }
        boolean negative = queued.isNegative() || scheduled.isNegative() || canceling.isNegative();
        if (negative
                || refresh.isNegative()
                || tasks.stream().anyMatch(task -> task.processing().isNegative())) {
            throw new IllegalArgumentException("a time is negative");
        }
    }

    /** Returns the tasks. There is always at least one, as in the real service. */
    List<TaskScript> tasks() {
        return tasks.isEmpty() ? List.of(new TaskScript(name, Duration.ofMinutes(1))) : tasks;
    }

    List<AssetScript> assets() {
        return assets.isEmpty() ? List.of(new AssetScript(name + " - Output", null, false)) : assets;
    }

    private Draft draft() {
        Draft draft = new Draft();
        draft.name = name;
        draft.guid = guid;
        draft.transform = transform;
        draft.v3Name = v3Name;
        draft.v3Properties = v3Properties;
        draft.queued = queued;
        draft.scheduled = scheduled;
        draft.tasks.addAll(tasks);
        draft.parallel = parallel;
        draft.ending = ending;
        draft.failingTask = failingTask;
        draft.errors.addAll(errors);
        draft.canceling = canceling;
        draft.refresh = refresh;
        draft.progress = progress;
        draft.assets.addAll(assets);
        return draft;
    }

    private static final class Draft {
        private String name;
        private String guid;
        private String transform = "Encoding";
        private String v3Name;
        private JsonNode v3Properties;
        private Duration queued = Duration.ZERO;
        private Duration scheduled = Duration.ZERO;
        private final List<TaskScript> tasks = new ArrayList<>();
        private boolean parallel;
        private Ending ending = Ending.FINISHED;
        private int failingTask = -1;
        private final List<JobSnapshot.Error> errors = new ArrayList<>();
        private Duration canceling = Duration.ofSeconds(5);
        private Duration refresh = Duration.ofSeconds(1);
        private DoubleUnaryOperator progress = DoubleUnaryOperator.identity();
        private final List<AssetScript> assets = new ArrayList<>();
    }
}
