/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.account;

import io.jenkins.plugins.ams.watch.RetryingExecutor;
import io.jenkins.plugins.ams.watch.Timer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Runs tasks that may block, such as lookups in a credentials store. Tasks have keys, and a task that hangs delays only
 * tasks with the same key.
 *
 * <p>As long as tasks are short, two threads run all of them, taking turns between keys. A task that has blocked its
 * thread for {@link #BLOCKED_AFTER} no longer counts as one of the two, so another thread is added, up to a maximum.
 *
 * <p>One task of a key runs at first, and more at once while they take less than {@link #SLOW_AFTER}. A key with a slow
 * task waits for it. After {@link #HUNG_AFTER} the task is taken for lost and the next one starts, so that a request
 * without a timeout of its own on a dead connection does not block its key for good. The limit per key includes the
 * hung tasks.
 *
 * <p>Guarded by this.
 */
final class KeyedExecutor implements Executor {

    /** Tasks that are not blocked, at once. */
    static final int MAX_UNBLOCKED = 2;

    static final int MAX_PER_KEY = 4;

    static final Duration BLOCKED_AFTER = Duration.ofMillis(50);
    static final Duration SLOW_AFTER = Duration.ofSeconds(1);
    static final Duration HUNG_AFTER = Duration.ofSeconds(30);

    private static final Logger LOGGER = Logger.getLogger(KeyedExecutor.class.getName());

    private final Executor threads;
    private final int maxThreads;
    private final Timer timer;

    /** All keys with a task, running or waiting. */
    private final Map<Object, Lane> lanes = new HashMap<>();

    /** Those with a task that waits, in the order of their turns. */
    private final Set<Lane> waiting = new LinkedHashSet<>();

    private final Set<Running> running = new HashSet<>();

    /** Milliseconds of the timer. */
    private long alarmAt = Long.MAX_VALUE;

    /** The tasks of one key. */
    private static final class Lane {
        final Object key;
        final int maxAtOnce;
        final Deque<Runnable> tasks = new ArrayDeque<>();
        final Set<Running> running = new HashSet<>();
        int limit = 1;

        Lane(Object key, int maxAtOnce) {
            this.key = key;
            this.maxAtOnce = maxAtOnce;
        }
    }

    /**
     * A task with a thread.
     *
     * @param since milliseconds of the timer
     */
    private record Running(Lane lane, Runnable task, long since) {

        /** Equal tasks are different ones. */
        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /**
     * Creates an executor.
     *
     * @param threads gives each task that it accepts a thread at once, without queueing it. What it does not accept,
     *     because no thread can be created, is retried
     * @param maxThreads how many threads are used at most
     * @param timer measures how long tasks take
     */
    KeyedExecutor(Executor threads, int maxThreads, Timer timer) {
        this.threads = new RetryingExecutor(timer, threads);
        this.maxThreads = maxThreads;
        this.timer = timer;
    }

    /** Runs a task that has nothing in common with others. */
    @Override
    public void execute(Runnable task) {
        execute(new Object(), MAX_PER_KEY, task);
    }

    /** Returns an executor for the tasks of one key, which takes any number of them. */
    Executor of(Object key) {
        return task -> execute(key, MAX_PER_KEY, task);
    }

    /** Returns an executor for tasks of one key that must run one after the other. */
    Executor serial(Object key) {
        return task -> execute(key, 1, task);
    }

    /** Returns how many keys have a task. */
    synchronized int size() {
        return lanes.size();
    }

    private void execute(Object key, int maxAtOnce, Runnable task) {
        synchronized (this) {
            Lane lane = lanes.computeIfAbsent(key, each -> new Lane(each, maxAtOnce));
            lane.tasks.add(task);
            waiting.add(lane);
        }
        startTasks();
    }

    /** Starts tasks on additional threads, as many as may run now. */
    private void startTasks() {
        List<Running> started = new ArrayList<>();
        synchronized (this) {
            while (mayRunAnother()) {
                Running next = takeNext();
                if (next == null) {
                    break;
                }
                started.add(next);
            }
            setAlarm();
        }
        started.forEach(task -> threads.execute(() -> work(task)));
    }

    /** Keeps a thread as long as there is something to run. */
    private void work(Running first) {
        Running current = first;
        while (current != null) {
            try {
                current.task().run();
            } catch (RuntimeException | Error e) {
                LOGGER.log(Level.WARNING, "A task failed", e);
            }
            current = next(current);
        }
    }

    private Running next(Running done) {
        Running next;
        synchronized (this) {
            boolean quick = age(done) < SLOW_AFTER.toMillis();
            done.lane().limit = quick ? Math.min(done.lane().limit + 1, MAX_PER_KEY) : 1;
            forget(done);
            next = mayRunAnother() ? takeNext() : null;
        }
        startTasks(); // another one of the same key may have been waiting too
        return next;
    }

    private void forget(Running task) {
        Lane lane = task.lane();
        running.remove(task);
        lane.running.remove(task);
        if (lane.running.isEmpty() && lane.tasks.isEmpty()) {
            lanes.remove(lane.key);
        }
    }

    private boolean mayRunAnother() {
        long unblocked = running.stream()
                .filter(task -> age(task) < BLOCKED_AFTER.toMillis())
                .count();
        return unblocked < MAX_UNBLOCKED && running.size() < maxThreads;
    }

    /** Takes the next task from its queue; null if none may run. */
    private Running takeNext() {
        for (Iterator<Lane> turns = waiting.iterator(); turns.hasNext(); ) {
            Lane lane = turns.next();
            if (mayRunAnother(lane)) {
                turns.remove();
                Running next = new Running(lane, lane.tasks.remove(), timer.millis());
                if (!lane.tasks.isEmpty()) {
                    waiting.add(lane); // at the end: the others first
                }
                running.add(next);
                lane.running.add(next);
                return next;
            }
        }
        return null;
    }

    private boolean mayRunAnother(Lane lane) {
        int hung = 0;
        for (Running task : lane.running) {
            if (age(task) >= HUNG_AFTER.toMillis()) {
                hung++;
            } else if (age(task) >= SLOW_AFTER.toMillis()) {
                return false;
            }
        }
        return lane.running.size() < lane.maxAtOnce && lane.running.size() - hung < lane.limit;
    }

    private long age(Running task) {
        return timer.millis() - task.since();
    }

    /** Sets an alarm for when a running task turns out to be blocked or hung, since a waiting one may start then. */
    private void setAlarm() {
        if (waiting.isEmpty() || running.size() >= maxThreads) {
            return; // the end of a task starts the next one
        }
        long next = running.stream()
                .mapToLong(task ->
                        task.since() + (age(task) < BLOCKED_AFTER.toMillis() ? BLOCKED_AFTER : HUNG_AFTER).toMillis())
                .filter(at -> at > timer.millis())
                .min()
                .orElse(Long.MAX_VALUE);
        if (next < alarmAt) {
            alarmAt = next;
            timer.after(Duration.ofMillis(next - timer.millis()), () -> alarmed(next));
        }
    }

    private void alarmed(long at) {
        synchronized (this) {
            if (alarmAt == at) {
                alarmAt = Long.MAX_VALUE;
            }
        }
        startTasks();
    }
}
