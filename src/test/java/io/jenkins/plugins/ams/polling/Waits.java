/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import static org.awaitility.Awaitility.await;
import static org.junit.Assert.assertEquals;

import io.jenkins.plugins.ams.auth.Identity;
import io.jenkins.plugins.ams.auth.TokenCache;
import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.emulator.Emulator;
import io.jenkins.plugins.ams.service.EmulatedService;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.v2.AmsV2JobId;
import io.jenkins.plugins.ams.testing.ManualTime;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntSupplier;
import org.junit.rules.ExternalResource;

/**
 * A poller with real HTTP, TLS and MSAL4J that uses the emulator. The test controls the time.
 *
 * <p>After each test, all waits are canceled, and no wait and no scheduled task may remain.
 */
public final class Waits extends ExternalResource {

    /** The name of the threads that call listeners and write to consoles. */
    public static final String NOTIFICATION_THREAD = "listener-test";

    public final ManualTime time = new ManualTime();
    public Emulator emulator;
    final List<RecordingListener> listeners = new ArrayList<>();
    public JobPoller poller;
    CountingExecutor threads;
    private CountingExecutor notifications;

    private final List<JobWait> jobWaits = new ArrayList<>();
    private ExecutorService tokenThreads;
    private TokenCache tokens;
    private HttpClient http;

    @Override
    protected void before() {
        emulator = Emulator.start(time.clock());
        threads = new CountingExecutor("watch-test");
        notifications = new CountingExecutor(NOTIFICATION_THREAD);
        tokenThreads = Executors.newFixedThreadPool(2);
        http = HttpClient.newBuilder()
                .sslContext(emulator.sslContext())
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
        tokens = new TokenCache(() -> http, tokenThreads, time.clock());
        poller = new JobPoller(time.clock(), time, threads, notifications, new Random(42));
    }

    @Override
    protected void after() {
        try {
            jobWaits.forEach(JobWait::cancel);
            awaitIdleThreads();
            assertEquals("waits left behind", 0, poller.size());
            assertEquals("scheduled tasks left behind", 0, time.scheduledTasks());
            listeners.forEach(listener -> assertEquals(List.of(), listener.misuses()));
        } finally {
            emulator.close();
            threads.close();
            notifications.close();
            tokenThreads.shutdownNow();
        }
    }

    /** The executor of the poller. */
    public Executor executor() {
        return threads;
    }

    /** Replaces the poller after its shutdown, as a start of Jenkins does. */
    public void restart() {
        poller = new JobPoller(time.clock(), time, threads, notifications, new Random(43));
    }

    /** Returns the emulator as a target, with a valid secret. */
    public PollTarget target() {
        return target(emulator.clientSecret());
    }

    public PollTarget target(String secret) {
        return target(emulator, emulator.endpoint(), secret);
    }

    /** Returns a target for another account, which is another endpoint or another emulator. */
    PollTarget target(Emulator emulator, URI endpoint, String secret) {
        Identity identity = EmulatedService.AMS_V2.identity(emulator, secret);
        return new PollTarget(
                List.of(endpoint, identity),
                () -> EmulatedService.AMS_V2.service(endpoint, tokens.tokensOf(identity), () -> http, time.clock()));
    }

    /** Returns a target for another API of the emulator, with the given key. */
    PollTarget target(EmulatedService api, Object key) {
        Identity identity = api.identity(emulator);
        return new PollTarget(
                key, () -> api.service(api.endpoint(emulator), tokens.tokensOf(identity), () -> http, time.clock()));
    }

    Wait wait(EmulatedJob job) {
        return wait(job.id(), this::target, null);
    }

    /** Begins a wait and completes its first poll. */
    Wait wait(String jobId, PollTarget.Source targets, Duration timeLimit) {
        RecordingListener listener = new RecordingListener();
        Wait wait = new Wait(begin(jobId, targets, timeLimit, listener), listener);
        settle();
        return wait;
    }

    /** Begins a wait; its first poll is in flight. */
    public JobWait begin(String jobId, PollTarget.Source targets, Duration timeLimit, JobWaitListener listener) {
        return begin(jobId, targets, Duration.ofSeconds(60), timeLimit, listener);
    }

    /** Begins a wait with the given maximum polling interval; its first poll is in flight. */
    public JobWait begin(
            String jobId,
            PollTarget.Source targets,
            Duration pollInterval,
            Duration timeLimit,
            JobWaitListener listener) {
        return begin(AmsV2JobId.parse(jobId), targets, pollInterval, timeLimit, listener);
    }

    /** Begins a wait for a job of any API. */
    JobWait begin(
            JobId job, PollTarget.Source targets, Duration pollInterval, Duration timeLimit, JobWaitListener listener) {
        if (listener instanceof RecordingListener recording) {
            listeners.add(recording);
        }
        Instant deadline = timeLimit == null ? null : time.clock().instant().plus(timeLimit);
        JobWait jobWait = poller.waitFor(job, targets, pollInterval, deadline, JobWait.Start.NEW, listener);
        jobWaits.add(jobWait);
        return jobWait;
    }

    /** A wait and its listener. */
    record Wait(JobWait jobWait, RecordingListener listener) {}

    public void advance(Duration by) {
        time.advance(by, this::settle);
    }

    /** Advances the time until a wait ends, up to a maximum. */
    void advanceUntilEnded(Wait wait, Duration atMost) {
        advanceUntilEnded(wait.jobWait(), atMost);
    }

    public void advanceUntilEnded(JobWait jobWait, Duration atMost) {
        time.advanceUntil(jobWait::isEnded, atMost, this::settle);
    }

    /** Advances the time while requests may hang. */
    public void advanceWithHungRequests(Duration by) {
        time.advance(by, this::awaitIdleThreads);
    }

    /** Waits until no request is in flight and the poller's threads are idle. */
    public void settle() {
        settle(() -> 0);
    }

    /** Waits until the poller is idle except for requests that the test holds back. */
    public void settle(IntSupplier held) {
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(1))
                .until(() -> {
                    long before = doneIfIdle();
                    return before >= 0 && poller.inFlight() == held.getAsInt() && doneIfIdle() == before;
                });
    }

    /** Waits until the poller's threads are idle. Requests may be in flight. */
    public void awaitIdleThreads() {
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(1))
                .until(() -> {
                    long before = doneIfIdle();
                    return before >= 0 && doneIfIdle() == before;
                });
    }

    /**
     * Returns the number of completed tasks, or a negative number while a task is not complete. One executor may have
     * given a task to the other.
     */
    private long doneIfIdle() {
        long polls = threads.completedIfIdle();
        long calls = notifications.completedIfIdle();
        return polls < 0 || calls < 0 ? -1 : polls + calls;
    }
}
