/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.benchmark;

import io.jenkins.plugins.ams.service.AmsService;
import io.jenkins.plugins.ams.service.JobDetails;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.MediaTask;
import io.jenkins.plugins.ams.service.OutputAsset;
import io.jenkins.plugins.ams.service.v2.AmsV2JobId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A simulated service with one job, which responds immediately and counts requests. If its responses contain the tasks
 * and output assets of jobs, these need no separate requests.
 */
final class SimulatedService implements AmsService {

    static final JobId ID = AmsV2JobId.parse("nb:jid:UUID:f3c43f94-327f-2347-90bb-3bf79f8559f1");

    private final PopulationJob job;
    private final boolean returnsTasksWithJobs;
    private final Clock clock;
    private final Instant created;
    private int requests;

    SimulatedService(PopulationJob job, boolean returnsTasksWithJobs, Clock clock) {
        this.job = job;
        this.returnsTasksWithJobs = returnsTasksWithJobs;
        this.clock = clock;
        this.created = clock.instant();
    }

    int requests() {
        return requests;
    }

    /** Returns the time since the end of the job in seconds, which is negative before that. */
    double secondsSinceEnd() {
        return age() - job.end();
    }

    @Override
    public int jobsPerRequest() {
        return 1;
    }

    @Override
    public CompletableFuture<Map<JobId, MediaJob>> jobs(Collection<JobId> ids) {
        requests++;
        JobState state = state();
        Instant start = state == JobState.QUEUED ? null : at(job.queued());
        Instant end = state.isTerminal() ? at(job.end()) : null;
        Optional<JobDetails> details =
                returnsTasksWithJobs ? Optional.of(new JobDetails(currentTasks(), List.of())) : Optional.empty();
        return completed(Map.of(
                ID, new MediaJob(ID, "Job", state, state.label(), created, start, end, Duration.ZERO, null, details)));
    }

    @Override
    public CompletableFuture<List<MediaTask>> tasks(JobId id) {
        requests++;
        return completed(currentTasks());
    }

    private List<MediaTask> currentTasks() {
        return List.of(new MediaTask(
                "nb:tid:UUID:1", "Task", state(), job.percentAt(age()), null, null, null, Duration.ZERO, List.of()));
    }

    @Override
    public CompletableFuture<List<OutputAsset>> outputAssets(JobId id) {
        requests++;
        return completed(List.of());
    }

    @Override
    public CompletableFuture<Boolean> cancel(JobId id) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Void> ping() {
        throw new UnsupportedOperationException();
    }

    private JobState state() {
        if (secondsSinceEnd() >= 0) {
            return job.fails() ? JobState.ERROR : JobState.FINISHED;
        }
        return age() < job.queued() ? JobState.QUEUED : JobState.PROCESSING;
    }

    private double age() {
        return Duration.between(created, clock.instant()).toMillis() / 1000d;
    }

    private Instant at(double seconds) {
        return created.plusMillis(Math.round(seconds * 1000));
    }

    private static <T> CompletableFuture<T> completed(T value) {
        return CompletableFuture.completedFuture(value);
    }
}
