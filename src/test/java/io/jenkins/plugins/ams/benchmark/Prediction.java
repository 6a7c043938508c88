/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.benchmark;

import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.polling.JobPoller;
import io.jenkins.plugins.ams.polling.JobProgress;
import io.jenkins.plugins.ams.polling.JobWait;
import io.jenkins.plugins.ams.polling.JobWaitListener;
import io.jenkins.plugins.ams.polling.PollTarget;
import io.jenkins.plugins.ams.polling.WaitOutcome;
import io.jenkins.plugins.ams.service.EmulatedService;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.MediaTask;
import io.jenkins.plugins.ams.testing.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;

/**
 * Measures the number of requests per job and the delay in detecting its end, in simulated time. Compares the plugin's
 * poller with fixed and exponential intervals for the same jobs. Includes requests for tasks and output assets if the
 * API requires them.
 */
public final class Prediction {

    static final int JOBS = 4000;

    /** The seed for sampling the jobs. */
    static final long SEED = 2026;

    private static final Duration POLL_INTERVAL = Duration.ofSeconds(60);

    /**
     * The figures of a strategy.
     *
     * @param requests the mean number of requests per job
     * @param meanDelay the mean time in seconds between the end of a finished job and its detection
     * @param p95Delay the 95th percentile of these times
     * @param meanDelayOfFailures the mean time in seconds between the end of a failed job and its detection
     */
    public record Figures(double requests, double meanDelay, double p95Delay, double meanDelayOfFailures) {}

    private record Wait(int requests, double delay, boolean failed) {}

    private interface Strategy {
        Wait waitFor(PopulationJob job);
    }

    private Prediction() {}

    /** Returns the figures of all strategies by their names. */
    public static Map<String, Figures> run(EmulatedService api) {
        Map<String, Figures> figures = new LinkedHashMap<>();
        figures.put("waitForAmsJob", product(api));
        figures.put("every 2.5 s", loop(api, interval -> 2.5));
        figures.put("every 10 s", loop(api, interval -> 10));
        figures.put("exponential 2 s to 30 s", loop(api, interval -> interval == 0 ? 2 : Math.min(30, 2 * interval)));
        return figures;
    }

    /** Returns the figures of the plugin's poller. */
    public static Figures product(EmulatedService api) {
        return figures(job -> waitWithPoller(job, api.returnsTasksWithJobs()));
    }

    private static Figures loop(EmulatedService api, DoubleUnaryOperator nextInterval) {
        return figures(job -> waitWithLoop(job, api.returnsTasksWithJobs(), nextInterval));
    }

    private static Figures figures(Strategy strategy) {
        int requests = 0;
        List<Double> finished = new ArrayList<>();
        List<Double> failed = new ArrayList<>();
        for (PopulationJob job : PopulationJob.sample(JOBS, new Random(SEED))) {
            Wait wait = strategy.waitFor(job);
            requests += wait.requests();
            (wait.failed() ? failed : finished).add(wait.delay());
        }
        finished.sort(null);
        return new Figures(
                requests / (double) JOBS, mean(finished), finished.get((int) (0.95 * finished.size())), mean(failed));
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }

    /** Simulates a wait with the plugin's poller. */
    private static Wait waitWithPoller(PopulationJob job, boolean returnsTasksWithJobs) {
        ManualTime time = new ManualTime();
        SimulatedService service = new SimulatedService(job, returnsTasksWithJobs, time.clock());
        double[] delay = new double[1];
        JobWaitListener listener = new JobWaitListener() {
            @Override
            public void onPolled(MediaJob polled, List<MediaTask> tasks, JobProgress progress) {
                // there is no console
            }

            @Override
            public void onError(AmsException error, Duration retryDelay) {
                throw new IllegalStateException(error);
            }

            @Override
            public void onRecovered(Duration after) {
                throw new IllegalStateException("recovered without an error");
            }

            @Override
            public void onEnded(WaitOutcome outcome) {
                if (!(outcome instanceof WaitOutcome.Completed)) {
                    throw new IllegalStateException(outcome.toString());
                }
                delay[0] = service.secondsSinceEnd();
            }
        };
        JobWait wait = new JobPoller(time.clock(), time, Runnable::run, Runnable::run, new Random(SEED))
                .waitFor(
                        SimulatedService.ID,
                        () -> new PollTarget(job, () -> service),
                        POLL_INTERVAL,
                        null,
                        JobWait.Start.NEW,
                        listener);
        time.advanceUntil(wait::isEnded, Duration.ofDays(1), () -> {});
        if (!wait.isEnded()) {
            throw new IllegalStateException("does not end: " + job);
        }
        return new Wait(service.requests(), delay[0], job.fails());
    }

    /**
     * Simulates a loop that polls the job and, if the API requires separate requests, its tasks while it is Processing
     * and once after it has ended.
     */
    private static Wait waitWithLoop(
            PopulationJob job, boolean returnsTasksWithJobs, DoubleUnaryOperator nextInterval) {
        double now = 0;
        double interval = 0;
        int polls = 1;
        int taskPolls = 1;
        while (now < job.end()) {
            taskPolls += now < job.queued() ? 0 : 1;
            interval = nextInterval.applyAsDouble(interval);
            now += interval;
            polls++;
        }
        int requests = returnsTasksWithJobs ? polls : polls + taskPolls;
        return new Wait(requests, now - job.end(), job.fails());
    }
}
