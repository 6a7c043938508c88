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
 * Does something for many subjects, for each at once if it was left alone for a while, and otherwise when a pause since
 * the last time is over: what is asked for in between is done once, at its end.
 *
 * @param <S> subjects; told apart by {@code equals}
 */
@Restricted(NoExternalUse.class)
public final class DebouncedTasks<S> {

    private static final Logger LOGGER = Logger.getLogger(DebouncedTasks.class.getName());

    private final Scheduler timer;
    private final RetryingExecutor threads;
    private final Consumer<S> task;
    private final Set<S> asked = new HashSet<>();

    /** Until when a subject is left alone, in milliseconds of the timer. */
    private final Map<S, Long> pauses = new HashMap<>();

    /**
     * @param threads runs the task
     * @param task what to do for a subject
     */
    public DebouncedTasks(Scheduler timer, Executor threads, Consumer<S> task) {
        this.timer = timer;
        this.threads = new RetryingExecutor(timer, threads);
        this.task = task;
    }

    /**
     * Asks for the task. Returns at once.
     *
     * @param pause how long the subject is left alone once it is done
     */
    public void request(S subject, Duration pause) {
        long wait;
        synchronized (this) {
            if (!asked.add(subject)) {
                return; // what was asked for before has not begun and will do
            }
            long now = timer.millis();
            pauses.values().removeIf(until -> until <= now);
            wait = pauses.getOrDefault(subject, now) - now;
        }
        if (wait == 0) {
            threads.execute(() -> run(subject, pause));
            return;
        }
        try {
            timer.schedule(Duration.ofMillis(wait), () -> threads.execute(() -> run(subject, pause)));
        } catch (RuntimeException | Error e) { // too early is better than never
            LOGGER.log(Level.WARNING, "Could not schedule a task, which is run without a pause", e);
            threads.execute(() -> run(subject, pause));
        }
    }

    /** Does now, in this thread, what is still to be done. */
    public void flush() {
        List<S> left;
        synchronized (this) {
            left = List.copyOf(asked);
        }
        left.forEach(subject -> run(subject, Duration.ZERO));
    }

    /** Subjects that something is remembered of. */
    synchronized int size() {
        Set<S> all = new HashSet<>(asked);
        all.addAll(pauses.keySet());
        return all.size();
    }

    private void run(S subject, Duration pause) {
        synchronized (this) {
            if (!asked.remove(subject)) {
                return; // flushed in between
            }
            pauses.put(subject, timer.millis() + pause.toMillis());
        }
        task.accept(subject);
    }
}
