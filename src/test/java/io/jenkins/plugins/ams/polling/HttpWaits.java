/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.ams.testing.TestHttp;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Waits with HTTP, TLS, and threads, like those on a controller. The test controls the time. */
final class HttpWaits extends Waits {

    private final CountingExecutor threads = new CountingExecutor("poller-test");
    private final CountingExecutor notifications = new CountingExecutor("listener-test");
    private final ExecutorService tokenThreads = Executors.newFixedThreadPool(2);
    private HttpClient http;

    @Override
    protected void after() {
        try {
            super.after();
        } finally {
            threads.close();
            notifications.close();
            tokenThreads.shutdownNow();
        }
    }

    @Override
    synchronized HttpClient client() {
        if (http == null) {
            http = TestHttp.clientOf(emulator);
        }
        return http;
    }

    @Override
    ExecutorService tokenThreads() {
        return tokenThreads;
    }

    @Override
    public Executor executor() {
        return threads;
    }

    @Override
    Executor notifications() {
        return notifications;
    }

    /** Waits until no request is in flight and the threads are idle. */
    @Override
    public void settle() {
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(1))
                .until(() -> {
                    long before = doneIfIdle();
                    return before >= 0 && poller.inFlight() == 0 && doneIfIdle() == before;
                });
    }

    @Override
    public void awaitIdleThreads() {
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(1))
                .until(() -> {
                    long before = doneIfIdle();
                    return before >= 0 && doneIfIdle() == before;
                });
    }

    /**
     * Returns the number of completed tasks, or a negative number while a task is not complete. A task of one executor
     * can submit a task to the other.
     */
    private long doneIfIdle() {
        long polls = threads.completedIfIdle();
        long calls = notifications.completedIfIdle();
        return polls < 0 || calls < 0 ? -1 : polls + calls;
    }
}
