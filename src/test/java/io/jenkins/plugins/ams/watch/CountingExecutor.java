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
    private final Queue<Runnable> held = new ArrayDeque<>();
    private boolean holds;
    private long given;
    private long done;

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
            if (holds) {
                held.add(task);
                return;
            }
            given++;
        }
        threads.execute(() -> {
            try {
                task.run();
            } finally {
                synchronized (this) {
                    done++;
                }
            }
        });
    }

    /** Takes tasks but lets them wait, as where all threads have other things to do. */
    synchronized void hold() {
        holds = true;
    }

    /** Whether a task waits for {@link #release}. */
    synchronized boolean isHolding() {
        return !held.isEmpty();
    }

    /** Runs them after all. */
    void release() {
        List<Runnable> tasks;
        synchronized (this) {
            holds = false;
            tasks = List.copyOf(held);
            held.clear();
        }
        tasks.forEach(this::execute);
    }

    /** How many tasks were given so far; negative while some of them are not done. */
    synchronized long doneIfIdle() {
        return given == done ? done : -1;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
