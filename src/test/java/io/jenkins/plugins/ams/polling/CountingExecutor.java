/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An executor with a few threads that reports whether it is idle. */
final class CountingExecutor implements Executor, AutoCloseable {

    private final ExecutorService threads;
    private long submitted;
    private long completed;

    /** @param name the name of its threads */
    CountingExecutor(String name) {
        threads = Executors.newFixedThreadPool(4, task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    @Override
    public void execute(Runnable task) {
        synchronized (this) {
            submitted++;
        }
        threads.execute(() -> {
            try {
                task.run();
            } finally {
                synchronized (this) {
                    completed++;
                }
            }
        });
    }

    /** Returns the number of completed tasks, or -1 while a task is not complete. */
    synchronized long completedIfIdle() {
        return submitted == completed ? completed : -1;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
