/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.http;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * A future that, when canceled, also cancels the future that it depends on. Futures derived from this future behave in
 * the same way. Canceling the last future in a chain therefore aborts the HTTP exchange that the chain is waiting for.
 * The JDK's own futures do not support this.
 *
 * <p>Some methods combine this future with a second future. Of these methods, only {@link #thenCompose} returns a
 * future that, when canceled, cancels the second future as well.
 */
public final class CancellableFuture<T> extends CompletableFuture<T> {

    /** The future to cancel together with this future. Null if there is no such future. */
    @CheckForNull
    private volatile Future<?> source;

    /** @param source the future to cancel together with this future, or null if there is no such future */
    CancellableFuture(@CheckForNull Future<?> source) {
        this.source = source;
    }

    /**
     * Returns a future that completes with the same outcome as the original. Canceling the returned future also cancels
     * the original.
     */
    static <T> CancellableFuture<T> of(CompletableFuture<T> original) {
        CancellableFuture<T> future = new CancellableFuture<>(original);
        future.completeAs(original);
        return future;
    }

    /**
     * Returns a future that completes with the same outcome as the original. Canceling the returned future does not
     * cancel the original, since other futures may depend on the original.
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
                return; // the composed future was canceled
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
            second.cancel(true); // this future was canceled before the second future was known
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

    /** Fails this future. Wraps the failure in the same way as the JDK does for dependent futures. */
    private void fail(Throwable failure) {
        completeExceptionally(failure instanceof CompletionException ? failure : new CompletionException(failure));
    }
}
