/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.watch;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A few threads that tell whether they have anything to do. */
final class CountingExecutor implements Executor, AutoCloseable {

    private final ExecutorService threads;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private boolean holding;
    private long submitted;
    private long completed;

    /** @param name of its threads */
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
            if (holding) {
                waiting.add(task);
                return;
            }
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

    /** Takes tasks but lets them wait, as where all threads have other things to do. */
    synchronized void pause() {
        holding = true;
    }

    /** Whether a task waits for {@link #resume}. */
    synchronized boolean hasWaiting() {
        return !waiting.isEmpty();
    }

    /** Runs them after all. */
    void resume() {
        List<Runnable> tasks;
        synchronized (this) {
            holding = false;
            tasks = List.copyOf(waiting);
            waiting.clear();
        }
        tasks.forEach(this::execute);
    }

    /** How many tasks were given so far; negative while some of them are not done. */
    synchronized long completedIfIdle() {
        return submitted == completed ? completed : -1;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
