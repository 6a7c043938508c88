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
import io.jenkins.plugins.ams.polling.ExecutorScheduler;
import io.jenkins.plugins.ams.polling.JobPoller;
import io.jenkins.plugins.ams.polling.PollTarget;
import io.jenkins.plugins.ams.polling.WaitOutcome;
import io.jenkins.plugins.ams.result.WaitResult;
import io.jenkins.plugins.ams.service.EmulatedService;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.v2.AmsV2JobId;
import io.jenkins.plugins.ams.testing.NoOpPage;
import io.jenkins.plugins.ams.wait.ReportingListener;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

/**
 * Runs a wait like that of a build, but without Jenkins: the plugin's poller, HTTP client, token cache and console log
 * with the emulator, using HTTP, TLS and MSAL4J in real time.
 */
final class Demo implements AutoCloseable {

    private static final String ACCOUNT = "media-prod";
    private static final String CREDENTIALS = "ams-ci";

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

    /** Returns the emulator, for adding jobs and faults. */
    Emulator emulator() {
        return emulator;
    }

    /** Waits for a job and returns the result for the build. */
    WaitResult run(EmulatedJob emulated, Consumer<String> lines) {
        JobId job = AmsV2JobId.parse(emulated.id());
        ConsoleLog log = new ConsoleLog(lines, clock, new ExecutorScheduler(timer), new ConsoleLog.Memory());
        log.onStarted(job, ACCOUNT, CREDENTIALS);
        CompletableFuture<WaitOutcome> outcome = new CompletableFuture<>();
        poller.waitFor(
                job,
                this::target,
                Duration.ofSeconds(60),
                null,
                new ReportingListener(job, log, new NoOpPage(), ignored -> {}, () -> false, outcome::complete));
        return WaitResult.of(job, outcome.join(), true, null);
    }

    private PollTarget target() {
        Identity identity = EmulatedService.AMS_V2.identity(emulator);
        return new PollTarget(
                identity,
                () -> EmulatedService.AMS_V2.service(
                        emulator.endpoint(), tokens.tokensOf(identity), () -> http, clock));
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
