/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.http;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * A future that, when canceled, also cancels the future that it depends on. Futures derived from it do the same.
 * Canceling the last future of a chain therefore aborts the HTTP exchange that the chain is waiting for, which the
 * JDK's futures do not support. Of the methods that involve a second future, only {@link #thenCompose} also cancels
 * that future.
 */
public final class CancellableFuture<T> extends CompletableFuture<T> {

    /** The future to cancel together with this one. Null if there is none. */
    private volatile Future<?> source;

    /** @param source the future to cancel together with this one, or null if there is none */
    CancellableFuture(Future<?> source) {
        this.source = source;
    }

    /** Returns a future that completes like the given one. Canceling it also cancels the given one. */
    static <T> CancellableFuture<T> of(CompletableFuture<T> original) {
        CancellableFuture<T> future = new CancellableFuture<>(original);
        future.completeAs(original);
        return future;
    }

    /**
     * Returns a future that completes like the given one. Canceling it does not cancel the given one, since other
     * futures may depend on it.
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
                return; // canceled
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
            second.cancel(true); // canceled before the second future was known
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

    /** Wraps a failure in the same way as the JDK's derived futures. */
    private void fail(Throwable failure) {
        completeExceptionally(failure instanceof CompletionException ? failure : new CompletionException(failure));
    }
}
