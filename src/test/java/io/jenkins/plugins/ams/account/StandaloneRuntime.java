/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.account;

import io.jenkins.plugins.ams.account.TargetLookups.Found;
import io.jenkins.plugins.ams.account.TargetLookups.Request;
import io.jenkins.plugins.ams.auth.MonitoredHttpClient;
import io.jenkins.plugins.ams.auth.TokenCache;
import io.jenkins.plugins.ams.watch.JobPoller;
import io.jenkins.plugins.ams.watch.PollTarget;
import io.jenkins.plugins.ams.watch.Scheduler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;

/**
 * What {@link AmsRuntime} consists of, for programs without Jenkins: the same threads, the same way of requests through
 * the HTTP client, the same lookups. In place of Jenkins' stores there are seams.
 */
public final class StandaloneRuntime implements AutoCloseable {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    private final Clock clock = Clock.systemUTC();
    private final AmsThreads threads = new AmsThreads(pool -> pool);
    private final HttpClient http;
    private final TokenCache tokens;
    private final JobPoller poller;

    /** A name server. */
    public interface NameServer {
        /** Returns when the address of a host is known. */
        void resolve(String host) throws IOException;
    }

    /** A store of credentials, and the records of their use. Both may be slow. */
    public interface Store {

        /** Finds what a wait needs. */
        PollTarget find() throws Exception;

        /** Whether the use by a build was recorded before. */
        boolean isRecorded(Object build);

        /** Records the use. */
        void record(Object build);
    }

    /** A runtime whose hosts are resolved by the JDK. */
    public StandaloneRuntime(SSLContext trust, long seed) {
        this(trust, seed, InetAddress::getByName);
    }

    /**
     * Creates a runtime.
     *
     * @param trust which servers are trusted
     * @param seed of the variation of delays
     * @param nameServer asked before each request
     */
    public StandaloneRuntime(SSLContext trust, long seed, NameServer nameServer) {
        HttpClient.Builder builder = HttpClient.newBuilder().sslContext(trust);
        HttpClient client =
                new MonitoredHttpClient(MonitoredHttpClient.configure(builder, threads.http(), CONNECT_TIMEOUT)
                        .build());
        http = new ResolvingHttpClient(
                () -> client, threads.http(), threads.hosts(), threads.timer(), nameServer::resolve);
        tokens = new TokenCache(() -> http, () -> http, threads.tokenThreads(), clock);
        poller = new JobPoller(clock, threads.timer(), threads.workers(), threads.consoles(), new Random(seed));
    }

    public JobPoller poller() {
        return poller;
    }

    public HttpClient http() {
        return http;
    }

    public TokenCache tokens() {
        return tokens;
    }

    public Scheduler scheduler() {
        return threads.timer();
    }

    public Clock clock() {
        return clock;
    }

    /** Whether a thread is one of the runtime's, that of the JDK's HTTP client included. */
    public static boolean isOwn(Thread thread) {
        return thread.getName().startsWith("azure-media-services ")
                || thread.getName().startsWith("HttpClient");
    }

    /** Lookups as those of builds, in stores of the caller's. */
    public Lookups lookups() {
        return new Lookups();
    }

    /** See {@link #lookups}. */
    public final class Lookups {

        private final Executor records = threads.disk().serial("fingerprints");
        private final CredentialsUsageTracker<Object, Store> tracker =
                new CredentialsUsageTracker<>(records, new CredentialsUsageTracker.Records<Object, Store>() {
                    @Override
                    public boolean contains(Object build, Store store) {
                        return store.isRecorded(build);
                    }

                    @Override
                    public void add(Object build, Store store) {
                        store.record(build);
                    }
                });
        private final TargetLookups<Object, Store> lookups =
                new TargetLookups<>(threads.credentials(), threads.timer(), tracker);

        /** The source of one wait of a build. Builds of one job share lookups of the same credentials. */
        public PollTarget.Source source(Object build, Object job, String credentialsId, Store store) {
            Request<Object, Store> request = new Request<>(
                    build, job, credentialsId, credentialsId, () -> new Found<>(store.find(), List.of(store), job));
            AtomicBoolean calledBefore = new AtomicBoolean();
            return new PollTarget.Source() {
                @Override
                public PollTarget find() {
                    throw new UnsupportedOperationException("blocks");
                }

                @Override
                public CompletableFuture<PollTarget> lookUp() {
                    return lookups.find(request, calledBefore.getAndSet(true));
                }
            };
        }
    }

    @Override
    public void close() {
        poller.shutDown();
        threads.shutDown();
    }
}
