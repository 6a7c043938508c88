/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

/**
 * Errors of the token endpoint with messages from Microsoft's reference of AADSTS error codes and reports of users. The
 * transient errors have a status that suggests a permanent rejection.
 */
public enum AadError {
    /** Transient. */
    REQUEST_BUDGET_EXCEEDED(400, "invalid_grant", 90024, "A transient error has occurred. Please try again."),
    /** Transient: ends after the client sends fewer requests. */
    LOOP_DETECTED(
            400,
            "invalid_grant",
            50196,
            "The server terminated an operation because it encountered a client request loop. Please contact your app"
                    + " vendor."),
    /** Transient. */
    TRY_AGAIN(400, "invalid_request", 501661, "The request could not be processed. Try again."),
    /** Transient. */
    RETRYABLE(400, "invalid_grant", 50033, "A retryable error has occurred."),
    /** Transient. */
    SERVICE_UNAVAILABLE(400, "invalid_request", 90006, "The service is temporarily unavailable."),
    /** Transient. */
    REQUEST_TIMEOUT(400, "invalid_request", 90012, "The request has timed out."),
    /** Transient, with a code that is not in Microsoft's reference. */
    UNLISTED_TRANSIENT(400, "invalid_request", 999991, "A transient error has occurred. Please try again later."),
    /** An invalid secret, with the older code and message. */
    INVALID_SECRET(401, "invalid_client", 50012, "Invalid client secret is provided."),
    /** A certificate that is not registered for the application. */
    CERTIFICATE_NOT_FOUND(
            401,
            "invalid_client",
            50012,
            "Client assertion contains an invalid signature. [Reason - The key was not found., Thumbprint of key used by"
                    + " client: 'B25930CF0B3B5E30CCF9B1A0D6A0E1E2A7B4F9C1']"),
    /** An expired certificate of the application. */
    CERTIFICATE_EXPIRED(
            401,
            "invalid_client",
            700027,
            "Client assertion failed signature validation. [Reason - The key used is expired., Thumbprint of key used by"
                    + " client: 'B25930CF0B3B5E30CCF9B1A0D6A0E1E2A7B4F9C1']"),
    /** A client assertion outside its validity period. */
    ASSERTION_NOT_IN_TIME(
            401,
            "invalid_client",
            700024,
            "Client assertion is not within its valid time range. Current time: 2021-03-10T09:15:30Z, assertion valid from"
                    + " 2021-03-10T10:15:30Z, expiry time of assertion 2021-03-10T10:25:30Z."),
    /** A disabled application. */
    APPLICATION_DISABLED(
            400, "unauthorized_client", 7000112, "Application 'c7d0a6de-41f5-4a2c-9d0e-6b8f2a517e93' is disabled."),
    /** A policy of the tenant other than Conditional Access. */
    BLOCKED_BY_SECURITY_POLICY(
            400,
            "invalid_grant",
            530032,
            "The tenant admin has configured a security policy that blocks this request. Check the security policies that"
                    + " are defined on the tenant level to determine if your request meets the policy.");

    final int status;
    final String error;
    final int number;
    final String text;

    AadError(int status, String error, int number, String text) {
        this.status = status;
        this.error = error;
        this.number = number;
        this.text = text;
    }

    /** Returns the code, {@code AADSTS} followed by a number. */
    public String code() {
        return "AADSTS" + number;
    }
}
