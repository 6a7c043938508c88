/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.runtime;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.ams.polling.RetryingExecutor;
import io.jenkins.plugins.ams.polling.Scheduler;
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
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Runs tasks that may block, such as lookups in a credentials store. Each task has a key, and a hung task delays only
 * tasks with the same key. Keys belong to groups. The groups share the threads, but each group has its own limit, so
 * one group's hung tasks do not delay the other groups.
 *
 * <p>As long as all tasks are short, two threads run them, alternating between keys. A task that takes longer than
 * {@link #BLOCKED_AFTER} is considered blocked. Each blocked task occupies a thread, so another thread is added to run
 * the other tasks.
 *
 * <p>Initially, a key's tasks run one at a time. If the tasks end within {@link #SLOW_AFTER}, more of them run in
 * parallel. A slower task delays the other tasks with the same key. After {@link #HUNG_AFTER}, a task is considered
 * hung and the next task with the same key starts. Otherwise, a request without a timeout on a dead connection would
 * block all tasks with its key forever. Hung tasks count toward {@link #MAX_PER_KEY}.
 *
 * <p>Thread-safe. The executor's own lock guards its state.
 */
@Restricted(NoExternalUse.class)
public final class KeyedExecutor {

    /** Maximum number of tasks that run in parallel, excluding blocked tasks. */
    static final int MAX_UNBLOCKED = 2;

    /** Maximum number of tasks with the same key that run in parallel, including hung tasks. */
    static final int MAX_PER_KEY = 4;

    public static final Duration BLOCKED_AFTER = Duration.ofMillis(50);
    static final Duration SLOW_AFTER = Duration.ofSeconds(1);
    static final Duration HUNG_AFTER = Duration.ofSeconds(30);

    private static final Logger LOGGER = Logger.getLogger(KeyedExecutor.class.getName());

    private final Executor threads;
    private final Scheduler timer;

    /** Contains a queue for each key that has a running or waiting task. */
    private final Map<QueueKey, KeyQueue> queues = new HashMap<>();

    /** The groups, in the order in which they are served. */
    private final Queue<Group> groups = new ArrayDeque<>();

    private final Set<Running> running = new HashSet<>();

    /**
     * Time of the next scheduled check for blocked and hung tasks, in milliseconds on the scheduler's clock. {@link
     * Long#MAX_VALUE} if no check is scheduled.
     */
    private long scheduledAt = Long.MAX_VALUE;

    /** A group of keys that share a thread limit. */
    public final class Group implements Executor {

        private final int maxThreads;
        private int threads;

        /** The keys that have a waiting task, in the order in which they are served. */
        private final Set<KeyQueue> waiting = new LinkedHashSet<>();

        private Group(int maxThreads) {
            this.maxThreads = maxThreads;
        }

        /** Runs a task with a key that no other task has. */
        @Override
        public void execute(Runnable task) {
            KeyedExecutor.this.execute(new QueueKey(this, new Object()), MAX_PER_KEY, task);
        }

        /** Returns an executor for tasks with the given key. The number of queued tasks is not limited. */
        public Executor of(Object key) {
            return task -> KeyedExecutor.this.execute(new QueueKey(this, key), MAX_PER_KEY, task);
        }

        /** Returns an executor that runs tasks with the given key one at a time. */
        public Executor serial(Object key) {
            return task -> KeyedExecutor.this.execute(new QueueKey(this, key), 1, task);
        }
    }

    private record QueueKey(Group group, Object key) {}

    /** The waiting and running tasks with the same key. */
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
     * A task that has started and has not ended.
     *
     * @param startedAt the start time in milliseconds on the scheduler's clock
     */
    private record Running(KeyQueue queue, Runnable task, long startedAt) {

        /** Compares by identity, because the same task can be submitted more than once. */
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
     * @param threads an executor that runs each task immediately on a separate thread. If this executor rejects a task
     *     because no thread can be created, the task is submitted again later
     * @param timer the scheduler that measures how long tasks take
     */
    public KeyedExecutor(Executor threads, Scheduler timer) {
        this.threads = new RetryingExecutor(timer, threads);
        this.timer = timer;
    }

    /**
     * Creates a group of keys.
     *
     * @param maxThreads the maximum number of the group's tasks that run in parallel, including blocked tasks
     */
    public synchronized Group group(int maxThreads) {
        Group group = new Group(maxThreads);
        groups.add(group);
        return group;
    }

    /** Returns the number of keys with a running or waiting task. */
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

    /** Starts as many waiting tasks as the limits allow, each on an additional thread. */
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

    /** Runs a task, and then continues with waiting tasks while the limits allow it. */
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
        startTasks(); // the key's limit may have increased
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

    /** Removes the next task from its queue and returns it. Returns null if no waiting task can run now. */
    @CheckForNull
    private Running takeNext() {
        for (int i = 0; i < groups.size(); i++) {
            Group group = groups.remove();
            groups.add(group); // at the end, so that the other groups are served first
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
                    group.waiting.add(queue); // at the end, so that the other keys are served first
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

    /**
     * Schedules a check for the time when a running task will be considered blocked or hung, because a waiting task may
     * be able to start at that time.
     */
    private void reschedule() {
        if (groups.stream().allMatch(group -> group.waiting.isEmpty())) {
            return;
        }
        long next = running.stream()
                .mapToLong(task -> task.startedAt()
                        + (age(task) < BLOCKED_AFTER.toMillis() ? BLOCKED_AFTER : HUNG_AFTER).toMillis())
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
