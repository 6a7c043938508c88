/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.account;

import io.jenkins.plugins.ams.auth.TokenThreads;
import io.jenkins.plugins.ams.watch.ExecutorScheduler;
import io.jenkins.plugins.ams.watch.Scheduler;
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
 * The plugin's own threads: few, named, daemons, however many builds wait. Nothing of the plugin runs on the timer
 * threads that all of Jenkins shares.
 *
 * <p>Those that every poll needs (timer, workers, HTTP) never block and never end, so that waits continue while no thread
 * can be created. What may block runs on background threads, which are created when they are needed.
 */
final class AmsThreads {

    private static final int WORKERS = 2;
    private static final int HTTP = 2;

    /**
     * Background threads for one purpose. Reached only if as many different hosts, or credentials, or consoles hang at the
     * same time; the other purposes are not affected.
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
    private final KeyedExecutor.Group disk;
    private final KeyedExecutor.Group consoles;

    /**
     * Creates the timer's thread, and no other yet.
     *
     * @param asJenkins makes an executor run its tasks as Jenkins itself, like Jenkins' own background threads: accounts
     *     and builds are looked up there
     */
    AmsThreads(UnaryOperator<ExecutorService> asJenkins) {
        scheduler.setRemoveOnCancelPolicy(true); // deadlines of waits that end early would pile up
        workers = asJenkins.apply(permanent(WORKERS, named("worker")));
        background = asJenkins.apply(new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE, // the groups below have limits
                KEEP_ALIVE_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                named("background")));
        KeyedExecutor keyed = new KeyedExecutor(background, timer);
        hosts = keyed.group(MAX_BLOCKED);
        credentials = keyed.group(MAX_BLOCKED);
        tokens = keyed.group(MAX_BLOCKED);
        disk = keyed.group(MAX_BLOCKED);
        consoles = keyed.group(MAX_BLOCKED);
    }

    Scheduler timer() {
        return timer;
    }

    /** Runs what polls consist of; never anything that may block. */
    Executor workers() {
        return workers;
    }

    /** Runs what the HTTP clients have to do. They look up no hosts there, see {@link ResolvingHttpClient}. */
    Executor http() {
        return http;
    }

    /** What MSAL4J computes and what it logs is not done on the threads that the waits depend on. */
    TokenThreads tokenThreads() {
        return new TokenThreads(serviceOf(tokens), credentials);
    }

    /** Looks up the addresses of hosts. */
    KeyedExecutor.Group hosts() {
        return hosts;
    }

    /** Looks up credentials, which can be in a store that is another service. */
    KeyedExecutor.Group credentials() {
        return credentials;
    }

    /** Writes files of Jenkins. */
    KeyedExecutor.Group disk() {
        return disk;
    }

    /** Writes to consoles and pages of builds, and completes steps. */
    KeyedExecutor.Group consoles() {
        return consoles;
    }

    void shutDown() {
        scheduler.shutdownNow();
        background.shutdownNow();
        http.shutdownNow();
        workers.shutdownNow();
    }

    /** Threads that stay. While the missing ones cannot be created, those that are there run all tasks. */
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

    /** MSAL4J insists on a service, and uses it as an executor. */
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
            // not the class loader of the thread that happens to need another one
            thread.setContextClassLoader(AmsThreads.class.getClassLoader());
            return thread;
        };
    }
}
