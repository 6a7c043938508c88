/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.benchmark;

import io.jenkins.plugins.ams.auth.Identity;
import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.emulator.Emulator;
import io.jenkins.plugins.ams.emulator.Fault;
import io.jenkins.plugins.ams.emulator.JobScript;
import io.jenkins.plugins.ams.emulator.RequestKind;
import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.polling.CancellationListener;
import io.jenkins.plugins.ams.polling.JobPoller;
import io.jenkins.plugins.ams.polling.PollTarget;
import io.jenkins.plugins.ams.runtime.StandaloneRuntime;
import io.jenkins.plugins.ams.service.EmulatedService;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.testing.RealTime;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Measures how long it takes to cancel many jobs of one account at the same time over HTTP and TLS, if the service
 * responds to each cancellation after a delay. Afterward, the jobs are polled until all are Canceled.
 */
final class Cancellations {

    private static final Duration CANCELING = Duration.ofSeconds(5);

    /**
     * The figures of a run.
     *
     * @param jobs the number of jobs
     * @param requests the number of cancellation requests
     * @param secondsUntilAllSent the time until the service had received the last cancellation request
     * @param secondsUntilAllDone the time until all outcomes were known
     * @param failed the number of jobs that could not be canceled
     * @param polls the number of requests for job states until all jobs were Canceled
     */
    record Figures(
            int jobs, long requests, double secondsUntilAllSent, double secondsUntilAllDone, long failed, long polls) {}

    private Cancellations() {}

    static Figures run(EmulatedService api, int count, Duration latency) throws Exception {
        try (Emulator emulator = Emulator.start();
                StandaloneRuntime runtime = new StandaloneRuntime(emulator.sslContext(), Prediction.SEED)) {
            emulator.faults().inject(Fault.latency(latency).on(RequestKind.CANCEL));
            Identity identity = api.identity(emulator);
            URI endpoint = api.endpoint(emulator);
            PollTarget target = new PollTarget(
                    identity,
                    () -> api.service(endpoint, runtime.tokens().tokensOf(identity), runtime::http, runtime.clock()));
            return measure(api, emulator, runtime.poller(), target, count);
        }
    }

    private static Figures measure(
            EmulatedService api, Emulator emulator, JobPoller poller, PollTarget target, int count) throws Exception {
        List<EmulatedJob> jobs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            jobs.add(emulator.addJob(JobScript.named("Encoding")
                    .task("Encode", Duration.ofHours(1))
                    .canceling(CANCELING)));
        }
        AtomicInteger canceled = new AtomicInteger();
        CancellationListener listener = new CancellationListener() {
            @Override
            public void onRetry(AmsException error, Duration delay) {
                throw new IllegalStateException(error);
            }

            @Override
            public void onPolled(MediaJob job) {
                if (job.state() == JobState.CANCELED) {
                    canceled.incrementAndGet();
                }
            }
        };
        long start = System.nanoTime();
        List<CompletableFuture<Boolean>> outcomes = new ArrayList<>();
        for (EmulatedJob job : jobs) {
            outcomes.add(poller.cancelJob(api.idOf(job), () -> target, Duration.ofDays(1), false, listener));
        }
        CompletableFuture<?> all = CompletableFuture.allOf(outcomes.toArray(new CompletableFuture<?>[0]));
        double sent = -1;
        while (!all.isDone()) {
            if (sent < 0 && emulator.requests().count(RequestKind.CANCEL) >= count) {
                sent = seconds(start);
            }
            RealTime.sleep(Duration.ofMillis(5));
        }
        double done = seconds(start);
        long failed = outcomes.stream()
                .filter(outcome -> outcome.isCompletedExceptionally() || !outcome.join())
                .count();
        long until = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (canceled.get() < count - failed && System.nanoTime() < until) {
            RealTime.sleep(Duration.ofMillis(100));
        }
        if (canceled.get() != count - failed) {
            throw new IllegalStateException("only " + canceled + " jobs are Canceled");
        }
        return new Figures(
                count,
                emulator.requests().count(RequestKind.CANCEL),
                sent < 0 ? done : sent,
                done,
                failed,
                emulator.requests().count(RequestKind.JOBS));
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
