/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A job of the emulator. What it is at any moment follows from its script and the emulator's clock: nothing runs for
 * it, so that thousands cost little and a test that moves its clock moves its jobs. A test may also step in: from then
 * on what it says holds instead of the rest of the script.
 */
public final class EmulatedJob {

    /** What precedes the GUID in the names of services with the shape of AMS v3. */
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

    /** {@code nb:jid:UUID:<guid>}. */
    public String id() {
        return id;
    }

    /** The transform that it is a job of, where the service has the shape of AMS v3. */
    public String transform() {
        return script.transform;
    }

    /** Its name there, {@code job-<guid>}. */
    public String jobName() {
        return V3_NAME + Ids.guid(id);
    }

    /** {@code transform/job}. */
    public String v3Id() {
        return transform() + "/" + jobName();
    }

    /** What the job is now. */
    public synchronized JobSnapshot snapshot() {
        return new JobTimeline(id, script, created, jobEnd, manualState).at(clock.instant());
    }

    /** The number of the job's State now. */
    public int state() {
        return snapshot().state();
    }

    /** When it was added. */
    public Instant created() {
        return created;
    }

    /** The job finishes now, with all its tasks. */
    public void finish() {
        end(JobTimeline.EndKind.FINISHED, -1, List.of(), Duration.ZERO);
    }

    /** The task that is processed now fails (the first that has not ended if none is), and the job with it. */
    public void fail(String code, String message) {
        fail(-1, code, message);
    }

    /** A task fails now, and the job with it. */
    public void fail(int task, String code, String message) {
        if (task >= script.tasks().size()) {
            throw new IllegalArgumentException("there is no task " + task);
        }
        end(JobTimeline.EndKind.ERROR, task, List.of(new JobSnapshot.Error(code, message)), Duration.ZERO);
    }

    /** Somebody cancels the job now: Canceling for as long as the script says, then Canceled. */
    public void cancel() {
        end(JobTimeline.EndKind.CANCELED, -1, List.of(), script.canceling);
    }

    /**
     * What the CancelJob function does: like {@link #cancel}, unless the job is canceled, canceling, in error or
     * finished (AMS REST reference).
     *
     * @return whether there was something to cancel
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
     * The job has this state from now on, until it is told something else. 3, 4 and 5 end it and its tasks; 0, 1, 2, 6
     * and numbers that no reference lists stay whatever the clock says.
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
     * Progress of one task, by hand. The job is held in Processing by it, if it is not held in another state.
     *
     * @param task index of the task, from 0
     * @param percent 0 to 100, or what a service should never send
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
