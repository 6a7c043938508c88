/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.ams.http.AmsException;
import java.util.Set;

/** Thrown when a request to a media service fails. */
public final class ServiceException extends AmsException {

    private static final long serialVersionUID = 1L;

    /** Statuses with which services and gateways temporarily reject all requests. */
    private static final Set<Integer> BUSY = Set.of(429, 502, 503, 504);

    /**
     * Classifies an error by its cause. The kind determines how the error is handled, for example whether it is
     * retried.
     */
    public enum Kind {
        /** The connection was refused, reset, or closed, or the request timed out. Transient. */
        NO_RESPONSE,
        /** Status 408, 429, or 5xx: the service is temporarily unavailable. Transient. */
        UNAVAILABLE,
        /** The response is successful but has undocumented content, such as a proxy's HTML page. Transient. */
        INVALID_RESPONSE,
        /**
         * The response comes from an intermediary, such as a gateway or proxy, and does not concern the requested
         * resource. It is either a redirect to a host that must not receive the token, or a rejection that is not in
         * the API's error format or has a status that only gateways use. Transient.
         */
        GATEWAY,
        /** Status 401: the service rejects the token even after the token has been renewed. */
        UNAUTHORIZED,
        /** Status 403: the identity lacks a permission. */
        FORBIDDEN,
        /** Status 404: the service cannot find the job, its tasks, or its assets. */
        NOT_FOUND,
        /**
         * The service cannot find a job that it previously returned. The job is polled again for a limited time,
         * because replicas and listings may be outdated.
         */
        JOB_MISSING,
        /**
         * The service cannot find the account, project, subscription, resource group, or resource type that the job
         * belongs to, or the URL does not belong to the API. The error does not concern the job itself.
         */
        ACCOUNT_NOT_FOUND,
        /** Any other 4xx status: the service understood the request and rejected it. */
        CLIENT_ERROR,
        /** The request was redirected too many times. */
        REDIRECT_REJECTED
    }

    private final Kind kind;
    private final int status;
    private final boolean ofSecretText;

    private ServiceException(
            Kind kind, int status, String message, Throwable cause, Context context, boolean ofSecretText) {
        super(message, cause, context);
        this.kind = kind;
        this.status = status;
        this.ofSecretText = ofSecretText;
    }

    /** Creates the error for a request that received no response. The reason becomes the error's message. */
    public static ServiceException noResponse(String reason) {
        return noResponse(reason, null);
    }

    /**
     * Creates the error for a request that received no response.
     *
     * @param reason the error's message
     * @param cause the transport error, or null if there is none
     */
    public static ServiceException noResponse(String reason, @CheckForNull Throwable cause) {
        return new ServiceException(Kind.NO_RESPONSE, 0, reason, cause, Context.NONE, false);
    }

    /** Creates the error for a response whose content does not match the service's documentation. */
    public static ServiceException invalidResponse(String reason) {
        return of(Kind.INVALID_RESPONSE, 0, reason);
    }

    /** Creates the error for a response that could not be received, for example because it is too long. */
    static ServiceException invalidResponse(String reason, Throwable cause) {
        return new ServiceException(Kind.INVALID_RESPONSE, 0, reason, cause, Context.NONE, false);
    }

    /** Creates the error for a job that the service no longer finds. */
    public static ServiceException jobMissing() {
        return of(Kind.JOB_MISSING, 0, "the service no longer finds the job");
    }

    /** Creates the error for a response, without the response's request ID or other details. */
    public static ServiceException of(Kind kind, int status, String message) {
        return of(kind, status, message, Context.NONE);
    }

    /**
     * Creates the error for a response.
     *
     * @param message the service's error message, preceded by the error code, if any; must not contain tokens
     */
    public static ServiceException of(Kind kind, int status, String message, Context context) {
        return new ServiceException(kind, status, message, null, context, false);
    }

    /**
     * Returns a copy of this error for a request whose token was obtained with a secret text credential. If the service
     * rejects such a token, the user must check the secret text, not the configuration in Microsoft Entra ID.
     */
    public ServiceException withSecretText() {
        return new ServiceException(kind, status, getMessage(), getCause(), context(), true);
    }

    /** Returns a copy of this error with another kind, for callers that know more about the request. */
    public ServiceException withKind(Kind other) {
        return new ServiceException(other, status, getMessage(), getCause(), context(), ofSecretText);
    }

    public Kind kind() {
        return kind;
    }

    /** Returns the HTTP status, or 0 if there was no response. */
    public int status() {
        return status;
    }

    /** Returns whether the token comes from a secret text credential rather than from Microsoft Entra ID. */
    public boolean isOfSecretText() {
        return ofSecretText;
    }

    /** Returns whether the service understood the request and rejected it, possibly because of the requested job. */
    public boolean mayConcernJob() {
        return kind == Kind.CLIENT_ERROR || kind == Kind.FORBIDDEN;
    }

    @Override
    public boolean isFromService() {
        return kind != Kind.NO_RESPONSE && kind != Kind.INVALID_RESPONSE && kind != Kind.GATEWAY;
    }

    @Override
    public boolean isTransient() {
        return !isFromService() || kind == Kind.UNAVAILABLE;
    }

    @Override
    public boolean isRejection() {
        return !isTransient();
    }

    @Override
    public boolean isNetworkError() {
        return !isFromService();
    }

    @Override
    public boolean concernsCredentials() {
        return kind == Kind.UNAUTHORIZED || kind == Kind.FORBIDDEN;
    }

    @Override
    public boolean concernsAccount() {
        return kind == Kind.NO_RESPONSE
                || kind == Kind.UNAUTHORIZED
                || BUSY.contains(status)
                || retryAfter().isPresent();
    }

    @Override
    public boolean mayBeIsolated() {
        boolean ofOneRequest = kind == Kind.NO_RESPONSE || status == 502 || status == 504;
        return isOfController() || ofOneRequest && retryAfter().isEmpty();
    }

    @Override
    public boolean mayBeOfReplica() {
        return kind == Kind.NOT_FOUND || kind == Kind.UNAUTHORIZED;
    }

    @Override
    public boolean mayHaveBeenCarriedOut() {
        return kind == Kind.NO_RESPONSE || kind == Kind.INVALID_RESPONSE;
    }

    @Override
    public boolean suggestsWrongAddress() {
        return kind == Kind.NOT_FOUND || kind == Kind.INVALID_RESPONSE || kind == Kind.GATEWAY;
    }
}
