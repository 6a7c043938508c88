/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.runtime;

import io.jenkins.plugins.ams.auth.TokenThreads;
import io.jenkins.plugins.ams.polling.Scheduler;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/**
 * Creates the plugin's threads. All of them are named daemon threads. The number of threads does not depend on the
 * number of waiting builds. The plugin does not use {@code jenkins.util.Timer}, because other plugins share its
 * threads.
 *
 * <p>The threads that every poll needs (timer, workers, and HTTP) never block and never end, so waits continue even if
 * the controller cannot create more threads. Tasks that may block run on background threads, which are created on
 * demand.
 */
final class AmsThreads {

    private static final int WORKERS = 2;
    private static final int HTTP = 2;

    /**
     * Maximum number of background threads for each group of tasks. A group reaches this limit only if that many hosts,
     * credentials stores, or consoles hang at the same time. Even then, the other groups are not affected.
     */
    private static final int MAX_BLOCKED = 32;

    private static final long KEEP_ALIVE_SECONDS = 60;

    private final ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1, named("timer"));
    private final Scheduler timer = new ExecutorScheduler(scheduler);
    private final ExecutorService workers;
    private final ExecutorService http = permanent(HTTP, named("http"));

    private final ExecutorService background;
    private final KeyedExecutor.Group hosts;
    private final KeyedExecutor.Group credentials;
    private final KeyedExecutor.Group tokens;
    private final KeyedExecutor.Group keyStores;
    private final KeyedExecutor.Group fingerprints;
    private final KeyedExecutor.Group disk;
    private final KeyedExecutor.Group consoles;

    /**
     * Creates the executors, which start their threads on demand.
     *
     * @param asJenkins wraps an executor so that its tasks run with system permissions, which are required to look up
     *     accounts and builds
     */
    AmsThreads(UnaryOperator<ExecutorService> asJenkins) {
        scheduler.setRemoveOnCancelPolicy(true); // otherwise, the deadlines of ended waits would accumulate
        workers = asJenkins.apply(permanent(WORKERS, named("worker")));
        background = asJenkins.apply(new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE, // the groups below limit the number of threads
                KEEP_ALIVE_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                named("background")));
        KeyedExecutor keyed = new KeyedExecutor(background, timer);
        hosts = keyed.group(MAX_BLOCKED);
        credentials = keyed.group(MAX_BLOCKED);
        tokens = keyed.group(MAX_BLOCKED);
        keyStores = keyed.group(MAX_BLOCKED);
        fingerprints = keyed.group(MAX_BLOCKED);
        disk = keyed.group(MAX_BLOCKED);
        consoles = keyed.group(MAX_BLOCKED);
    }

    Scheduler timer() {
        return timer;
    }

    /** Returns the executor that runs polls. Its tasks must not block. */
    Executor workers() {
        return workers;
    }

    /** Returns the executor for the HTTP clients. {@link ResolvingHttpClient} resolves host names on other threads. */
    Executor http() {
        return http;
    }

    /**
     * Returns the executors for token requests. They are separate from the worker threads, because MSAL4J's requests
     * and logging must not delay polls. Key stores have a separate group, because users who can edit a folder's
     * credentials can create many key stores that take a long time to decrypt.
     */
    TokenThreads tokenThreads() {
        return new TokenThreads(serviceOf(tokens), keyStores);
    }

    /** Returns the executor for resolving host names. */
    KeyedExecutor.Group hosts() {
        return hosts;
    }

    /** Returns the executor for credentials lookups, which may access a remote credentials store. */
    KeyedExecutor.Group credentials() {
        return credentials;
    }

    /**
     * Returns the executor for recording the use of credentials. Recording can block while a key store is decrypted,
     * because Jenkins names a certificate's fingerprint after the certificate's subject.
     */
    KeyedExecutor.Group fingerprints() {
        return fingerprints;
    }

    /** Returns the executor for writing files. */
    KeyedExecutor.Group disk() {
        return disk;
    }

    /** Returns the executor for writing to build consoles and pages, and for completing steps. */
    KeyedExecutor.Group consoles() {
        return consoles;
    }

    void shutDown() {
        scheduler.shutdownNow();
        background.shutdownNow();
        http.shutdownNow();
        workers.shutdownNow();
    }

    /**
     * Returns an executor whose threads never end. If the JVM cannot create all of the threads, the existing threads
     * run all tasks.
     */
    static ThreadPoolExecutor permanent(int threads, ThreadFactory factory) {
        return new ThreadPoolExecutor(threads, threads, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory) {
            @Override
            public void execute(Runnable task) {
                try {
                    super.execute(task);
                } catch (OutOfMemoryError e) { // the JVM cannot create a thread
                    if (getPoolSize() == 0) {
                        throw e;
                    }
                    getQueue().add(task);
                }
            }
        };
    }

    /** Adapts an executor to the type that MSAL4J requires. MSAL4J uses the executor only to execute tasks. */
    private static ExecutorService serviceOf(Executor executor) {
        return new AbstractExecutorService() {
            @Override
            public void execute(Runnable task) {
                executor.execute(task);
            }

            @Override
            public void shutdown() {
                throw new UnsupportedOperationException("This executor is shut down with the background threads");
            }

            @Override
            public List<Runnable> shutdownNow() {
                throw new UnsupportedOperationException("This executor is shut down with the background threads");
            }

            @Override
            public boolean isShutdown() {
                return false;
            }

            @Override
            public boolean isTerminated() {
                return false;
            }

            @Override
            public boolean awaitTermination(long timeout, TimeUnit unit) {
                return false;
            }
        };
    }

    private static ThreadFactory named(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, "azure-media-services " + name + ' ' + count.incrementAndGet());
            thread.setDaemon(true);
            // otherwise, this thread would inherit the class loader of the thread that creates it
            thread.setContextClassLoader(AmsThreads.class.getClassLoader());
            return thread;
        };
    }
}
