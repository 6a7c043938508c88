/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.lessThan;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;

import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.service.AmsService;
import io.jenkins.plugins.ams.service.JobDetails;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.MediaTask;
import io.jenkins.plugins.ams.service.OutputAsset;
import io.jenkins.plugins.ams.service.ServiceException;
import io.jenkins.plugins.ams.testing.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.Test;

/** Many waits in simulated time for a service that returns jobs together with their tasks. */
public class EmbeddedTasksTest {

    private static final Duration LATENCY = Duration.ofMillis(100);
    private static final Exception BUSY = ServiceException.of(
            ServiceException.Kind.UNAVAILABLE,
            429,
            "slow down",
            new AmsException.Context(null, Duration.ofSeconds(30), null));

    private final ManualTime time = new ManualTime();
    private final JobPoller poller = new JobPoller(time.clock(), time, Runnable::run, Runnable::run, new Random(42));
    private int polls;
    private boolean throttlesNext;
    private int taskRequests;
    private long maxDelayMillis;

    @Test
    public void embeddedTasksDoNotDistortTheLatency() {
        begin(500, 1, Duration.ofSeconds(5));
        time.advance(Duration.ofMinutes(2), () -> {});
        PollDelays.report(poller, (job, delay) -> maxDelayMillis = Math.max(maxDelayMillis, delay));
        time.advance(Duration.ofMinutes(1), () -> {});
        assertThat("maximum delay of a poll in milliseconds", maxDelayMillis, lessThan(1000L));
    }

    @Test
    public void embeddedTasksDelayNoPolls() {
        begin(1000, 25, Duration.ofSeconds(2));
        time.advance(Duration.ofMinutes(2), () -> {});
        PollDelays.report(poller, (job, delay) -> polls++);
        time.advance(Duration.ofMinutes(1), () -> {});
        assertThat("polls per minute of 1000 waits with an interval of 2 seconds", polls, greaterThan(27_000));
    }

    @Test
    public void throttlingCausesNoTaskRequests() {
        begin(100, 25, Duration.ofSeconds(5));
        time.advance(Duration.ofMinutes(1), () -> {});
        throttlesNext = true;
        time.advance(Duration.ofMinutes(1), () -> {});
        assertFalse("the throttled request was sent", throttlesNext);
        assertEquals("requests for tasks", 0, taskRequests);
    }

    private void begin(int waits, int jobsPerRequest, Duration pollInterval) {
        Service service = new Service(jobsPerRequest);
        for (int i = 0; i < waits; i++) {
            poller.waitFor(
                    new JobId("Encoding/job-" + i),
                    () -> new PollTarget("account", () -> service),
                    pollInterval,
                    null,
                    JobWait.Start.NEW,
                    new RecordingListener());
        }
    }

    /** A service where every job exists and none reports progress. */
    private final class Service implements AmsService {

        private final int jobsPerRequest;
        private final Instant started = time.clock().instant();

        Service(int jobsPerRequest) {
            this.jobsPerRequest = jobsPerRequest;
        }

        @Override
        public int jobsPerRequest() {
            return jobsPerRequest;
        }

        @Override
        public CompletableFuture<Map<JobId, MediaJob>> jobs(Collection<JobId> ids) {
            CompletableFuture<Map<JobId, MediaJob>> response = new CompletableFuture<>();
            Map<JobId, MediaJob> jobs = new HashMap<>();
            for (JobId id : ids) {
                jobs.put(id, job(id));
            }
            boolean throttled = throttlesNext;
            throttlesNext = false;
            if (throttled) {
                // before the requests in flight are completed
                time.schedule(Duration.ZERO, () -> response.completeExceptionally(BUSY));
            } else {
                time.schedule(LATENCY, () -> response.complete(jobs));
            }
            return response;
        }

        private MediaJob job(JobId id) {
            JobState state = JobState.PROCESSING;
            MediaTask task = new MediaTask("0", "Encode", state, 0, null, started, null, Duration.ZERO, List.of());
            return new MediaJob(
                    id,
                    "",
                    state,
                    state.label(),
                    started,
                    started,
                    null,
                    Duration.ZERO,
                    null,
                    Optional.of(new JobDetails(List.of(task), List.of())));
        }

        @Override
        public CompletableFuture<List<MediaTask>> tasks(JobId id) {
            taskRequests++;
            return CompletableFuture.failedFuture(new UnsupportedOperationException());
        }

        @Override
        public CompletableFuture<List<OutputAsset>> outputAssets(JobId id) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<Boolean> cancel(JobId id) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<Void> ping() {
            throw new UnsupportedOperationException();
        }
    }
}
