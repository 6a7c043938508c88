/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.runtime;

import io.jenkins.plugins.ams.auth.TokenCache;
import io.jenkins.plugins.ams.config.TargetLookups;
import io.jenkins.plugins.ams.config.TargetLookups.Found;
import io.jenkins.plugins.ams.config.TargetLookups.Request;
import io.jenkins.plugins.ams.credentials.CredentialsUsageTracker;
import io.jenkins.plugins.ams.http.MonitoredHttpClient;
import io.jenkins.plugins.ams.polling.JobPoller;
import io.jenkins.plugins.ams.polling.PollTarget;
import io.jenkins.plugins.ams.polling.Scheduler;
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
 * Combines the parts of {@link AmsRuntime} for programs without Jenkins: the same threads, HTTP clients and lookups,
 * with interfaces that replace the credentials stores in Jenkins.
 */
public final class StandaloneRuntime implements AutoCloseable {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    private final Clock clock = Clock.systemUTC();
    private final AmsThreads threads = new AmsThreads(pool -> pool);
    private final HttpClient http;
    private final TokenCache tokens;
    private final JobPoller poller;

    /** Resolves host names. */
    public interface NameServer {
        /** Returns when a host name is resolved. */
        void resolve(String host) throws IOException;
    }

    /** A credentials store and the records of the use of credentials. All methods may block. */
    public interface Store {

        /** Finds the target of a wait. */
        PollTarget find() throws Exception;

        /** Returns whether the use by a build has already been recorded. */
        boolean isRecorded(Object build);

        /** Records the use by a build. */
        void record(Object build);
    }

    /** Creates a runtime that resolves host names with the JDK. */
    public StandaloneRuntime(SSLContext trust, long seed) {
        this(trust, seed, InetAddress::getByName);
    }

    /**
     * Creates a runtime.
     *
     * @param trust the SSL context with the trusted servers
     * @param seed the seed for the jitter of polling intervals
     * @param nameServer resolves the host name before each request
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

    /** Returns whether a thread belongs to the runtime or to the JDK's HTTP client. */
    public static boolean isOwn(Thread thread) {
        return thread.getName().startsWith("azure-media-services ")
                || thread.getName().startsWith("HttpClient");
    }

    /** Returns lookups like those of builds, for stores that the caller provides. */
    public Lookups lookups() {
        return new Lookups();
    }

    /** Lookups for stores that the caller provides. */
    public final class Lookups {

        private final Executor records = threads.disk().serial("fingerprints");
        private final CredentialsUsageTracker<Object, Store> tracker =
                new CredentialsUsageTracker<>(key -> records, new CredentialsUsageTracker.Records<Object, Store>() {
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

        /** Returns the target source of a wait. Builds of one job share lookups of the same credentials. */
        public PollTarget.Source source(Object build, Object job, String credentialsId, Store store) {
            Request<Object, Store> request = new Request<>(
                    build, job, credentialsId, credentialsId, () -> new Found<>(store.find(), List.of(store), job));
            AtomicBoolean calledBefore = new AtomicBoolean();
            return new PollTarget.Source() {
                @Override
                public PollTarget find() {
                    throw new UnsupportedOperationException("would block");
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
