/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.http;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/**
 * Unwraps and wraps exceptions for futures. A {@link CompletableFuture} wraps an exception in another exception before
 * passing the exception on to dependent futures.
 */
public final class Futures {

    private Futures() {}

    /**
     * Returns the original failure without the {@link CompletionException}s and {@link ExecutionException}s that wrap
     * it.
     */
    public static Throwable unwrap(Throwable failure) {
        Throwable bare = failure;
        while ((bare instanceof CompletionException || bare instanceof ExecutionException) && bare.getCause() != null) {
            bare = bare.getCause();
        }
        return bare;
    }

    /**
     * Returns a future that completes with the same outcome as the given future, but with failures unwrapped. If {@link
     * CompletableFuture#whenComplete} or {@link CompletableFuture#handle} is called on the returned future, the
     * function receives the original exception. In later stages of a chain, the exception is wrapped again, so use
     * {@link #unwrap} there.
     *
     * <p>If the given future is a {@link CancellableFuture}, canceling the returned future also cancels the given
     * future.
     */
    public static <T> CompletableFuture<T> bare(CompletableFuture<T> future) {
        CompletableFuture<T> bare =
                future instanceof CancellableFuture ? new CancellableFuture<>(future) : new CompletableFuture<>();
        future.whenComplete((value, failure) -> complete(bare, value, failure == null ? null : unwrap(failure)));
        return bare;
    }

    /** Completes a future with a value or, if there is a failure, exceptionally with that failure. */
    public static <T> void complete(
            CompletableFuture<T> future, @CheckForNull T value, @CheckForNull Throwable failure) {
        if (failure == null) {
            future.complete(value);
        } else {
            future.completeExceptionally(failure);
        }
    }

    /**
     * Returns the unwrapped failure of a future as an {@link Exception}. An {@link Error} is wrapped in an {@link
     * IllegalStateException}.
     */
    public static Exception exception(Throwable failure) {
        return unwrap(failure) instanceof Exception exception ? exception : new IllegalStateException(failure);
    }
}
