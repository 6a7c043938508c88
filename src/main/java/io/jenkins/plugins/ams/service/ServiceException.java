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
        NO_RESPONSE,
        /** 408, 429 or 5xx: the service cannot now. Worth another try. */
        UNAVAILABLE,
        /** A success that is not what the service documents, such as a proxy's HTML page. Worth another try. */
        INVALID_RESPONSE,
        /**
         * A rejection that is not in the form of the API's errors, or whose status only gateways use: something in front
         * of the service sent it, and it says nothing about what was asked for. Worth another try.
         */
        GATEWAY,
        /** 401, also with a token that was just renewed. */
        UNAUTHORIZED,
        /** 403. */
        FORBIDDEN,
        /** 404: the service does not know the job, or what was asked for of it. */
        NOT_FOUND,
        /**
         * The service does not know or offer what the job belongs to (account, project, subscription, resource group, type
         * of resource), or the address is not one of the API: it says nothing about the job.
         */
        ACCOUNT_NOT_FOUND,
        /** Another 4xx: the service understood and says no. */
        CLIENT_ERROR,
        /** A redirect to where no token may go, or too many of them. */
        REDIRECT_REJECTED
    }

    private final Kind kind;
    private final int status;
    private final String code;
    private final Duration retryAfter;
    private final String requestId;
    private final boolean ofSecretText;

    /**
     * @param kind what went wrong
     * @param status the HTTP status; 0 if there was no answer
     * @param message the service's own text or the transport's, free of tokens; it begins with the error's code if there is
     *     one
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
        this(kind, status, "", message, retryAfter, requestId, cause, ofSecretText);
    }

    /** @param code the error's code in the service's own words; empty if it has none */
    public ServiceException(
            Kind kind,
            int status,
            String code,
            String message,
            Duration retryAfter,
            String requestId,
            Throwable cause,
            boolean ofSecretText) {
        super(message, cause);
        this.kind = kind;
        this.status = status;
        this.code = code;
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

    /** The error's code in the service's own words, such as {@code SubscriptionNotFound}. */
    public Optional<String> code() {
        return code.isEmpty() ? Optional.empty() : Optional.of(code);
    }

    /** The same for a caller that knows better what it was about. */
    ServiceException withKind(Kind other) {
        return new ServiceException(other, status, code, getMessage(), retryAfter, requestId, getCause(), ofSecretText);
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
    public boolean isRejection() {
        return kind == Kind.CLIENT_ERROR || kind == Kind.FORBIDDEN;
    }

    /** Whether the service refuses a token that came of a secret text, so that nothing in Azure AD could mend it. */
    public boolean isOfSecretText() {
        return ofSecretText;
    }

    /**
     * Whether the service itself was reached, as far as its client can tell: there was a response, and it was not one of
     * something in front of it.
     */
    public boolean isFromService() {
        return kind != Kind.NO_RESPONSE && kind != Kind.INVALID_RESPONSE && kind != Kind.GATEWAY;
    }

    /** Whether the same request may well succeed later. */
    public boolean isTransient() {
        return kind == Kind.NO_RESPONSE
                || kind == Kind.UNAVAILABLE
                || kind == Kind.INVALID_RESPONSE
                || kind == Kind.GATEWAY;
    }
}
