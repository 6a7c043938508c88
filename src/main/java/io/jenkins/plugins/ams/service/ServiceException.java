/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Thrown when a request to a media service fails. */
public class ServiceException extends IOException {

    private static final long serialVersionUID = 1L;

    /** The kinds of errors that callers handle differently. */
    public enum Kind {
        /** The connection was refused, reset or closed, or the request timed out. Transient. */
        NO_RESPONSE,
        /** 408, 429 or 5xx: the service is temporarily unavailable. Transient. */
        UNAVAILABLE,
        /** A success status with undocumented content, such as a proxy's HTML page. Transient. */
        INVALID_RESPONSE,
        /**
         * A rejection that is not in the API's error format or whose status only gateways use, or a redirect to a host
         * that may not receive the token. It comes from an intermediary and says nothing about the requested resource.
         * Transient.
         */
        GATEWAY,
        /** 401, even with a renewed token. */
        UNAUTHORIZED,
        /** 403: the identity lacks a permission. */
        FORBIDDEN,
        /** 404: the service does not know the job, its tasks or its assets. */
        NOT_FOUND,
        /**
         * The service does not know the account, project, subscription, resource group or resource type that the job
         * belongs to, or the address does not belong to the API. Says nothing about the job itself.
         */
        ACCOUNT_NOT_FOUND,
        /** Any other 4xx: the service understood the request and rejected it. */
        CLIENT_ERROR,
        /** Too many redirects. */
        REDIRECT_REJECTED
    }

    private final Kind kind;
    private final int status;
    private final String code;
    private final Duration retryAfter;
    private final String requestId;
    private final boolean ofSecretText;

    /**
     * @param kind the kind of error
     * @param status the HTTP status; 0 if there was no response
     * @param message the text of the service or the transport, starting with the error code if there is one; must not
     *     contain tokens
     * @param retryAfter the delay that the service requested with {@code Retry-After}; null if it did not
     * @param requestId the service's {@code x-ms-request-id}, for support cases; null if there was none
     * @param cause the cause, or null
     */
    public ServiceException(
            Kind kind, int status, String message, Duration retryAfter, String requestId, Throwable cause) {
        this(kind, status, message, retryAfter, requestId, cause, false);
    }

    /**
     * @param ofSecretText whether the token was obtained with a secret text credential and not from Microsoft Entra ID
     */
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

    /** @param code the service's error code; empty if there is none */
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

    /** Returns the HTTP status, or 0 if there was no response. */
    public int status() {
        return status;
    }

    /** Returns the service's error code, such as {@code SubscriptionNotFound}. */
    public Optional<String> code() {
        return code.isEmpty() ? Optional.empty() : Optional.of(code);
    }

    /** Returns a copy of another kind, for a caller that knows the context of the request. */
    public ServiceException withKind(Kind other) {
        return new ServiceException(other, status, code, getMessage(), retryAfter, requestId, getCause(), ofSecretText);
    }

    /** Returns the retry delay that the service requested. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** Returns the service's ID of the request. */
    public Optional<String> requestId() {
        return Optional.ofNullable(requestId);
    }

    /** Returns whether the service understood the request and rejected it; the requested job may be the cause. */
    public boolean isRejection() {
        return kind == Kind.CLIENT_ERROR || kind == Kind.FORBIDDEN;
    }

    /**
     * Returns whether the token was obtained with a secret text credential. If so, a rejection of the token cannot be
     * resolved in Microsoft Entra ID.
     */
    public boolean isOfSecretText() {
        return ofSecretText;
    }

    /** Returns whether the service itself responded, as far as the client can tell, and not an intermediary. */
    public boolean isFromService() {
        return kind != Kind.NO_RESPONSE && kind != Kind.INVALID_RESPONSE && kind != Kind.GATEWAY;
    }

    /** Returns whether the error is transient: the same request may succeed later. */
    public boolean isTransient() {
        return kind == Kind.NO_RESPONSE
                || kind == Kind.UNAVAILABLE
                || kind == Kind.INVALID_RESPONSE
                || kind == Kind.GATEWAY;
    }
}
