/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.watch;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** One request of a connection: until it may be sent, while it is under way, and until it is answered or given up. */
final class ServiceRequest<T> {

    private final BooleanSupplier needed;
    private final Supplier<CompletableFuture<T>> sender;
    private final BiConsumer<T, Exception> callback;
    private CompletableFuture<T> response;
    private boolean canceled;

    /** In milliseconds of the timer; guarded by the connection. */
    private long sentAt;

    /**
     * @param wanted false once all who waited for the answer have gone
     * @param then gets the answer or what went wrong, unless the request was given up
     */
    ServiceRequest(BooleanSupplier needed, Supplier<CompletableFuture<T>> sender, BiConsumer<T, Exception> callback) {
        this.needed = needed;
        this.sender = sender;
        this.callback = callback;
    }

    boolean isNeeded() {
        return needed.getAsBoolean();
    }

    long sentAt() {
        return sentAt;
    }

    void setSentAt(long millis) {
        sentAt = millis;
    }

    /** Sends it; the answer is a failure also where a defect of the client keeps it from being sent. */
    CompletableFuture<T> send() {
        if (isCanceled()) {
            return CompletableFuture.failedFuture(new CancellationException());
        }
        CompletableFuture<T> sent;
        try {
            sent = sender.get();
        } catch (RuntimeException | Error e) {
            sent = CompletableFuture.failedFuture(e);
        }
        synchronized (this) {
            response = sent;
        }
        if (isCanceled()) {
            sent.cancel(true);
        }
        return sent;
    }

    /** Nobody waits for the answer any more: one that is under way is aborted. */
    void cancel() {
        synchronized (this) {
            canceled = true;
        }
        abort();
    }

    /** Aborts the exchange if it is under way. */
    void abort() {
        CompletableFuture<T> sent;
        synchronized (this) {
            sent = response;
        }
        if (sent != null) {
            sent.cancel(true);
        }
    }

    /** Hands the answer on. One that was given up says nothing: neither did it fail, nor does anybody hear it. */
    void onResponse(T value, Exception error) {
        if (!isCanceled()) {
            callback.accept(value, error);
        }
    }

    private synchronized boolean isCanceled() {
        return canceled;
    }
}
