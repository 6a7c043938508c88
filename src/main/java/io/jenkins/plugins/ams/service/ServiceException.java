/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** A request to the media service that did not bring what was asked for. */
public class ServiceException extends IOException {

    private static final long serialVersionUID = 1L;

    /** What went wrong, as far as the caller's next step depends on it. */
    public enum Kind {
        /** No answer: refused, reset, timed out, cut off. Worth another try. */
        NO_ANSWER,
        /** 408, 429 or 5xx: the service cannot now. Worth another try. */
        BUSY,
        /** An answer that is not what the service documents, such as a proxy's HTML page. Worth another try. */
        UNREADABLE,
        /** 401, also with a token that was just renewed. */
        UNAUTHORIZED,
        /** 403. */
        FORBIDDEN,
        /** 404 on something other than a look at a job. */
        NOT_FOUND,
        /** Another 4xx: the service understood and says no. */
        REJECTED,
        /** A redirect to where no token may go, or too many of them. */
        REDIRECT_REFUSED
    }

    private final Kind kind;
    private final int status;
    private final Duration retryAfter;
    private final String requestId;
    private final boolean ofSecretText;

    /**
     * @param kind what went wrong
     * @param status the HTTP status; 0 if there was no answer
     * @param message the service's own text or the transport's, free of tokens and at most some 300 characters long
     * @param retryAfter what the service asked for in {@code Retry-After}; null if nothing
     * @param requestId the service's {@code x-ms-request-id}, which its support asks for; null if there was none
     * @param cause may be null
     */
    public ServiceException(
            Kind kind, int status, String message, Duration retryAfter, String requestId, Throwable cause) {
        this(kind, status, message, retryAfter, requestId, cause, false);
    }

    /** @param ofSecretText whether the token of the request came of a secret text, and not from Azure AD */
    public ServiceException(
            Kind kind,
            int status,
            String message,
            Duration retryAfter,
            String requestId,
            Throwable cause,
            boolean ofSecretText) {
        super(message, cause);
        this.kind = kind;
        this.status = status;
        this.retryAfter = retryAfter;
        this.requestId = requestId;
        this.ofSecretText = ofSecretText;
    }

    public Kind kind() {
        return kind;
    }

    /** The HTTP status, 0 if there was no answer. */
    public int status() {
        return status;
    }

    /** How long the service asked to be left alone. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** The service's id of the request. */
    public Optional<String> requestId() {
        return Optional.ofNullable(requestId);
    }

    /** Whether the service understood and said no, perhaps on account of the one job that was asked for. */
    public boolean isRefusal() {
        return kind == Kind.REJECTED || kind == Kind.FORBIDDEN;
    }

    /** Whether the service refuses a token that came of a secret text, so that nothing in Azure AD could mend it. */
    public boolean isOfSecretText() {
        return ofSecretText;
    }

    /** Whether the same request may well succeed later. */
    public boolean isTransient() {
        return kind == Kind.NO_ANSWER || kind == Kind.BUSY || kind == Kind.UNREADABLE;
    }
}
