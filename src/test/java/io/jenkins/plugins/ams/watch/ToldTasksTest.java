/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.watch;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.lessThan;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;

import io.jenkins.plugins.ams.service.AmsService;
import io.jenkins.plugins.ams.service.Job;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.OutputAsset;
import io.jenkins.plugins.ams.service.ServiceException;
import io.jenkins.plugins.ams.service.Task;
import io.jenkins.plugins.ams.testing.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.Test;

/** Many waits on a service whose answers for jobs have their tasks in them, in simulated time. */
public class ToldTasksTest {

    private static final Duration LATENCY = Duration.ofMillis(100);
    private static final Exception BUSY =
            new ServiceException(ServiceException.Kind.BUSY, 429, "slow down", Duration.ofSeconds(30), null, null);

    private final ManualTime time = new ManualTime();
    private final JobWatcher watcher = new JobWatcher(time.clock(), time, Runnable::run, Runnable::run, new Random(42));
    private int looks;
    private boolean refusesNext;
    private int requestsForTasks;
    private long latest;

    @Test
    public void whatComesWithoutARequestDoesNotMakeTheServiceSeemFast() {
        begin(500, 1, Duration.ofSeconds(5));
        time.advance(Duration.ofMinutes(2), () -> {});
        Lateness.tell(watcher, (job, late) -> latest = Math.max(latest, late));
        time.advance(Duration.ofMinutes(1), () -> {});
        assertThat("most milliseconds after its time that a look was sent", latest, lessThan(1000L));
    }

    @Test
    public void whatComesWithoutARequestIsNoReasonToPutLooksOff() {
        begin(1000, 25, Duration.ofSeconds(2));
        time.advance(Duration.ofMinutes(2), () -> {});
        Lateness.tell(watcher, (job, late) -> looks++);
        time.advance(Duration.ofMinutes(1), () -> {});
        assertThat("looks in a minute, of 1000 waits every 2 seconds", looks, greaterThan(27_000));
    }

    @Test
    public void aPauseDoesNotMakeItARequestForEachJob() {
        begin(100, 25, Duration.ofSeconds(5));
        time.advance(Duration.ofMinutes(1), () -> {});
        refusesNext = true;
        time.advance(Duration.ofMinutes(1), () -> {});
        assertFalse("refused", refusesNext);
        assertEquals("requests for tasks", 0, requestsForTasks);
    }

    private void begin(int waits, int jobsPerRequest, Duration pollInterval) {
        Service service = new Service(jobsPerRequest);
        for (int i = 0; i < waits; i++) {
            watcher.watch(
                    new JobId("Encoding/job-" + i),
                    () -> new Target("account", () -> service),
                    pollInterval,
                    null,
                    new RecordingListener());
        }
    }

    /** Knows every job; none tells any progress. */
    private final class Service implements AmsService {

        private final int jobsPerRequest;
        private final Instant started = time.clock().instant();
        private final Map<JobId, Instant> seen = new HashMap<>();

        Service(int jobsPerRequest) {
            this.jobsPerRequest = jobsPerRequest;
        }

        @Override
        public int jobsPerRequest() {
            return jobsPerRequest;
        }

        @Override
        public boolean hasDetailsOf(JobId id) {
            return time.clock().instant().equals(seen.get(id));
        }

        @Override
        public CompletableFuture<Map<JobId, Job>> jobs(Collection<JobId> ids) {
            CompletableFuture<Map<JobId, Job>> answer = new CompletableFuture<>();
            Map<JobId, Job> jobs = new HashMap<>();
            for (JobId id : ids) {
                JobState state = JobState.PROCESSING;
                jobs.put(id, new Job(id, "", state, state.label(), started, started, null, Duration.ZERO, null));
            }
            boolean refused = refusesNext;
            refusesNext = false;
            if (refused) {
                // before those that are under way are answered
                time.after(Duration.ZERO, () -> answer.completeExceptionally(BUSY));
            } else {
                time.after(LATENCY, () -> {
                    ids.forEach(id -> seen.put(id, time.clock().instant()));
                    answer.complete(jobs);
                });
            }
            return answer;
        }

        @Override
        public CompletableFuture<List<Task>> tasks(JobId id) {
            if (!hasDetailsOf(id)) {
                requestsForTasks++;
            }
            return CompletableFuture.completedFuture(List.of(
                    new Task("0", "Encode", JobState.PROCESSING, 0, null, started, null, Duration.ZERO, List.of())));
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
