/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.account;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.init.Terminator;
import hudson.security.ACL;
import io.jenkins.plugins.ams.auth.TokenCache;
import io.jenkins.plugins.ams.watch.JobPoller;
import io.jenkins.plugins.ams.watch.Scheduler;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Executor;
import jenkins.security.ImpersonatingExecutorService;

/**
 * What all waits of this controller share: the watcher with its threads, the HTTP client and the tokens. Brings the
 * rooms that know nothing of Jenkins together with Jenkins' accounts and credentials.
 */
@Extension
public final class AmsRuntime {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    private final Clock clock = Clock.systemUTC();
    private final AmsThreads threads = new AmsThreads(pool -> new ImpersonatingExecutorService(pool, ACL.SYSTEM2));
    private final HttpClient http = new ResolvingHttpClient(
            new JenkinsHttpClient(threads.http(), CONNECT_TIMEOUT), threads.http(), threads.hosts(), threads.timer());
    private final DirectHttpClient direct = new DirectHttpClient(threads.http(), CONNECT_TIMEOUT);
    private final Executor diskExecutor = threads.disk().serial("builds");

    /** Not the same: a queue of builds that are saved must not delay it. */
    private final Executor cancellations = threads.disk().serial("cancellations");

    private final Executor fingerprints = threads.disk().serial("fingerprints");

    private final TokenCache tokens = new TokenCache(() -> http, direct, threads.tokenThreads(), clock);
    private final JobPoller poller =
            new JobPoller(clock, threads.timer(), threads.workers(), threads.consoles(), new Random());

    /** The engine of this controller. */
    public static AmsRuntime get() {
        return ExtensionList.lookupSingleton(AmsRuntime.class);
    }

    /** The one watcher. */
    public JobPoller poller() {
        return poller;
    }

    /** The time of day. */
    public Clock clock() {
        return clock;
    }

    /** The plugin's timer; what it wakes is short. */
    public Scheduler timer() {
        return threads.timer();
    }

    /** Runs what may take as long as a disk does. */
    public Executor diskExecutor() {
        return diskExecutor;
    }

    /** Runs what has to be on disk before jobs are canceled; may take as long as a disk does. */
    public Executor cancellations() {
        return cancellations;
    }

    /** Runs lookups of credentials, which can be in a store that is another service. */
    public KeyedExecutor.Group credentialsExecutor() {
        return threads.credentials();
    }

    /** Records uses of credentials, one after another: Jenkins has one lock for all of them. */
    public Executor fingerprintsExecutor() {
        return fingerprints;
    }

    /** The access tokens of all waits. */
    public TokenCache tokens() {
        return tokens;
    }

    /** The HTTP client for requests to services. It changes with Jenkins' proxy configuration. */
    public HttpClient http() {
        return http;
    }

    @Terminator
    public static void shutDown() {
        AmsRuntime runtime = get();
        runtime.poller.shutDown(); // before its threads, whose end looks like a fault
        runtime.threads.shutDown();
    }
}
