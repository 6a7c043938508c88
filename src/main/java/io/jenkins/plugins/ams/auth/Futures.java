/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Takes failures of futures out of the wrappings that {@link CompletableFuture} puts around them. */
public final class Futures {

    private Futures() {}

    /** The failure itself, without the {@link CompletionException}s and {@link ExecutionException}s around it. */
    public static Throwable unwrap(Throwable failure) {
        Throwable bare = failure;
        while ((bare instanceof CompletionException || bare instanceof ExecutionException) && bare.getCause() != null) {
            bare = bare.getCause();
        }
        return bare;
    }

    /**
     * A future that ends as the given one does, but with the bare failure: a stage that is derived from it with
     * {@link CompletableFuture#whenComplete} or {@link CompletableFuture#handle} sees no wrapping. What is derived from
     * such a stage in turn does again, so use {@link #unwrap} at the end of longer chains.
     * It can be cancelled if the given one is a {@link CancellableFuture}.
     */
    public static <T> CompletableFuture<T> bare(CompletableFuture<T> future) {
        CompletableFuture<T> bare =
                future instanceof CancellableFuture ? new CancellableFuture<>(future) : new CompletableFuture<>();
        future.whenComplete((value, failure) -> {
            if (failure == null) {
                bare.complete(value);
            } else {
                bare.completeExceptionally(unwrap(failure));
            }
        });
        return bare;
    }

    /** What a stage throws to fail with a checked exception. */
    static CompletionException completion(Exception failure) {
        return new CompletionException(failure);
    }

    /** The exception that a future was completed with, whatever it is wrapped in; an error becomes the cause of one. */
    public static Exception exception(Throwable failure) {
        return unwrap(failure) instanceof Exception exception ? exception : new IllegalStateException(failure);
    }
}
