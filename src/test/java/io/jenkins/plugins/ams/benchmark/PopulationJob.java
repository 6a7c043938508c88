/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A job of the simulated population. It is queued, runs and may fail at any point. Its progress is a power of the
 * elapsed fraction of its running time, in whole percent, and is updated every five seconds.
 *
 * @param queued the time in the queue in seconds; lognormal, median 20, sigma 1.0
 * @param running the running time in seconds without a failure; lognormal, median 300, sigma 1.1, between 15 s and
 *     4 h
 * @param exponent the exponent of the progress; uniform from 0.7 to 1.4
 * @param fails whether the job fails; true for 15 %
 * @param failsAt the fraction of the running time after which it fails; uniform
 */
record PopulationJob(double queued, double running, double exponent, boolean fails, double failsAt) {

    private static final double REFRESH_SECONDS = 5;

    static List<PopulationJob> sample(int count, RandomGenerator random) {
        List<PopulationJob> jobs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            double queued = 20 * Math.exp(random.nextGaussian());
            double running = 300 * Math.exp(1.1 * random.nextGaussian());
            double exponent = 0.7 + 0.7 * random.nextDouble();
            boolean fails = random.nextDouble() < 0.15;
            jobs.add(new PopulationJob(
                    queued, Math.max(15, Math.min(4 * 3600, running)), exponent, fails, random.nextDouble()));
        }
        return jobs;
    }

    /** Samples the jobs that exist at a random moment. The probability of a job is proportional to its duration. */
    static List<PopulationJob> sampleRunning(int count, RandomGenerator random) {
        List<PopulationJob> jobs = new ArrayList<>();
        double longest = 4 * 3600;
        while (jobs.size() < count) {
            PopulationJob job = sample(1, random).get(0);
            if (random.nextDouble() * longest < job.end()) {
                jobs.add(job);
            }
        }
        return jobs;
    }

    /** Returns the time from creation to end in seconds. */
    double end() {
        return queued + (fails ? failsAt * running : running);
    }

    /** Returns the progress (0 to 1) after a fraction of the running time (0 to 1). */
    double progress(double shareOfTime) {
        return Math.pow(Math.min(1, Math.max(0, shareOfTime)), exponent);
    }

    /** Returns the reported progress in percent at the given time in seconds after creation. */
    double percentAt(double seconds) {
        double refreshed = Math.floor((seconds - queued) / REFRESH_SECONDS) * REFRESH_SECONDS;
        return Math.floor(100 * progress(refreshed / running));
    }
}
