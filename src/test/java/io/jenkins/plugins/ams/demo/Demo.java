/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.demo;

import io.jenkins.plugins.ams.auth.Identity;
import io.jenkins.plugins.ams.auth.TokenCache;
import io.jenkins.plugins.ams.console.ConsoleLog;
import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.emulator.Emulator;
import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.http.Futures;
import io.jenkins.plugins.ams.polling.CancellationListener;
import io.jenkins.plugins.ams.polling.JobPoller;
import io.jenkins.plugins.ams.polling.JobWait;
import io.jenkins.plugins.ams.polling.PollTarget;
import io.jenkins.plugins.ams.polling.WaitOutcome;
import io.jenkins.plugins.ams.result.WaitRecord;
import io.jenkins.plugins.ams.result.WaitResult;
import io.jenkins.plugins.ams.runtime.ExecutorScheduler;
import io.jenkins.plugins.ams.service.EmulatedService;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.testing.NoOpPage;
import io.jenkins.plugins.ams.wait.ReportingListener;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Runs a wait like that of a build, but without Jenkins: the plugin's poller, HTTP client, token cache and console log
 * with the emulator, using HTTP, TLS and MSAL4J in real time.
 */
final class Demo implements AutoCloseable {

    private final EmulatedService api;
    private final Consumer<String> lines;
    private final Clock clock = Clock.systemUTC();
    private final Emulator emulator = Emulator.start();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(Demo::daemon);
    private final ExecutorService workers = Executors.newFixedThreadPool(4, Demo::daemon);
    private final ExecutorService tokenRequests = Executors.newFixedThreadPool(2, Demo::daemon);
    private final HttpClient http = HttpClient.newBuilder()
            .sslContext(emulator.sslContext())
            .connectTimeout(Duration.ofSeconds(10))
            .executor(workers)
            .build();
    private final TokenCache tokens = new TokenCache(() -> http, tokenRequests, clock);
    private final JobPoller poller = new JobPoller(clock, new ExecutorScheduler(timer), workers, workers, new Random());

    /**
     * Starts the emulator.
     *
     * @param api the API that the jobs are polled with
     * @param lines receives each line of the console
     */
    Demo(EmulatedService api, Consumer<String> lines) {
        this.api = api;
        this.lines = lines;
    }

    /** Returns the emulator, for adding jobs and faults. */
    Emulator emulator() {
        return emulator;
    }

    /** Waits for a job and returns the result for the build. */
    WaitResult run(EmulatedJob emulated) {
        JobId job = api.idOf(emulated);
        CompletableFuture<WaitOutcome> outcome = new CompletableFuture<>();
        start(job, log(job), outcome);
        WaitOutcome end = outcome.join();
        WaitRecord record = WaitRecord.waiting(job, null).ended(end, clock.instant());
        return WaitResult.of(record.getJob(), end, true, null);
    }

    /** Waits for a job, and aborts the wait and cancels the job like a build with {@code cancelOnAbort}. */
    void runAndAbort(EmulatedJob emulated, Duration after) {
        JobId job = api.idOf(emulated);
        ConsoleLog log = log(job);
        JobWait wait = start(job, log, new CompletableFuture<>());
        CompletableFuture.runAsync(
                        () -> {
                            wait.cancel();
                            log.onAborted(true);
                        },
                        CompletableFuture.delayedExecutor(after.toMillis(), TimeUnit.MILLISECONDS, workers))
                .join();
        try {
            log.onCancelResponse(
                    poller.cancelJob(job, this::target, Duration.ofMinutes(1), false, new IgnoredProgress())
                            .join());
        } catch (CompletionException e) {
            log.onCancelFailed(job, AmsException.of(Futures.exception(e)));
        }
    }

    private ConsoleLog log(JobId job) {
        ConsoleLog log = new ConsoleLog(lines, clock, new ExecutorScheduler(timer));
        boolean mkIo = api == EmulatedService.MK_IO;
        log.onStarted(job, mkIo ? "media-mkio" : "media-prod", mkIo ? "mkio-token" : "ams-ci", id -> id);
        return log;
    }

    private JobWait start(JobId job, ConsoleLog log, CompletableFuture<WaitOutcome> outcome) {
        return poller.waitFor(
                job,
                this::target,
                Duration.ofSeconds(60),
                null,
                JobWait.Start.NEW,
                new ReportingListener(job, log, new NoOpPage(), ignored -> {}, () -> false, outcome::complete));
    }

    private PollTarget target() {
        Identity identity = api.identity(emulator);
        return new PollTarget(
                identity, () -> api.service(api.endpoint(emulator), tokens.tokensOf(identity), () -> http, clock));
    }

    /** The console of a build shows only the outcome of a cancellation. */
    private static final class IgnoredProgress implements CancellationListener {

        @Override
        public void onRetry(AmsException error, Duration delay) {}

        @Override
        public void onPolled(MediaJob job) {}
    }

    @Override
    public void close() {
        timer.shutdownNow();
        workers.shutdownNow();
        tokenRequests.shutdownNow();
        emulator.close();
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "demo");
        thread.setDaemon(true);
        return thread;
    }
}
