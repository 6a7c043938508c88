/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.runtime;

import io.jenkins.plugins.ams.auth.TokenThreads;
import io.jenkins.plugins.ams.polling.ExecutorScheduler;
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
 * Creates the plugin's threads: named daemon threads, whose number does not depend on the number of waiting builds. The
 * plugin does not use the timer threads that Jenkins shares between plugins.
 *
 * <p>The threads that every poll needs (timer, workers, HTTP) never block and never end, so that waits continue when
 * the controller cannot create threads. Tasks that may block run on background threads, which are created on demand.
 */
final class AmsThreads {

    private static final int WORKERS = 2;
    private static final int HTTP = 2;

    /**
     * Maximum number of background threads for one purpose. It is reached only if this many hosts, credentials stores
     * or consoles hang at the same time, and does not affect the other purposes.
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
     * @param asJenkins wraps an executor so that it runs its tasks with the permissions of Jenkins itself, as tasks
     *     that look up accounts and builds require
     */
    AmsThreads(UnaryOperator<ExecutorService> asJenkins) {
        scheduler.setRemoveOnCancelPolicy(true); // otherwise the deadlines of waits that end early would accumulate
        workers = asJenkins.apply(permanent(WORKERS, named("worker")));
        background = asJenkins.apply(new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE, // limited by the groups below
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

    /** Returns the executor of the HTTP clients. Host names are resolved elsewhere, see {@link ResolvingHttpClient}. */
    Executor http() {
        return http;
    }

    /**
     * Returns the threads for MSAL4J. Its computations and logging must not delay polls. Key stores have a group of their
     * own, because any user of a folder can create many that take long to decrypt.
     */
    TokenThreads tokenThreads() {
        return new TokenThreads(serviceOf(tokens), keyStores);
    }

    /** Returns the group of tasks that resolve host names. */
    KeyedExecutor.Group hosts() {
        return hosts;
    }

    /** Returns the group of tasks that look up credentials, which can be stored in a remote service. */
    KeyedExecutor.Group credentials() {
        return credentials;
    }

    /**
     * Returns the group of tasks that record uses of credentials. They can block for as long as it takes to decrypt a key
     * store, since Jenkins names the record of a certificate after its subject.
     */
    KeyedExecutor.Group fingerprints() {
        return fingerprints;
    }

    /** Returns the group of tasks that write files. */
    KeyedExecutor.Group disk() {
        return disk;
    }

    /** Returns the group of tasks that write to consoles and pages of builds and complete steps. */
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
     * Returns an executor whose threads never end. If the JVM cannot create all of them, the existing ones run all
     * tasks.
     */
    static ThreadPoolExecutor permanent(int threads, ThreadFactory factory) {
        return new ThreadPoolExecutor(threads, threads, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory) {
            @Override
            public void execute(Runnable task) {
                try {
                    super.execute(task);
                } catch (OutOfMemoryError e) { // unable to create native thread
                    if (getPoolSize() == 0) {
                        throw e;
                    }
                    getQueue().add(task);
                }
            }
        };
    }

    /** Adapts an executor to the type that MSAL4J requires, although it only executes tasks. */
    private static ExecutorService serviceOf(Executor executor) {
        return new AbstractExecutorService() {
            @Override
            public void execute(Runnable task) {
                executor.execute(task);
            }

            @Override
            public void shutdown() {
                throw new UnsupportedOperationException("ends with the background threads");
            }

            @Override
            public List<Runnable> shutdownNow() {
                throw new UnsupportedOperationException("ends with the background threads");
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
            // would otherwise be inherited from the thread that triggers the creation
            thread.setContextClassLoader(AmsThreads.class.getClassLoader());
            return thread;
        };
    }
}
