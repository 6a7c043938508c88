/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * A future that hands {@link #cancel} on to what it waits for, as do all that are derived from it: so whoever holds the
 * end of a chain can abort the HTTP exchange at its other end, which the JDK's own chains do not provide for. Of the
 * methods that wait for another future, {@link #thenCompose} does so, and the chains here use no other.
 */
public final class CancellableFuture<T> extends CompletableFuture<T> {

    /** What has to be done first; null if that is nobody's to cancel. */
    private volatile Future<?> source;

    /** @param source what the future is completed after; cancelled with it */
    CancellableFuture(Future<?> source) {
        this.source = source;
    }

    /** The beginning of a chain: ends as the given one does, which is cancelled with it. */
    static <T> CancellableFuture<T> of(CompletableFuture<T> original) {
        CancellableFuture<T> future = new CancellableFuture<>(original);
        future.completeAs(original);
        return future;
    }

    /**
     * The beginning of a chain that can be cancelled: ends as the given future does. That one is left alone, since others
     * may wait for it too.
     */
    public static <T> CancellableFuture<T> after(CompletableFuture<T> original) {
        CancellableFuture<T> future = new CancellableFuture<>(null);
        future.completeAs(original);
        return future;
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean canceled = super.cancel(mayInterruptIfRunning);
        Future<?> upstream = source;
        if (canceled && upstream != null) {
            upstream.cancel(mayInterruptIfRunning);
        }
        return canceled;
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new CancellableFuture<>(this);
    }

    @Override
    public <U> CompletableFuture<U> thenCompose(Function<? super T, ? extends CompletionStage<U>> next) {
        CancellableFuture<U> composed = new CancellableFuture<>(this);
        whenComplete((value, failure) -> {
            if (composed.isDone()) {
                return; // cancelled
            }
            if (failure != null) {
                composed.fail(failure);
                return;
            }
            try {
                composed.follow(next.apply(value).toCompletableFuture());
            } catch (RuntimeException | Error e) {
                composed.fail(e);
            }
        });
        return composed;
    }

    private void follow(CompletableFuture<T> second) {
        source = second;
        if (isCancelled()) {
            second.cancel(true); // in between, when there was only what is done to be cancelled
        }
        completeAs(second);
    }

    private void completeAs(CompletableFuture<T> original) {
        original.whenComplete((value, failure) -> {
            if (failure == null) {
                complete(value);
            } else {
                fail(failure);
            }
        });
    }

    /** Wraps failures as stages do. */
    private void fail(Throwable failure) {
        completeExceptionally(failure instanceof CompletionException ? failure : new CompletionException(failure));
    }
}
