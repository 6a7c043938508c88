/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.ams.http.AmsException;
import java.io.IOException;

/**
 * Thrown when an access token cannot be obtained. Either the token authority (Microsoft Entra ID or the service itself)
 * did not issue a token, or the credential cannot be used.
 */
public final class AuthenticationException extends AmsException {

    private static final long serialVersionUID = 1L;

    /** The kinds of authentication errors. Each kind requires different advice to the user. */
    public enum Kind {
        /** The token authority cannot be reached, is busy, or returned an invalid response. This error is retried. */
        TRANSIENT,
        /** AADSTS7000215 (formerly 70002, 50012): the client secret does not belong to the application. */
        WRONG_SECRET,
        /** AADSTS7000222: the client secret has expired. */
        EXPIRED_SECRET,
        /** AADSTS700027, 50012, and others: the certificate is not registered for the application. */
        WRONG_CERTIFICATE,
        /** The certificate has expired, according to its own dates or to Microsoft Entra ID (AADSTS700027, 7000222). */
        EXPIRED_CERTIFICATE,
        /** The credentials do not contain a usable certificate with a private key. No request was sent. */
        BAD_CERTIFICATE,
        /**
         * AADSTS700024, for an assertion that the plugin has just signed: the controller's clock differs from Microsoft
         * Entra ID's.
         */
        WRONG_CLOCK,
        /**
         * AADSTS70021, 700211, 700212, 700213, 7002137, 7002138, 50013, 50027, and others: none of the application's
         * federated credentials match the OIDC token.
         */
        WRONG_ASSERTION,
        /** AADSTS700024 and others: the OIDC token has expired or is not valid yet. */
        EXPIRED_ASSERTION,
        /** The OIDC token is missing or is not a JWT. No request was sent. */
        NO_ASSERTION,
        /** The controller's machine does not have the managed identity, or is not an Azure machine. */
        NO_MANAGED_IDENTITY,
        /**
         * Like {@link #NO_MANAGED_IDENTITY}, but the environment provides an OIDC token that can be used with a
         * federated credential.
         */
        FEDERATED_TOKEN_INSTEAD,
        /** This machine's Azure Arc key file cannot be read. */
        UNREADABLE_ARC_KEY,
        /** AADSTS700016: the application does not exist in the tenant. */
        UNKNOWN_CLIENT,
        /** AADSTS90002, 900023: the tenant does not exist. */
        UNKNOWN_TENANT,
        /** AADSTS500011, 70011: the service's resource does not exist in the tenant or cloud. */
        UNKNOWN_RESOURCE,
        /** AADSTS53003 and others: a conditional access policy blocks the request. */
        BLOCKED_BY_POLICY,
        /**
         * The service or Microsoft Entra ID requires claims that the token does not contain, because of a conditional
         * access policy.
         */
        INSUFFICIENT_CLAIMS,
        /** Like {@link #TRANSIENT}, but for a service that issues its own tokens. */
        TRANSIENT_OF_SERVICE,
        /**
         * The credentials could not be looked up, because the credentials store failed or did not respond. This error
         * is retried.
         */
        CREDENTIALS_UNAVAILABLE,
        /** The API key or access token in the credentials is invalid, has expired, or was revoked. */
        WRONG_KEY,
        /** The token request was rejected for any other reason. */
        REJECTED
    }

    private final Kind kind;

    private AuthenticationException(Kind kind, String message, @CheckForNull Throwable cause, Context context) {
        super(message, cause, context);
        this.kind = kind;
    }

    /**
     * Creates an error that has no details from a response.
     *
     * @param message a description of the error, which must not contain secrets
     */
    public static AuthenticationException of(Kind kind, String message) {
        return of(kind, message, Context.NONE);
    }

    /**
     * Creates an error from a response.
     *
     * @param message the first line of the error description in the response
     * @param context details from the response: the {@code AADSTS} code (or the OAuth {@code error} if there is no such
     *     code), the required retry delay, and the correlation ID
     */
    public static AuthenticationException of(Kind kind, String message, Context context) {
        return new AuthenticationException(kind, message, null, context);
    }

    /**
     * Creates an error for a request without a response or for a credential that cannot be read.
     *
     * @param cause the exception that caused the error, or null if its message could reveal a secret
     */
    public static AuthenticationException causedBy(Kind kind, String message, @CheckForNull Throwable cause) {
        return new AuthenticationException(kind, message, cause, Context.NONE);
    }

    public Kind kind() {
        return kind;
    }

    @Override
    public boolean isTransient() {
        return kind == Kind.TRANSIENT
                || kind == Kind.TRANSIENT_OF_SERVICE
                || kind == Kind.CREDENTIALS_UNAVAILABLE
                || isOfController();
    }

    @Override
    public boolean isRejection() {
        return !isTransient();
    }

    @Override
    public boolean isNetworkError() {
        return isTransient() && isCausedBy(IOException.class);
    }

    @Override
    public boolean concernsCredentials() {
        return true;
    }

    @Override
    public boolean concernsAccount() {
        return true;
    }
}
