/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import io.jenkins.plugins.ams.auth.TokenStatus;
import io.jenkins.plugins.ams.service.AmsService;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.MediaTask;
import io.jenkins.plugins.ams.service.OutputAsset;
import io.jenkins.plugins.ams.testing.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/** A service in simulated time. The test controls its jobs and errors. It accepts one job per request by default. */
final class FakeService implements AmsService {

    /** The state of a job that does not exist. */
    static final JobState MISSING = null;

    private final ManualTime time;
    private Instant created;
    private Duration latency = Duration.ofMillis(100);
    private int jobsPerRequest = 1;
    private Function<JobId, JobState> states = id -> JobState.PROCESSING;
    private Supplier<Exception> errorOfPolls = () -> null;
    private Supplier<Exception> errorOfDetails = () -> null;
    private TokenStatus tokenStatus = TokenStatus.UNKNOWN;
    private DoubleSupplier progress = () -> 0;
    private boolean losesResponses;
    private final List<Long> polls = new ArrayList<>();
    private final List<String> requests = new ArrayList<>();

    FakeService(ManualTime time) {
        this.time = time;
        this.created = time.clock().instant();
    }

    FakeService latency(Duration each) {
        latency = each;
        return this;
    }

    FakeService jobsPerRequest(int most) {
        jobsPerRequest = most;
        return this;
    }

    /** Sets the state of all jobs. */
    FakeService state(JobState state) {
        return states(id -> state);
    }

    /** Sets the creation and start time of all jobs to the present time. */
    FakeService createdNow() {
        created = time.clock().instant();
        return this;
    }

    FakeService states(Function<JobId, JobState> ofJobs) {
        states = ofJobs;
        return this;
    }

    /** Sets the error of all polls; null for none. */
    FakeService failPolls(Supplier<Exception> error) {
        errorOfPolls = error;
        return this;
    }

    FakeService failPolls(Exception error) {
        return failPolls(() -> error);
    }

    FakeService failDetails(Exception error) {
        errorOfDetails = () -> error;
        return this;
    }

    FakeService tokenStatus(TokenStatus status) {
        tokenStatus = status;
        return this;
    }

    /** Sets the progress of each job's task, in percent. */
    FakeService progress(DoubleSupplier percent) {
        progress = percent;
        return this;
    }

    /** Returns the number of requests of a kind. */
    int count(String kind) {
        return Collections.frequency(requests, kind);
    }

    /** Sets whether responses are lost. A lost response does not even cause a timeout. */
    void loseResponses(boolean lose) {
        losesResponses = lose;
    }

    /** Returns the times of the polls in milliseconds of the scheduler's clock. */
    List<Long> polls() {
        return polls;
    }

    /** Returns the kinds of all requests, in the order of sending. */
    List<String> requests() {
        return requests;
    }

    @Override
    public int jobsPerRequest() {
        return jobsPerRequest;
    }

    @Override
    public CompletableFuture<Map<JobId, MediaJob>> jobs(Collection<JobId> ids) {
        polls.add(time.millis());
        requests.add("poll");
        return respond(errorOfPolls, () -> {
            Map<JobId, MediaJob> found = new HashMap<>();
            for (JobId id : ids) {
                JobState state = states.apply(id);
                if (state != MISSING) {
                    found.put(id, job(id, state));
                }
            }
            return found;
        });
    }

    @Override
    public CompletableFuture<List<MediaTask>> tasks(JobId id) {
        requests.add("tasks");
        JobState now = states.apply(id);
        JobState state = now == MISSING ? JobState.PROCESSING : now;
        return respond(
                errorOfDetails,
                () -> List.of(new MediaTask(
                        "0", "Encode", state, progress.getAsDouble(), null, created, null, Duration.ZERO, List.of())));
    }

    @Override
    public CompletableFuture<List<OutputAsset>> outputAssets(JobId id) {
        requests.add("assets");
        return respond(errorOfDetails, List::of);
    }

    @Override
    public CompletableFuture<Boolean> cancel(JobId id) {
        requests.add("cancel");
        return respond(() -> null, () -> true);
    }

    @Override
    public CompletableFuture<Void> ping() {
        throw new UnsupportedOperationException();
    }

    @Override
    public TokenStatus tokenStatus() {
        return tokenStatus;
    }

    private MediaJob job(JobId id, JobState state) {
        Instant ended = state.isTerminal() ? created : null;
        return new MediaJob(id, "", state, state.label(), created, created, ended, Duration.ZERO, null);
    }

    private <T> CompletableFuture<T> respond(Supplier<Exception> errors, Supplier<T> value) {
        CompletableFuture<T> response = new CompletableFuture<>();
        if (losesResponses) {
            return response;
        }
        time.schedule(latency, () -> {
            Exception error = errors.get();
            if (error == null) {
                response.complete(value.get());
            } else {
                response.completeExceptionally(error);
            }
        });
        return response;
    }
}
