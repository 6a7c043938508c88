/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.runtime;

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
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Runs a task for each of many subjects, at most once per interval and subject. A request during the interval runs the task
 * once, when the interval has passed.
 *
 * @param <S> the type of subjects, which are distinguished by {@code equals}
 */
@Restricted(NoExternalUse.class)
public final class DebouncedTasks<S> {

    private static final Logger LOGGER = Logger.getLogger(DebouncedTasks.class.getName());

    private final Scheduler timer;
    private final RetryingExecutor threads;
    private final Consumer<S> task;
    private final Set<S> requested = new HashSet<>();

    /** The end of each subject's interval, in milliseconds of the scheduler. */
    private final Map<S, Long> intervals = new HashMap<>();

    /**
     * Creates an instance without requests.
     *
     * @param timer the scheduler that measures the intervals
     * @param threads runs the task
     * @param task the task for a subject
     */
    public DebouncedTasks(Scheduler timer, Executor threads, Consumer<S> task) {
        this.timer = timer;
        this.threads = new RetryingExecutor(timer, threads);
        this.task = task;
    }

    /**
     * Requests the task for a subject. Returns immediately.
     *
     * @param interval the minimum time until the task runs again for this subject
     */
    public void request(S subject, Duration interval) {
        long wait;
        synchronized (this) {
            if (!requested.add(subject)) {
                return; // an earlier request has not been run yet
            }
            long now = timer.millis();
            intervals.values().removeIf(until -> until <= now);
            wait = intervals.getOrDefault(subject, now) - now;
        }
        if (wait == 0) {
            threads.execute(() -> run(subject, interval));
            return;
        }
        try {
            timer.schedule(Duration.ofMillis(wait), () -> threads.execute(() -> run(subject, interval)));
        } catch (RuntimeException | Error e) { // running too early is better than never
            LOGGER.log(Level.WARNING, "Could not schedule a task; running it immediately", e);
            threads.execute(() -> run(subject, interval));
        }
    }

    /** Runs all requested tasks now, on this thread. */
    public void flush() {
        List<S> left;
        synchronized (this) {
            left = List.copyOf(requested);
        }
        left.forEach(subject -> run(subject, Duration.ZERO));
    }

    /** Returns the number of subjects with a request or a current interval. */
    synchronized int size() {
        Set<S> all = new HashSet<>(requested);
        all.addAll(intervals.keySet());
        return all.size();
    }

    private void run(S subject, Duration interval) {
        synchronized (this) {
            if (!requested.remove(subject)) {
                return; // flush() has already run it
            }
            intervals.put(subject, timer.millis() + interval.toMillis());
        }
        task.accept(subject);
    }
}
