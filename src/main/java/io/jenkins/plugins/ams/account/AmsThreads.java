/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.account;

import hudson.security.ACL;
import io.jenkins.plugins.ams.auth.TokenThreads;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import jenkins.security.ImpersonatingExecutorService;

/**
 * The plugin's own threads: few, named, daemons, however many builds wait. Nothing of the plugin runs on the timer
 * threads that all of Jenkins shares.
 */
final class AmsThreads {

    private static final int WORKERS = 3;
    private static final int TOKEN_REQUESTS = 2;

    /** Each console whose disk or log service hangs holds one; builds with other consoles go on with the rest. */
    private static final int CONSOLES = 16;

    private static final int CREDENTIAL_READERS = 4;
    private static final long KEEP_ALIVE_SECONDS = 60;

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, named("timer"));

    /** As Jenkins itself, like its own background threads: accounts and builds are looked up here. */
    private final ExecutorService workers = new ImpersonatingExecutorService(pool(WORKERS, "worker"), ACL.SYSTEM2);

    /** Write to consoles and pages of builds, and complete steps; as Jenkins itself for the same reason. */
    private final ExecutorService consoles = new ImpersonatingExecutorService(pool(CONSOLES, "console"), ACL.SYSTEM2);

    /** What MSAL4J computes and what it logs is not done on the threads that the waits depend on. */
    private final ThreadPoolExecutor tokenRequests = pool(TOKEN_REQUESTS, "token");

    /** Credentials stores may block these threads, and key stores keep them busy for seconds. None exist without such. */
    private final ThreadPoolExecutor credentialReaders = pool(CREDENTIAL_READERS, "credentials");

    AmsThreads() {
        timer.setRemoveOnCancelPolicy(true); // deadlines of waits that end early would pile up
    }

    /** Builds are saved here, one by one: a slow disk keeps no wait from its next look. */
    private final ThreadPoolExecutor saver = pool(1, "saver");

    ScheduledExecutorService timer() {
        return timer;
    }

    ExecutorService workers() {
        return workers;
    }

    ExecutorService consoles() {
        return consoles;
    }

    TokenThreads tokenThreads() {
        return new TokenThreads(tokenRequests, credentialReaders);
    }

    ExecutorService saver() {
        return saver;
    }

    void shutDown() {
        timer.shutdownNow();
        saver.shutdownNow();
        tokenRequests.shutdownNow();
        consoles.shutdownNow();
        credentialReaders.shutdownNow();
        workers.shutdownNow();
    }

    private static ThreadPoolExecutor pool(int threads, String name) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads, threads, KEEP_ALIVE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), named(name));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    private static ThreadFactory named(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, "azure-media-services " + name + ' ' + count.incrementAndGet());
            thread.setDaemon(true);
            // whoever happens to cause a thread to be made must not lend it his class loader
            thread.setContextClassLoader(AmsThreads.class.getClassLoader());
            return thread;
        };
    }
}
