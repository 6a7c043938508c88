/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.ams.http.AmsException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** A request to the service that is queued or in flight. */
final class ServiceRequest<T> {

    private final BooleanSupplier needed;
    private final Supplier<CompletableFuture<T>> sender;
    private final BiConsumer<T, AmsException> callback;
    private CompletableFuture<T> response;
    private boolean canceled;

    /**
     * Time when the request was sent, in milliseconds on the scheduler's clock. Guarded by the lock of the {@link
     * AccountQueue}.
     */
    private long sentAt;

    /**
     * Creates a request. Call {@link #send} to send it.
     *
     * @param needed returns whether the result is still needed
     * @param sender sends the request
     * @param callback receives the response or the error, unless the request has been canceled
     */
    ServiceRequest(
            BooleanSupplier needed, Supplier<CompletableFuture<T>> sender, BiConsumer<T, AmsException> callback) {
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

    /**
     * Sends the request. If the service client throws an exception, the returned future fails with that exception. If
     * the request has been canceled, it is not sent, and the returned future fails.
     */
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

    /** Cancels the request because its result is no longer needed, and aborts the request if it is in flight. */
    void cancel() {
        synchronized (this) {
            canceled = true;
        }
        abort();
    }

    /** Aborts the request if it is in flight. */
    void abort() {
        CompletableFuture<T> sent;
        synchronized (this) {
            sent = response;
        }
        if (sent != null) {
            sent.cancel(true);
        }
    }

    /** Passes the response or the error to the callback. The response to a canceled request is ignored. */
    void onResponse(@CheckForNull T value, @CheckForNull AmsException error) {
        if (!isCanceled()) {
            callback.accept(value, error);
        }
    }

    private synchronized boolean isCanceled() {
        return canceled;
    }
}
