/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.benchmark;

import io.jenkins.plugins.ams.service.EmulatedService;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.MediaTask;
import io.jenkins.plugins.ams.testing.ManualTime;
import io.jenkins.plugins.ams.watch.JobPoller;
import io.jenkins.plugins.ams.watch.JobProgress;
import io.jenkins.plugins.ams.watch.JobWait;
import io.jenkins.plugins.ams.watch.JobWaitListener;
import io.jenkins.plugins.ams.watch.PollTarget;
import io.jenkins.plugins.ams.watch.WaitOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;

/**
 * What it costs to know that a job has ended, and how late that is known: the product's own watcher, in simulated time,
 * beside fixed intervals and an exponential one, all over the same jobs. Requests for tasks and output assets count, as
 * far as the API needs any.
 */
public final class Prediction {

    /** Jobs, and what they are drawn by. */
    static final int JOBS = 4000;

    static final long SEED = 2026;

    private static final Duration POLL_INTERVAL = Duration.ofSeconds(60);

    /**
     * Figures of one way to wait.
     *
     * @param requests mean per job
     * @param meanDelay seconds from the end to its detection, over the jobs that finish
     * @param p95Delay the same, which 95 % stay below
     * @param meanDelayOfFailures the same, mean over the jobs that fail
     */
    public record Figures(double requests, double meanDelay, double p95Delay, double meanDelayOfFailures) {}

    private record Wait(int requests, double delay, boolean failed) {}

    private interface Strategy {
        Wait waitFor(PopulationJob job);
    }

    private Prediction() {}

    /** Waits for all jobs in each way. */
    public static Map<String, Figures> run(EmulatedService api) {
        Map<String, Figures> figures = new LinkedHashMap<>();
        figures.put("waitForAmsJob", product(api));
        figures.put("every 2.5 s", loop(api, interval -> 2.5));
        figures.put("every 10 s", loop(api, interval -> 10));
        figures.put("exponential 2 s to 30 s", loop(api, interval -> interval == 0 ? 2 : Math.min(30, 2 * interval)));
        return figures;
    }

    /** The figures of the product alone. */
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

    /** The product: its watcher with its plan, looks of its own making. */
    private static Wait waitWithPoller(PopulationJob job, boolean returnsTasksWithJobs) {
        ManualTime time = new ManualTime();
        SimulatedService service = new SimulatedService(job, returnsTasksWithJobs, time.clock());
        double[] delay = new double[1];
        JobWaitListener listener = new JobWaitListener() {
            @Override
            public void onPolled(MediaJob polled, List<MediaTask> tasks, JobProgress progress) {
                // nobody reads a console here
            }

            @Override
            public void onError(Exception error, Duration retryDelay) {
                throw new IllegalStateException(error);
            }

            @Override
            public void onRecovered(Duration after) {
                throw new IllegalStateException("nothing was wrong");
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
                .waitFor(SimulatedService.ID, () -> new PollTarget(job, () -> service), POLL_INTERVAL, null, listener);
        time.advanceUntil(wait::isEnded, Duration.ofDays(1), () -> {});
        if (!wait.isEnded()) {
            throw new IllegalStateException("does not end: " + job);
        }
        return new Wait(service.requests(), delay[0], job.fails());
    }

    /** A loop: the job; if they have to be asked for, its tasks if it is Processing and once more when it has ended. */
    private static Wait waitWithLoop(PopulationJob job, boolean returnsTasksWithJobs, DoubleUnaryOperator nextInterval) {
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
