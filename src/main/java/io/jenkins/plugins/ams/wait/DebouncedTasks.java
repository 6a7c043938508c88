/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.wait;

import io.jenkins.plugins.ams.polling.RetryingExecutor;
import io.jenkins.plugins.ams.polling.Scheduler;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Runs a task for individual subjects and limits how often the task runs for each subject. A requested task runs
 * immediately if it has not run recently for the same subject. Otherwise, the task runs when the minimum time since its
 * last run has elapsed. All requests for the same subject until then result in a single run.
 *
 * @param <S> the type of the subjects, which are compared by {@code equals}
 */
final class DebouncedTasks<S> {

    private static final Logger LOGGER = Logger.getLogger(DebouncedTasks.class.getName());

    private final Scheduler timer;
    private final RetryingExecutor threads;
    private final Consumer<S> task;
    private final Set<S> requested = new HashSet<>();

    /** The earliest time of each subject's next run, in milliseconds on the timer's clock. */
    private final Map<S, Long> nextRuns = new HashMap<>();

    /**
     * @param threads the executor that runs the task
     * @param task the task, which receives the subject
     */
    DebouncedTasks(Scheduler timer, Executor threads, Consumer<S> task) {
        this.timer = timer;
        this.threads = new RetryingExecutor(timer, threads);
        this.task = task;
    }

    /**
     * Requests a run of the task. Does not block.
     *
     * @param delay the minimum time from this run to the next run for the same subject
     */
    void request(S subject, Duration delay) {
        long wait;
        synchronized (this) {
            if (!requested.add(subject)) {
                return; // an earlier request is still waiting to run
            }
            long now = timer.millis();
            nextRuns.values().removeIf(until -> until <= now);
            wait = nextRuns.getOrDefault(subject, now) - now;
        }
        if (wait == 0) {
            threads.execute(() -> run(subject, delay));
            return;
        }
        try {
            timer.schedule(Duration.ofMillis(wait), () -> threads.execute(() -> run(subject, delay)));
        } catch (RuntimeException | Error e) { // run immediately rather than never
            LOGGER.log(Level.WARNING, "Could not schedule a task; running it without a delay", e);
            threads.execute(() -> run(subject, delay));
        }
    }

    /** Runs all requested tasks in the calling thread. */
    void flush() {
        List<S> left;
        synchronized (this) {
            left = List.copyOf(requested);
        }
        left.forEach(subject -> run(subject, Duration.ZERO));
    }

    /** Returns the number of subjects with a requested or recent run. */
    synchronized int size() {
        Set<S> all = new HashSet<>(requested);
        all.addAll(nextRuns.keySet());
        return all.size();
    }

    private void run(S subject, Duration delay) {
        synchronized (this) {
            if (!requested.remove(subject)) {
                return; // flush() has already run the task
            }
            nextRuns.put(subject, timer.millis() + delay.toMillis());
        }
        task.accept(subject);
    }
}
