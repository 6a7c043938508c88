/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

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
import org.junit.rules.ExternalResource;

/**
 * A poller in simulated time that polls an emulator in the same process. It uses neither HTTP nor TLS nor threads, so
 * that each run is identical. {@link HttpWaits} uses all three.
 *
 * <p>After each test, all waits are canceled, and no wait and no scheduled task may remain.
 */
public class Waits extends ExternalResource {

    public final ManualTime time = new ManualTime();
    public Emulator emulator;
    final List<RecordingListener> listeners = new ArrayList<>();
    public JobPoller poller;
    final Simulation.Threads threads = new Simulation.Threads();
    private final Simulation.Threads notifications = new Simulation.Threads();
    private final Simulation.Threads responses = new Simulation.Threads();

    private final HttpClient http = Emulator.inProcessClient(responses);
    private final List<JobWait> jobWaits = new ArrayList<>();
    private TokenCache tokens;

    @Override
    protected void before() {
        emulator = Emulator.start(time.clock());
        tokens = new TokenCache(this::client, tokenThreads(), time.clock());
        poller = newPoller(42);
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
        }
    }

    /** Returns the client for the service and the authority. */
    HttpClient client() {
        return http;
    }

    /** Returns the executor of MSAL4J. */
    ExecutorService tokenThreads() {
        return responses.asService();
    }

    /** Returns the executor of the poller. */
    public Executor executor() {
        return threads;
    }

    /** Returns the executor that calls listeners and writes to consoles. */
    Executor notifications() {
        return notifications;
    }

    /** Returns whether the caller runs in the executor that calls listeners and writes to consoles. */
    public boolean isNotifying() {
        return notifications.isRunning() && !threads.isRunning();
    }

    private JobPoller newPoller(int seed) {
        return new JobPoller(time.clock(), time, executor(), notifications(), new Random(seed));
    }

    /** Replaces the poller after its shutdown, as a start of Jenkins does. */
    public void restart() {
        poller = newPoller(43);
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
                () -> EmulatedService.AMS_V2.service(endpoint, tokens.tokensOf(identity), this::client, time.clock()));
    }

    /** Returns a target for another API of the emulator, with the given key. */
    PollTarget target(EmulatedService api, Object key) {
        Identity identity = api.identity(emulator);
        return new PollTarget(
                key, () -> api.service(api.endpoint(emulator), tokens.tokensOf(identity), this::client, time.clock()));
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

    /** Waits until no request is in flight and no executor has tasks, except for requests that the test holds back. */
    public void settle() {
        awaitIdleThreads();
    }

    /** Waits until no executor has tasks. Requests may be in flight. */
    public void awaitIdleThreads() {
        boolean any;
        do {
            any = threads.run();
            any |= notifications.run();
            any |= responses.run();
        } while (any);
    }
}
