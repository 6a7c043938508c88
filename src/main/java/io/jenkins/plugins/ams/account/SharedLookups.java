/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.account;

import io.jenkins.plugins.ams.watch.Timer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Lookups that may take long, of which there is one at a time for each key: callers that come while it waits or runs
 * share its result. Nothing is cached beyond that. No thread waits for a lookup but the one that it runs on.
 *
 * @param <K> keys; have equality
 * @param <V> results
 */
final class SharedLookups<K, V> {

    private final Timer timer;
    private final Duration timeout;
    private final Supplier<? extends Exception> timeoutError;
    private final Map<K, Lookup> lookups = new HashMap<>();

    /** A lookup that waits or runs. The fields are guarded by the outer object. */
    private final class Lookup {
        final K key;
        final Executor threads;
        final Callable<V> task;
        final CompletableFuture<V> result = new CompletableFuture<>();

        /** Milliseconds of the timer; negative until the lookup has a thread. */
        long startedAt = -1;

        /** Starts when this one has ended; for callers that need a later result. */
        Lookup next;

        Lookup(K key, Executor threads, Callable<V> task) {
            this.key = key;
            this.threads = threads;
            this.task = task;
        }

        boolean isHung() {
            return startedAt >= 0 && timer.millis() - startedAt >= timeout.toMillis();
        }
    }

    /**
     * Creates an object without lookups.
     *
     * @param timer measures how long lookups take
     * @param timeout how long a caller waits. A lookup that has run that long is not joined by later callers, for whom
     *     another one starts
     * @param timeoutError creates what a caller gets that has waited that long
     */
    SharedLookups(Timer timer, Duration timeout, Supplier<? extends Exception> timeoutError) {
        this.timer = timer;
        this.timeout = timeout;
        this.timeoutError = timeoutError;
    }

    /**
     * Returns the result of a lookup that is shared with all others for an equal key.
     *
     * @param fresh whether the lookup must start after this call, because an earlier result was of no use
     * @param threads runs the task, if it is needed
     * @param task looks up
     * @return fails with what the task threw, or with the timeout error; completed on the thread of the lookup
     */
    CompletableFuture<V> find(K key, boolean fresh, Executor threads, Callable<V> task) {
        Lookup lookup;
        boolean isNew;
        synchronized (this) {
            Lookup current = lookups.get(key);
            if (current == null || current.isHung()) {
                lookup = new Lookup(key, threads, task);
                lookups.put(key, lookup);
                isNew = true;
            } else if (fresh && current.startedAt >= 0) {
                if (current.next == null) {
                    current.next = new Lookup(key, threads, task);
                }
                lookup = current.next;
                isNew = false;
            } else {
                lookup = current;
                isNew = false;
            }
        }
        CompletableFuture<V> result = bounded(lookup.result);
        if (isNew) {
            start(lookup);
        }
        return result;
    }

    /** Returns how many keys are being looked up. */
    synchronized int size() {
        return lookups.size();
    }

    private CompletableFuture<V> bounded(CompletableFuture<V> shared) {
        CompletableFuture<V> own = new CompletableFuture<>();
        Timer.Alarm alarm = timer.after(timeout, () -> own.completeExceptionally(timeoutError.get()));
        shared.whenComplete((value, error) -> {
            alarm.cancel();
            if (error == null) {
                own.complete(value);
            } else {
                own.completeExceptionally(error);
            }
        });
        return own;
    }

    private void start(Lookup lookup) {
        try {
            lookup.threads.execute(() -> run(lookup));
        } catch (RuntimeException | Error e) {
            end(lookup);
            lookup.result.completeExceptionally(e);
        }
    }

    private void run(Lookup lookup) {
        synchronized (this) {
            lookup.startedAt = timer.millis();
        }
        V value;
        try {
            value = lookup.task.call();
        } catch (Throwable e) { // errors too, such as NoClassDefFoundError: the callers must not wait for ever
            end(lookup);
            lookup.result.completeExceptionally(e);
            return;
        }
        end(lookup);
        lookup.result.complete(value);
    }

    private void end(Lookup lookup) {
        Lookup next;
        synchronized (this) {
            next = lookup.next;
            boolean isCurrent = lookups.get(lookup.key) == lookup; // otherwise it hung and was replaced
            if (isCurrent && next == null) {
                lookups.remove(lookup.key);
            } else if (isCurrent) {
                lookups.put(lookup.key, next);
            }
        }
        if (next != null) {
            start(next);
        }
    }
}
