/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.runtime;

import io.jenkins.plugins.ams.http.Futures;
import io.jenkins.plugins.ams.polling.Scheduler;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Runs slow lookups. Callers with equal keys share a queued or running lookup, so only one lookup runs for a key unless
 * a lookup hangs. Results are not cached. A lookup blocks only the thread that it runs on.
 *
 * @param <K> the type of keys, which are compared by equality
 * @param <V> the type of results
 */
@Restricted(NoExternalUse.class)
public final class SharedLookups<K, V> {

    private final Scheduler timer;
    private final Duration timeout;
    private final Supplier<? extends Exception> timeoutError;
    private final Map<K, Lookup> lookups = new HashMap<>();

    /** The stores that have a queued or running lookup. */
    private final Map<Object, Store> stores = new HashMap<>();

    /** A store that lookups read from, such as a credentials store. */
    private static final class Store {
        int lookups;

        /** Time when a lookup in this store last ended, in milliseconds on the scheduler's clock. */
        long responded = Long.MIN_VALUE;
    }

    /** A queued or running lookup. The enclosing object's lock guards the mutable fields. */
    private final class Lookup {
        final K key;
        final Object storeKey;
        final Store store;
        final Executor threads;
        final Callable<V> task;
        final CompletableFuture<V> result = new CompletableFuture<>();

        /** Start time in milliseconds on the scheduler's clock. Negative while the lookup is queued. */
        long startedAt = -1;

        /** The lookup that starts when this lookup ends, or null if no caller needs a newer result. */
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
         * Returns the time when a caller times out, in milliseconds on the scheduler's clock. While a lookup is queued,
         * its callers do not time out if the store keeps responding to other lookups.
         */
        long deadline(long calledAt) {
            long progress = startedAt >= 0 ? startedAt : store.responded;
            return Math.max(calledAt, progress) + timeout.toMillis();
        }
    }

    /**
     * Creates an instance with no lookups in progress.
     *
     * @param timer the scheduler that measures how long lookups take
     * @param timeout the maximum duration of a lookup. If a lookup takes longer, its callers time out and later callers
     *     start another lookup
     * @param timeoutError the supplier of the exception for callers that time out
     */
    public SharedLookups(Scheduler timer, Duration timeout, Supplier<? extends Exception> timeoutError) {
        this.timer = timer;
        this.timeout = timeout;
        this.timeoutError = timeoutError;
    }

    /**
     * Starts a lookup, or joins a queued or running lookup with an equal key.
     *
     * @param fresh whether the lookup must start after this call, for example because an earlier result did not work
     * @param store the key of the store that the lookup reads from; compared by equality
     * @param threads the executor for the task. It is not used if the caller joins another lookup
     * @param task the task that performs the lookup
     * @return a future for the result, which is completed on the lookup's thread. It fails with the task's exception or
     *     with the timeout exception
     */
    public CompletableFuture<V> find(K key, boolean fresh, Object store, Executor threads, Callable<V> task) {
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

    /** Returns the number of entries: the keys and the stores that have a queued or running lookup. */
    synchronized int size() {
        return lookups.size() + stores.size();
    }

    private CompletableFuture<V> bounded(Lookup lookup) {
        CompletableFuture<V> callerResult = new CompletableFuture<>();
        lookup.result.whenComplete((value, error) -> Futures.complete(callerResult, value, error));
        expireIn(timeout.toMillis(), callerResult, lookup, timer.millis());
        return callerResult;
    }

    private void expireIn(long millis, CompletableFuture<V> callerResult, Lookup lookup, long calledAt) {
        Scheduler.ScheduledTask expiry =
                timer.schedule(Duration.ofMillis(millis), () -> expire(callerResult, lookup, calledAt));
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
        } catch (Throwable e) { // catch Errors too, such as NoClassDefFoundError: callers must not wait forever
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
            boolean isCurrent = lookups.get(lookup.key) == lookup; // otherwise, the lookup hung and was replaced
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
