/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.account;

import io.jenkins.plugins.ams.watch.Scheduler;
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

    private final Scheduler timer;
    private final Duration timeout;
    private final Supplier<? extends Exception> timeoutError;
    private final Map<K, Lookup> lookups = new HashMap<>();

    /** Those with a lookup that waits or runs. */
    private final Map<Object, Store> stores = new HashMap<>();

    /** Where lookups are made. */
    private static final class Store {
        int lookups;

        /** When a lookup returned, in milliseconds of the timer. */
        long responded = Long.MIN_VALUE;
    }

    /** A lookup that waits or runs. The fields are guarded by the outer object. */
    private final class Lookup {
        final K key;
        final Object storeKey;
        final Store store;
        final Executor threads;
        final Callable<V> task;
        final CompletableFuture<V> result = new CompletableFuture<>();

        /** Milliseconds of the timer; negative until the lookup has a thread. */
        long startedAt = -1;

        /** Starts when this one has ended; for callers that need a later result. */
        Lookup next;

        Lookup(K key, Object storeKey, Executor threads, Callable<V> task) {
            this.key = key;
            this.storeKey = storeKey;
            this.store = stores.computeIfAbsent(storeKey, each -> new Store());
            this.store.lookups++;
            this.threads = threads;
            this.task = task;
        }

        boolean isHung() {
            return startedAt >= 0 && timer.millis() - startedAt >= timeout.toMillis();
        }

        /**
         * Returns when a caller is to be told that there is no result. One whose lookup waits for its turn is not, as long
         * as the store responds to others.
         */
        long deadline(long calledAt) {
            long progress = startedAt >= 0 ? startedAt : store.responded;
            return Math.max(calledAt, progress) + timeout.toMillis();
        }
    }

    /**
     * Creates an object without lookups.
     *
     * @param timer measures how long lookups take
     * @param timeout how long a lookup may take. One that has run that long is not joined by later callers, for whom
     *     another one starts
     * @param timeoutError creates what a caller gets when there is no result in time
     */
    SharedLookups(Scheduler timer, Duration timeout, Supplier<? extends Exception> timeoutError) {
        this.timer = timer;
        this.timeout = timeout;
        this.timeoutError = timeoutError;
    }

    /**
     * Returns the result of a lookup that is shared with all others for an equal key.
     *
     * @param fresh whether the lookup must start after this call, because an earlier result was of no use
     * @param store stands for where it is looked up; has equality
     * @param threads runs the task, if it is needed
     * @param task looks up
     * @return fails with what the task threw, or with the timeout error; completed on the thread of the lookup
     */
    CompletableFuture<V> find(K key, boolean fresh, Object store, Executor threads, Callable<V> task) {
        Lookup lookup;
        boolean isNew;
        synchronized (this) {
            Lookup current = lookups.get(key);
            if (current == null || current.isHung()) {
                lookup = new Lookup(key, store, threads, task);
                lookups.put(key, lookup);
                isNew = true;
            } else if (fresh && current.startedAt >= 0) {
                if (current.next == null) {
                    current.next = new Lookup(key, store, threads, task);
                }
                lookup = current.next;
                isNew = false;
            } else {
                lookup = current;
                isNew = false;
            }
        }
        CompletableFuture<V> result = bounded(lookup);
        if (isNew) {
            start(lookup);
        }
        return result;
    }

    /** Returns how many keys are being looked up, and in how many stores. */
    synchronized int size() {
        return lookups.size() + stores.size();
    }

    private CompletableFuture<V> bounded(Lookup lookup) {
        CompletableFuture<V> callerResult = new CompletableFuture<>();
        lookup.result.whenComplete((value, error) -> {
            if (error == null) {
                callerResult.complete(value);
            } else {
                callerResult.completeExceptionally(error);
            }
        });
        expireIn(timeout.toMillis(), callerResult, lookup, timer.millis());
        return callerResult;
    }

    private void expireIn(long millis, CompletableFuture<V> callerResult, Lookup lookup, long calledAt) {
        Scheduler.ScheduledTask expiry = timer.schedule(Duration.ofMillis(millis), () -> expire(callerResult, lookup, calledAt));
        callerResult.whenComplete((value, error) -> expiry.cancel());
    }

    private void expire(CompletableFuture<V> callerResult, Lookup lookup, long calledAt) {
        long remaining;
        synchronized (this) {
            remaining = lookup.deadline(calledAt) - timer.millis();
        }
        if (remaining <= 0) {
            callerResult.completeExceptionally(timeoutError.get());
        } else if (!callerResult.isDone()) {
            expireIn(remaining, callerResult, lookup, calledAt);
        }
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
            lookup.store.responded = timer.millis();
            if (--lookup.store.lookups == 0) {
                stores.remove(lookup.storeKey);
            }
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
