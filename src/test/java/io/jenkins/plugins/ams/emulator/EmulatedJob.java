/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A job of the emulator. Its state is computed from its script and the emulator's clock, without a thread or timer, so
 * that a test can have thousands of jobs and advance them with its clock. A test can override the state, which replaces
 * the rest of the script.
 */
public final class EmulatedJob {

    /** Prefix before the GUID in the job names of APIs like AMS v3. */
    static final String V3_NAME = "job-";

    private final String id;
    private final JobScript script;
    private final Instant created;
    private final Clock clock;
    private JobTimeline.JobEnd jobEnd;
    private JobTimeline.ManualState manualState;

    EmulatedJob(String id, JobScript script, Clock clock) {
        script.validate();
        this.id = id;
        this.script = script;
        this.clock = clock;
        this.created = clock.instant();
    }

    /** Returns the ID in AMS v2, {@code nb:jid:UUID:<guid>}. */
    public String id() {
        return id;
    }

    /** Returns the transform of the job, in APIs like AMS v3. */
    public String transform() {
        return script.transform;
    }

    /** Returns the name in APIs like AMS v3: the submitted one, or {@code job-<guid>}. */
    public String jobName() {
        return script.v3Name == null ? V3_NAME + Ids.guid(id) : script.v3Name;
    }

    /** Returns the properties that were submitted to an API like AMS v3, if the job was submitted to one. */
    Optional<JsonNode> v3Properties() {
        return Optional.ofNullable(script.v3Properties);
    }

    /** Returns the ID for APIs like AMS v3, {@code transform/job}. */
    public String v3Id() {
        return transform() + "/" + jobName();
    }

    /** Returns the current state and details of the job. */
    public synchronized JobSnapshot snapshot() {
        return new JobTimeline(id, script, created, jobEnd, manualState).at(clock.instant());
    }

    /** Returns the number of the current state. */
    public int state() {
        return snapshot().state();
    }

    /** Returns when the job was added. */
    public Instant created() {
        return created;
    }

    /** Finishes the job and all its tasks now. */
    public void finish() {
        end(JobTimeline.EndKind.FINISHED, -1, List.of(), Duration.ZERO);
    }

    /** Ends the job in Error now. The first task that has not ended fails. */
    public void fail(String code, String message) {
        fail(-1, code, message);
    }

    /** Ends the job in Error now, with the given failing task. */
    public void fail(int task, String code, String message) {
        if (task >= script.tasks().size()) {
            throw new IllegalArgumentException("there is no task " + task);
        }
        end(JobTimeline.EndKind.ERROR, task, List.of(new JobSnapshot.Error(code, message)), Duration.ZERO);
    }

    /** Cancels the job now. It is Canceling for the duration in the script, and then Canceled. */
    public void cancel() {
        end(JobTimeline.EndKind.CANCELED, -1, List.of(), script.canceling);
    }

    /**
     * Performs the CancelJob function: cancels the job unless it is Canceled, Canceling, Finished or in Error (AMS REST
     * reference).
     *
     * @return whether the job was canceled
     */
    synchronized boolean cancelIfRunning() {
        int state = state();
        if (state >= 3 && state <= 6) {
            return false;
        }
        cancel();
        return true;
    }

    /**
     * Overrides the state from now on. States 3, 4 and 5 end the job and its tasks. Other states, including
     * undocumented numbers, remain until the next override.
     */
    public synchronized void setState(int state) {
        switch (state) {
            case 3 -> finish();
            case 4 -> fail("Unknown", "The task failed.");
            case 5 -> end(JobTimeline.EndKind.CANCELED, -1, List.of(), Duration.ZERO);
            default -> {
                Map<Integer, Double> progress = manualState == null ? Map.of() : manualState.progress();
                manualState = new JobTimeline.ManualState(state, clock.instant(), progress);
                jobEnd = null;
            }
        }
    }

    /**
     * Overrides the progress of a task, and the state of the job with Processing unless it has been overridden already.
     *
     * @param task the index of the task, starting with 0
     * @param percent 0 to 100, or an invalid value to test clients with
     */
    public synchronized void setProgress(int task, double percent) {
        if (manualState == null) {
            setState(2);
        }
        Map<Integer, Double> progress = new TreeMap<>(manualState.progress());
        progress.put(task, percent);
        manualState = new JobTimeline.ManualState(manualState.state(), manualState.since(), progress);
    }

    private synchronized void end(
            JobTimeline.EndKind kind, int task, List<JobSnapshot.Error> errors, Duration canceling) {
        jobEnd = new JobTimeline.JobEnd(kind, clock.instant(), task, errors, canceling);
        manualState = null;
    }
}
