/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.http;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;

/**
 * An error that occurred during a request or a wait. The poller, its listeners, and the outcomes of waits use this type
 * for all errors.
 *
 * <p>The methods classify the error, for example as transient or as a rejection. Subclasses represent errors of a
 * service or a token authority. An instance of this class itself represents any other error, such as a configuration
 * error; its message is shown to users.
 */
public class AmsException extends IOException {

    private static final long serialVersionUID = 1L;

    private final Context context;

    /**
     * The details of an error response other than its message. Each value is null if the response does not contain it.
     *
     * @param code the error code, such as {@code SubscriptionNotFound} or {@code AADSTS7000215}
     * @param retryAfter the retry delay from the {@code Retry-After} header or the error message
     * @param requestId the ID that the server assigned to the request, for support cases
     */
    public record Context(
            @CheckForNull String code,
            @CheckForNull Duration retryAfter,
            @CheckForNull String requestId) implements Serializable {

        /** An empty context for errors without a response. */
        public static final Context NONE = new Context(null, null, null);

        /**
         * Returns a copy with another error code.
         *
         * @param other the new error code; null or empty if there is no error code
         */
        public Context withCode(@CheckForNull String other) {
            return new Context(other == null || other.isEmpty() ? null : other, retryAfter, requestId);
        }

        public Context withRetryAfter(Optional<Duration> other) {
            return new Context(code, other.orElse(null), requestId);
        }

        public Context withRequestId(Optional<String> other) {
            return new Context(code, retryAfter, other.orElse(null));
        }
    }

    /** @param cause the exception that caused the error, or null if there is no such exception */
    protected AmsException(String message, @CheckForNull Throwable cause, Context context) {
        super(message, cause);
        this.context = context;
    }

    /**
     * Converts the failure of a future or call to an {@code AmsException}. Unexpected exceptions and {@link Error}s are
     * converted to errors that are transient only if the controller is short of threads or memory.
     */
    public static AmsException of(Throwable failure) {
        Throwable bare = Futures.unwrap(failure);
        if (bare instanceof AmsException known) {
            return known;
        }
        String message = bare instanceof Error ? bare.toString() : bare.getMessage();
        return explained(message == null ? bare.getClass().getSimpleName() : message, bare);
    }

    /**
     * Creates the error for a setting or for credentials that a user must correct. The error is not transient.
     *
     * @param message the localized description of the error and how to correct it, without secrets. It is converted to
     *     a single line of plain text
     */
    public static AmsException configurationError(String message) {
        return explained(PlainText.line(message), null);
    }

    /**
     * Creates an error whose message tells users what is wrong and what to do. The error is not transient unless the
     * cause shows that the controller is short of threads or memory.
     *
     * @param cause the cause of the error, or null if there is none
     */
    public static AmsException explained(String message, @CheckForNull Throwable cause) {
        return new AmsException(message, cause, Context.NONE);
    }

    /** Returns whether the same request may succeed later. */
    public boolean isTransient() {
        return isOfController();
    }

    /**
     * Returns whether the service or the token authority rejected a request, using its documented error format. Other
     * nontransient errors are configuration errors or unexpected exceptions.
     */
    public boolean isRejection() {
        return false;
    }

    /** Returns whether the response appears to come from the service itself, not from an intermediary. */
    public boolean isFromService() {
        return false;
    }

    /**
     * Returns whether the request reached neither the service nor the token authority. Either there was no response, or
     * the response came from a gateway or proxy.
     */
    public boolean isNetworkError() {
        return false;
    }

    /**
     * Returns whether different credentials may resolve the error. If so, it is worth looking up the credentials again,
     * because they may have been replaced in Jenkins.
     */
    public boolean concernsCredentials() {
        return false;
    }

    /**
     * Returns whether the error affects all requests to the account, such as throttling, a rejected token, or an
     * unavailable network, gateway, or token authority. Other errors may affect only one job, such as an internal
     * error, an invalid response, or a missing permission.
     */
    public boolean concernsAccount() {
        return isOfController();
    }

    /**
     * Returns whether the error may affect only a single request, even though errors of this kind usually affect all
     * requests. An example is a connection reset. An error with a {@code Retry-After} header always affects the whole
     * account.
     */
    public boolean mayBeIsolated() {
        return isOfController();
    }

    /** Returns whether the error may come from a service replica that does not know the job or the credentials yet. */
    public boolean mayBeOfReplica() {
        return false;
    }

    /** Returns whether the service may have carried out the request although no valid response was received. */
    public boolean mayHaveBeenCarriedOut() {
        return false;
    }

    /** Returns whether the error suggests that the configured URL is not the URL of the API. */
    public boolean suggestsWrongAddress() {
        return false;
    }

    /**
     * Returns whether the controller is short of threads or memory, as indicated by an {@link OutOfMemoryError} or a
     * full thread pool. Such an error is unrelated to the service and the network.
     */
    public final boolean isOfController() {
        return isCausedBy(OutOfMemoryError.class) || isCausedBy(RejectedExecutionException.class);
    }

    /** Returns whether the error was directly or indirectly caused by an exception of the given type. */
    public final boolean isCausedBy(Class<? extends Throwable> type) {
        return Stream.iterate(getCause(), Objects::nonNull, Throwable::getCause).anyMatch(type::isInstance);
    }

    /** Returns the error code from the response; empty if the response does not contain an error code. */
    public final Optional<String> code() {
        return Optional.ofNullable(context.code());
    }

    /**
     * Returns the retry delay from the response; empty if neither the {@code Retry-After} header nor the error message
     * contains a valid retry delay.
     */
    public final Optional<Duration> retryAfter() {
        return Optional.ofNullable(context.retryAfter());
    }

    /**
     * Returns the ID of the failed request, for support cases. This is the request ID from the service or the
     * correlation ID from Microsoft Entra ID. Correlation IDs also appear in the sign-in logs of Microsoft Entra ID.
     */
    public final Optional<String> requestId() {
        return Optional.ofNullable(context.requestId());
    }

    /** Returns the details of the response. Subclasses use these details to create modified copies of this error. */
    protected final Context context() {
        return context;
    }
}
