/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * One job of the population that looks are planned for. It queues, runs, tells a progress that grows by a power of the
 * time, in whole percents that are brought up to date every five seconds, and may fail at any point of its run.
 *
 * @param queued seconds; lognormal, median 20, sigma 1.0
 * @param running seconds that it takes if it does not fail; lognormal, median 300, sigma 1.1, clipped to 15 s and 4 h
 * @param exponent of the progress; uniform in 0.7 to 1.4
 * @param fails whether it fails, as 15 % do
 * @param failsAt at which share of its run it would fail; uniform
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

    /** Jobs as one would meet them at any moment: the longer one lives, the likelier it is to be among them. */
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

    /** Seconds from its creation to its end. */
    double end() {
        return queued + (fails ? failsAt * running : running);
    }

    /** Share of its run that it shows as done after a share of the time. */
    double progress(double shareOfTime) {
        return Math.pow(Math.min(1, Math.max(0, shareOfTime)), exponent);
    }

    /** Percent that are told so many seconds after its creation. */
    double percentAt(double seconds) {
        double refreshed = Math.floor((seconds - queued) / REFRESH_SECONDS) * REFRESH_SECONDS;
        return Math.floor(100 * progress(refreshed / running));
    }
}
