/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** There is no token: the authority (Azure AD, or the service itself) gave none, or there is nothing to ask it with. */
public class AuthenticationException extends IOException {

    private static final long serialVersionUID = 1L;

    /** What went wrong, as far as advice depends on it. */
    public enum Kind {
        /** The authority cannot be reached, is busy, or answered what no authority answers. Worth another try. */
        TRANSIENT,
        /** AADSTS7000215 (formerly 70002, 50012): the secret is not the one of the application. */
        WRONG_SECRET,
        /** AADSTS7000222: the secret has expired. */
        EXPIRED_SECRET,
        /** AADSTS700027, 50012 and others: the certificate is none of the application's. */
        WRONG_CERTIFICATE,
        /** The certificate has expired, as its own dates say or the authority does (AADSTS700027, 7000222). */
        EXPIRED_CERTIFICATE,
        /** No request was made, since what should be a certificate with its private key is not. */
        BAD_CERTIFICATE,
        /** AADSTS700024 for what was signed a moment ago: the clocks of the controller and of the authority differ. */
        WRONG_CLOCK,
        /**
         * AADSTS70021, 700211, 700212, 700213, 7002137, 7002138, 50013, 50027 and others: no federated credential of the
         * application fits the OIDC token.
         */
        WRONG_ASSERTION,
        /** AADSTS700024 and others: the OIDC token is not valid any more, or not yet. */
        EXPIRED_ASSERTION,
        /** No request was made, since there is no OIDC token where one should be. */
        NO_ASSERTION,
        /** This machine has no such managed identity, or is none of Azure's. */
        NO_MANAGED_IDENTITY,
        /** As {@link #NO_MANAGED_IDENTITY}, where the environment offers a token for a federated credential. */
        FEDERATED_TOKEN_INSTEAD,
        /** The key that Azure Arc wrote for this machine's users cannot be read. */
        UNREADABLE_ARC_KEY,
        /** AADSTS700016: no such application in the tenant. */
        UNKNOWN_CLIENT,
        /** AADSTS90002, 900023: no such tenant. */
        UNKNOWN_TENANT,
        /** AADSTS500011, 70011: the resource of the service is not known in the tenant or cloud. */
        UNKNOWN_RESOURCE,
        /** AADSTS53003 and others: conditional access forbids it. */
        BLOCKED_BY_POLICY,
        /** The service or the authority insists on claims that a conditional access policy demands. */
        INSUFFICIENT_CLAIMS,
        /** As {@link #TRANSIENT}, but of a service that gives out tokens of its own. */
        TRANSIENT_OF_SERVICE,
        /** The credentials could not be looked up: their store does not respond, or fails. Worth another try. */
        CREDENTIALS_UNAVAILABLE,
        /** An API key or a token that the service itself gave out is none, or is not good any more. */
        WRONG_KEY,
        /** Any other refusal. */
        REJECTED
    }

    private final Kind kind;
    private final String code;
    private final Duration retryAfter;
    private final String correlationId;

    /**
     * @param kind what went wrong
     * @param code the {@code AADSTS} code, or the OAuth {@code error} where there is none; null if neither was sent
     * @param message the first line of the authority's text, or the transport's; never holds a secret
     * @param retryAfter what the authority asked for; null if nothing
     * @param correlationId the authority's correlation id; null if none
     * @param cause may be null
     */
    public AuthenticationException(
            Kind kind, String code, String message, Duration retryAfter, String correlationId, Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.code = code;
        this.retryAfter = retryAfter;
        this.correlationId = correlationId;
    }

    /** An error of which there is nothing to tell but its kind and a text. */
    static AuthenticationException of(Kind kind, String message) {
        return new AuthenticationException(kind, null, message, null, null, null);
    }

    public Kind kind() {
        return kind;
    }

    /** The {@code AADSTS} code or OAuth error. */
    public Optional<String> code() {
        return Optional.ofNullable(code);
    }

    /** How long the authority asked to be left alone. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** The authority's id of the request, for its sign-in logs. */
    public Optional<String> correlationId() {
        return Optional.ofNullable(correlationId);
    }

    /** Whether the same request may well succeed later. */
    public boolean isTransient() {
        return kind == Kind.TRANSIENT || kind == Kind.TRANSIENT_OF_SERVICE || kind == Kind.CREDENTIALS_UNAVAILABLE;
    }
}
