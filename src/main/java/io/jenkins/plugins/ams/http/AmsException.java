/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.http;

import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;

/**
 * An error of a wait or of a request: the only type that pollers, listeners and outcomes handle.
 *
 * <p>It says what the error is evidence of. Subclasses say it for the errors of a service and of an authority. An instance
 * of this class itself is any other error, such as a configuration error; its message is meant for users.
 */
public class AmsException extends IOException {

    private static final long serialVersionUID = 1L;

    private final Context context;

    /**
     * What a response says about an error besides its text. Each part is null if the response does not contain it.
     *
     * @param code the code of the error, such as {@code SubscriptionNotFound} or {@code AADSTS7000215}
     * @param retryAfter the delay that {@code Retry-After} requires
     * @param requestId the sender's ID of the request, for support cases
     */
    public record Context(String code, Duration retryAfter, String requestId) implements Serializable {

        /** Nothing, because there was no response. */
        public static final Context NONE = new Context(null, null, null);

        /** @param other the code; null or empty if there is none */
        public Context withCode(String other) {
            return new Context(other == null || other.isEmpty() ? null : other, retryAfter, requestId);
        }

        public Context withRetryAfter(Optional<Duration> other) {
            return new Context(code, other.orElse(null), requestId);
        }

        public Context withRequestId(Optional<String> other) {
            return new Context(code, retryAfter, other.orElse(null));
        }
    }

    /** @param cause the cause, or null */
    protected AmsException(String message, Throwable cause, Context context) {
        super(message, cause);
        this.context = context;
    }

    /**
     * Returns the error of a failed future or call. This is the only place that translates unexpected exceptions and
     * {@link Error}s, which are not transient unless the controller lacks a thread or memory.
     */
    public static AmsException of(Throwable failure) {
        Throwable bare = Futures.unwrap(failure);
        if (bare instanceof AmsException known) {
            return known;
        }
        String message = bare instanceof Error ? bare.toString() : bare.getMessage();
        return explained(message == null ? bare.getClass().getSimpleName() : message, bare);
    }

    /** Returns an error that is not retried, with a message that tells users what is wrong and what to do. */
    public static AmsException explained(String message, Throwable cause) {
        return new AmsException(message, cause, Context.NONE);
    }

    /** Returns whether the same request may succeed later. */
    public boolean isTransient() {
        return isOfController();
    }

    /**
     * Returns whether the service or the authority rejected a request, in the format of its own errors. Other errors
     * that are not transient are configuration errors or unexpected exceptions.
     */
    public boolean isRejection() {
        return false;
    }

    /** Returns whether the service itself responded, as far as the client can tell, and not an intermediary. */
    public boolean isFromService() {
        return false;
    }

    /**
     * Returns whether neither the service nor the authority was reached: there was no response, or a gateway or proxy
     * sent it.
     */
    public boolean isNetworkError() {
        return false;
    }

    /**
     * Returns whether other credentials may resolve the error. They may have been replaced in Jenkins since the last
     * lookup.
     */
    public boolean concernsCredentials() {
        return false;
    }

    /**
     * Returns whether the error affects all requests to the account, such as throttling, a network, gateway or authority
     * that is down, or a rejected token. Other errors may affect only one job, such as an internal error, an invalid
     * response or a missing permission.
     */
    public boolean concernsAccount() {
        return isOfController();
    }

    /**
     * Returns whether an error of the kind that affects all requests may have affected only one of them, such as a
     * connection reset. A Retry-After header always applies to the whole account.
     */
    public boolean mayBeIsolated() {
        return isOfController();
    }

    /** Returns whether a replica of the service may have sent the error that does not know the job or credentials yet. */
    public boolean mayBeOfReplica() {
        return false;
    }

    /** Returns whether the request may have been carried out although it failed, because its response is missing. */
    public boolean mayHaveBeenCarriedOut() {
        return false;
    }

    /** Returns whether something other than the API may be at the address of the request. */
    public boolean suggestsWrongAddress() {
        return false;
    }

    /**
     * Returns whether the controller lacks a thread or memory: an {@link OutOfMemoryError} or a full thread pool. The
     * error is unrelated to the service and the network.
     */
    public final boolean isOfController() {
        return isCausedBy(OutOfMemoryError.class) || isCausedBy(RejectedExecutionException.class);
    }

    /** Returns whether an exception of a type is among the causes. */
    public final boolean isCausedBy(Class<? extends Throwable> type) {
        return Stream.iterate(getCause(), Objects::nonNull, Throwable::getCause).anyMatch(type::isInstance);
    }

    /** Returns the code of the error in the response. */
    public final Optional<String> code() {
        return Optional.ofNullable(context.code());
    }

    /** Returns the retry delay that the service or the authority requires. */
    public final Optional<Duration> retryAfter() {
        return Optional.ofNullable(context.retryAfter());
    }

    /**
     * Returns the ID of the request: that of the service, or the correlation ID in the sign-in logs of Microsoft Entra
     * ID.
     */
    public final Optional<String> requestId() {
        return Optional.ofNullable(context.requestId());
    }

    /** Returns what the response says, for copies. */
    protected final Context context() {
        return context;
    }
}
