/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * The life of a job, told in advance: how long it queues, what its tasks do and how it ends. Immutable; every method
 * returns another script. {@code JobScript.named("Encoding BigBuckBunny")} alone is a job with one task that is
 * processed at once, for a minute, and finishes.
 */
public final class JobScript {

    /** How a script ends. */
    enum Ending {
        FINISHED,
        ERROR,
        CANCELED
    }

    /**
     * @param name as the service reports it
     * @param processing time in the state Processing, zero or more
     */
    record TaskScript(String name, Duration processing) {}

    /**
     * @param uri null for one that is made up
     * @param deleted the asset was deleted since, which the service shows as a "Nonexistent Asset"
     */
    record AssetScript(String name, String uri, boolean deleted) {}

    final String name;
    final String guid;
    final String transform;
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

    /** A job with this name, which may be as hostile as names can be. */
    public static JobScript named(String name) {
        Draft draft = new Draft();
        draft.name = name;
        return new JobScript(draft);
    }

    /** @param guid the GUID of the job's id, or the full {@code nb:jid:UUID:} id; random if none is given */
    public JobScript id(String guid) {
        Draft draft = draft();
        draft.guid = guid.substring(guid.lastIndexOf(':') + 1);
        return new JobScript(draft);
    }

    /** The transform that it is a job of, where the service has the shape of AMS v3; "Encoding" if not said. */
    public JobScript transform(String name) {
        Draft draft = draft();
        draft.transform = name;
        return new JobScript(draft);
    }

    /** How long the job is Queued; zero if not said. */
    public JobScript queued(Duration time) {
        Draft draft = draft();
        draft.queued = time;
        return new JobScript(draft);
    }

    /** How long the job is Scheduled, after it was Queued; zero if not said. */
    public JobScript scheduled(Duration time) {
        Draft draft = draft();
        draft.scheduled = time;
        return new JobScript(draft);
    }

    /** Adds a task, to be processed after those before it. */
    public JobScript task(String taskName, Duration processing) {
        Draft draft = draft();
        draft.tasks.add(new TaskScript(taskName, processing));
        return new JobScript(draft);
    }

    /** All tasks are processed at the same time instead of one after the other. */
    public JobScript tasksInParallel() {
        Draft draft = draft();
        draft.parallel = true;
        return new JobScript(draft);
    }

    /** The job ends in Finished. This is the default. */
    public JobScript endsFinished() {
        Draft draft = draft();
        draft.ending = Ending.FINISHED;
        return new JobScript(draft);
    }

    /** The last task fails when its time is over, and the job with it. */
    public JobScript endsInError(String code, String message) {
        return endsInError(-1, code, message);
    }

    /**
     * A task fails when its time is over, and the job with it: "if one Task fails, this property would be set to
     * Failed" (AMS REST reference of Job.State). Tasks that have not ended by then are Canceled.
     *
     * @param task index of the task, from 0; negative for the last
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

    /** Another reason for the failure that {@link #endsInError} spoke of: a task may have several. */
    public JobScript withError(String code, String message) {
        Draft draft = draft();
        draft.errors.add(new JobSnapshot.Error(code, message));
        return new JobScript(draft);
    }

    /**
     * Somebody cancels the job: it is Canceled when the time of its tasks is over, and Canceling before that for as
     * long as {@link #canceling} says, but no longer than the last task.
     */
    public JobScript endsCanceled() {
        Draft draft = draft();
        draft.ending = Ending.CANCELED;
        return new JobScript(draft);
    }

    /** How long the job is Canceling before it is Canceled, whoever cancels it; 5 seconds if not said. */
    public JobScript canceling(Duration time) {
        Draft draft = draft();
        draft.canceling = time;
        return new JobScript(draft);
    }

    /** How often the service brings a task's Progress up to date; each second if not said, zero for always. */
    public JobScript progressRefreshedEvery(Duration period) {
        Draft draft = draft();
        draft.refresh = period;
        return new JobScript(draft);
    }

    /**
     * How Progress grows: from the share of a task's time that is over (0 to 1) to the share that is shown as done (0
     * to 1). Linear if not said. What is shown is rounded down to a whole percent.
     */
    public JobScript progress(DoubleUnaryOperator curve) {
        Draft draft = draft();
        draft.progress = curve;
        return new JobScript(draft);
    }

    /** Adds an output asset; a script that names none has one. */
    public JobScript outputAsset(String assetName) {
        return outputAsset(assetName, null);
    }

    /** Adds an output asset with an address of the test's choosing. */
    public JobScript outputAsset(String assetName, String uri) {
        Draft draft = draft();
        draft.assets.add(new AssetScript(assetName, uri, false));
        return new JobScript(draft);
    }

    /** Adds an output asset that was deleted since, which the service still lists, without a Uri (recorded payload). */
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

    /** The tasks, one if none was given: a job without a task does not exist. */
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
