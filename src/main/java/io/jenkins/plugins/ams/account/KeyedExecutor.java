/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.account;

import io.jenkins.plugins.ams.watch.RetryingExecutor;
import io.jenkins.plugins.ams.watch.Scheduler;
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
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Runs tasks that may block, such as lookups in a credentials store. Tasks have keys, and a task that hangs delays only
 * tasks with the same key. Groups of keys share the threads, and have a limit each: however many tasks of one group hang,
 * those of the others run.
 *
 * <p>As long as tasks are short, two threads run all of them, taking turns between keys. A task that has blocked its
 * thread for {@link #BLOCKED_AFTER} no longer counts as one of the two, so another thread is added.
 *
 * <p>One task of a key runs at first, and more at once while they take less than {@link #SLOW_AFTER}. A key with a slow
 * task waits for it. After {@link #HUNG_AFTER} the task is taken for lost and the next one starts, so that a request
 * without a timeout of its own on a dead connection does not block its key for good. The limit per key includes the
 * hung tasks.
 *
 * <p>Guarded by this.
 */
final class KeyedExecutor {

    /** Tasks that are not blocked, at once. */
    static final int MAX_UNBLOCKED = 2;

    static final int MAX_PER_KEY = 4;

    static final Duration BLOCKED_AFTER = Duration.ofMillis(50);
    static final Duration SLOW_AFTER = Duration.ofSeconds(1);
    static final Duration HUNG_AFTER = Duration.ofSeconds(30);

    private static final Logger LOGGER = Logger.getLogger(KeyedExecutor.class.getName());

    private final Executor threads;
    private final Scheduler timer;

    /** All keys with a task, running or waiting. */
    private final Map<QueueKey, KeyQueue> queues = new HashMap<>();

    /** In the order of their turns. */
    private final Queue<Group> groups = new ArrayDeque<>();

    private final Set<Running> running = new HashSet<>();

    /** Milliseconds of the timer. */
    private long scheduledAt = Long.MAX_VALUE;

    /** Keys that have a limit of threads together. */
    final class Group implements Executor {

        private final int maxThreads;
        private int threads;

        /** Keys with a task that waits, in the order of their turns. */
        private final Set<KeyQueue> waiting = new LinkedHashSet<>();

        private Group(int maxThreads) {
            this.maxThreads = maxThreads;
        }

        /** Runs a task that has nothing in common with others. */
        @Override
        public void execute(Runnable task) {
            KeyedExecutor.this.execute(new QueueKey(this, new Object()), MAX_PER_KEY, task);
        }

        /** Returns an executor for the tasks of one key, which takes any number of them. */
        Executor of(Object key) {
            return task -> KeyedExecutor.this.execute(new QueueKey(this, key), MAX_PER_KEY, task);
        }

        /** Returns an executor for tasks of one key that must run one after the other. */
        Executor serial(Object key) {
            return task -> KeyedExecutor.this.execute(new QueueKey(this, key), 1, task);
        }
    }

    private record QueueKey(Group group, Object key) {}

    /** The tasks of one key. */
    private static final class KeyQueue {
        final QueueKey key;
        final int maxAtOnce;
        final Deque<Runnable> tasks = new ArrayDeque<>();
        final Set<Running> running = new HashSet<>();
        int limit = 1;

        KeyQueue(QueueKey key, int maxAtOnce) {
            this.key = key;
            this.maxAtOnce = maxAtOnce;
        }
    }

    /**
     * A task with a thread.
     *
     * @param startedAt milliseconds of the timer
     */
    private record Running(KeyQueue queue, Runnable task, long startedAt) {

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
     * Creates an executor without groups.
     *
     * @param threads gives each task that it accepts a thread at once, without queueing it. What it does not accept,
     *     because no thread can be created, is retried
     * @param timer measures how long tasks take
     */
    KeyedExecutor(Executor threads, Scheduler timer) {
        this.threads = new RetryingExecutor(timer, threads);
        this.timer = timer;
    }

    /**
     * Creates a group.
     *
     * @param maxThreads how many tasks of the group run at most, blocked ones included
     */
    synchronized Group group(int maxThreads) {
        Group group = new Group(maxThreads);
        groups.add(group);
        return group;
    }

    /** Returns how many keys have a task. */
    synchronized int size() {
        return queues.size();
    }

    private void execute(QueueKey key, int maxAtOnce, Runnable task) {
        synchronized (this) {
            KeyQueue queue = queues.computeIfAbsent(key, each -> new KeyQueue(each, maxAtOnce));
            queue.tasks.add(task);
            key.group().waiting.add(queue);
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
            reschedule();
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
            done.queue().limit = quick ? Math.min(done.queue().limit + 1, MAX_PER_KEY) : 1;
            remove(done);
            next = mayRunAnother() ? takeNext() : null;
        }
        startTasks(); // another one of the same key may have been waiting too
        return next;
    }

    private void remove(Running task) {
        KeyQueue queue = task.queue();
        running.remove(task);
        queue.running.remove(task);
        queue.key.group().threads--;
        if (queue.running.isEmpty() && queue.tasks.isEmpty()) {
            queues.remove(queue.key);
        }
    }

    private boolean mayRunAnother() {
        long unblocked = running.stream()
                .filter(task -> age(task) < BLOCKED_AFTER.toMillis())
                .count();
        return unblocked < MAX_UNBLOCKED;
    }

    /** Takes the next task from its queue; null if none may run. */
    private Running takeNext() {
        for (int i = 0; i < groups.size(); i++) {
            Group group = groups.remove();
            groups.add(group); // at the end: the others first
            Running next = group.threads < group.maxThreads ? takeNext(group) : null;
            if (next != null) {
                return next;
            }
        }
        return null;
    }

    private Running takeNext(Group group) {
        for (Iterator<KeyQueue> iterator = group.waiting.iterator(); iterator.hasNext(); ) {
            KeyQueue queue = iterator.next();
            if (mayRunAnother(queue)) {
                iterator.remove();
                Running next = new Running(queue, queue.tasks.remove(), timer.millis());
                if (!queue.tasks.isEmpty()) {
                    group.waiting.add(queue); // at the end
                }
                running.add(next);
                queue.running.add(next);
                group.threads++;
                return next;
            }
        }
        return null;
    }

    private boolean mayRunAnother(KeyQueue queue) {
        int hung = 0;
        for (Running task : queue.running) {
            if (age(task) >= HUNG_AFTER.toMillis()) {
                hung++;
            } else if (age(task) >= SLOW_AFTER.toMillis()) {
                return false;
            }
        }
        return queue.running.size() < queue.maxAtOnce && queue.running.size() - hung < queue.limit;
    }

    private long age(Running task) {
        return timer.millis() - task.startedAt();
    }

    /** Sets an alarm for when a running task turns out to be blocked or hung, since a waiting one may start then. */
    private void reschedule() {
        if (groups.stream().allMatch(group -> group.waiting.isEmpty())) {
            return;
        }
        long next = running.stream()
                .mapToLong(task ->
                        task.startedAt() + (age(task) < BLOCKED_AFTER.toMillis() ? BLOCKED_AFTER : HUNG_AFTER).toMillis())
                .filter(at -> at > timer.millis())
                .min()
                .orElse(Long.MAX_VALUE);
        if (next < scheduledAt) {
            scheduledAt = next;
            timer.schedule(Duration.ofMillis(next - timer.millis()), () -> onScheduled(next));
        }
    }

    private void onScheduled(long at) {
        synchronized (this) {
            if (scheduledAt == at) {
                scheduledAt = Long.MAX_VALUE;
            }
        }
        startTasks();
    }
}
