/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.account;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.init.Terminator;
import hudson.model.Job;
import hudson.model.Run;
import hudson.security.ACL;
import io.jenkins.plugins.ams.auth.Identity;
import io.jenkins.plugins.ams.auth.TokenCache;
import io.jenkins.plugins.ams.auth.TokenSource;
import io.jenkins.plugins.ams.service.AmsService;
import io.jenkins.plugins.ams.service.EndpointPolicy;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.watch.JobPoller;
import io.jenkins.plugins.ams.watch.PollTarget;
import io.jenkins.plugins.ams.watch.Scheduler;
import java.net.URI;
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

    private final TokenCache tokens = new TokenCache(() -> http, direct, threads.tokenThreads(), clock);
    private final JobPoller poller =
            new JobPoller(clock, threads.timer(), threads.workers(), threads.consoles(), new Random());

    private final BuildTargets targets = new BuildTargets(
            threads, (api, endpoint, identity, policy) -> service(api, endpoint, tokens.tokensOf(identity), policy));

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

    /**
     * Finds where a build's wait looks, anew each time it is asked: accounts are renamed and secrets rotated while
     * builds wait.
     *
     * @param job the job, as the account's API spelt it when the wait began
     * @param accountName null for the default account
     * @param credentialsId null for the account's; either is looked up in the context of the build, so that a build
     *     cannot use what its job could not
     */
    public PollTarget.Source targetSource(Run<?, ?> run, JobId job, String accountName, String credentialsId) {
        return targets.source(run, job, accountName, credentialsId);
    }

    /**
     * The same for a build that was deleted while its job was to be canceled: what the builds of its project can use.
     *
     * @param credentialsId null for the account's
     */
    public PollTarget.Source targetSource(Job<?, ?> project, JobId job, String accountName, String credentialsId) {
        return targets.source(project, job, accountName, credentialsId);
    }

    /** Tokens that are asked for anew: those of the cache can outlive the secret that they were given for. */
    TokenSource freshTokens(Identity identity) {
        return tokens.fresh().tokensOf(identity);
    }

    /** A client of the service of an account. */
    AmsService service(AmsApi api, URI endpoint, TokenSource tokenSource, EndpointPolicy policy) {
        return api.service(endpoint, tokenSource, () -> http, policy, clock);
    }

    @Terminator
    public static void shutDown() {
        AmsRuntime engine = get();
        engine.poller.shutDown(); // before its threads, whose end looks like a fault
        engine.threads.shutDown();
    }
}
