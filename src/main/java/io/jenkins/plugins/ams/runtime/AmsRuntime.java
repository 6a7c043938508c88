/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.runtime;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.init.Terminator;
import hudson.security.ACL;
import io.jenkins.plugins.ams.auth.TokenCache;
import io.jenkins.plugins.ams.polling.JobPoller;
import io.jenkins.plugins.ams.polling.Scheduler;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Executor;
import jenkins.security.ImpersonatingExecutorService;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Holds the objects that all waits on a controller share: the poller, the threads, the HTTP client, and the token
 * cache. Runs tasks with Jenkins' system permissions and sends requests through Jenkins' proxy.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class AmsRuntime {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    private final Clock clock = Clock.systemUTC();
    private final AmsThreads threads = new AmsThreads(pool -> new ImpersonatingExecutorService(pool, ACL.SYSTEM2));
    private final HttpClient http = new ResolvingHttpClient(
            JenkinsHttpClient.proxied(threads.http(), CONNECT_TIMEOUT),
            threads.http(),
            threads.hosts(),
            threads.timer());
    private final Executor diskExecutor = threads.disk().serial("builds");

    /**
     * Writes cancellations to disk. This executor is separate from {@link #diskExecutor}, so that saving builds does
     * not delay cancellations.
     */
    private final Executor cancellations = threads.disk().serial("cancellations");

    private final TokenCache tokens = new TokenCache(
            () -> http, JenkinsHttpClient.direct(threads.http(), CONNECT_TIMEOUT), threads.tokenThreads(), clock);
    private final JobPoller poller =
            new JobPoller(clock, threads.timer(), threads.workers(), threads.consoles(), new Random());

    /** Returns the instance that Jenkins has created. */
    public static AmsRuntime get() {
        return ExtensionList.lookupSingleton(AmsRuntime.class);
    }

    /** Returns the poller that all waits share. */
    public JobPoller poller() {
        return poller;
    }

    public Clock clock() {
        return clock;
    }

    /** Returns the plugin's scheduler. Its tasks must be short. */
    public Scheduler timer() {
        return threads.timer();
    }

    /** Returns the executor that saves build data. */
    public Executor diskExecutor() {
        return diskExecutor;
    }

    /**
     * Returns the executor that saves each cancellation to disk before the cancellation request is sent to the service.
     */
    public Executor cancellations() {
        return cancellations;
    }

    /** Returns the executor for credentials lookups, which may access a remote credentials store. */
    public KeyedExecutor.Group credentialsExecutor() {
        return threads.credentials();
    }

    /** Returns the executor for recording the use of credentials. Recording can block, like a credentials lookup. */
    public KeyedExecutor.Group fingerprintsExecutor() {
        return threads.fingerprints();
    }

    /** Returns the access token cache that all waits share. */
    public TokenCache tokens() {
        return tokens;
    }

    /**
     * Returns the HTTP client for requests to services. The client adapts to changes in Jenkins' proxy configuration.
     */
    public HttpClient http() {
        return http;
    }

    @Terminator
    public static void shutDown() {
        AmsRuntime runtime = get();
        runtime.poller.shutDown(); // first, because the poller would report the shutdown of the threads as an error
        runtime.threads.shutDown();
    }
}
