/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

/**
 * Errors of the token endpoint in the authority's words, as Microsoft's reference of AADSTS error codes and reports of
 * users have them. Those that pass come with a status that reads like a rejection.
 */
public enum AadError {
    /** Passes. */
    REQUEST_BUDGET_EXCEEDED(400, "invalid_grant", 90024, "A transient error has occurred. Please try again."),
    /** Passes once the client has paused. */
    LOOP_DETECTED(
            400,
            "invalid_grant",
            50196,
            "The server terminated an operation because it encountered a client request loop. Please contact your app"
                    + " vendor."),
    /** Passes. */
    TRY_AGAIN(400, "invalid_request", 501661, "The request could not be processed. Try again."),
    /** Passes. */
    RETRYABLE(400, "invalid_grant", 50033, "A retryable error has occurred."),
    /** Passes. */
    SERVICE_UNAVAILABLE(400, "invalid_request", 90006, "The service is temporarily unavailable."),
    /** Passes. */
    REQUEST_TIMEOUT(400, "invalid_request", 90012, "The request has timed out."),
    /** Passes; no list has the code. */
    UNLISTED_TRANSIENT(400, "invalid_request", 999991, "A transient error has occurred. Please try again later."),
    /** The secret, in the words that the authority had before. */
    INVALID_SECRET(401, "invalid_client", 50012, "Invalid client secret is provided."),
    /** The certificate is not one of the application's. */
    CERTIFICATE_NOT_FOUND(
            401,
            "invalid_client",
            50012,
            "Client assertion contains an invalid signature. [Reason - The key was not found., Thumbprint of key used by"
                    + " client: 'B25930CF0B3B5E30CCF9B1A0D6A0E1E2A7B4F9C1']"),
    /** The certificate is the application's, and has expired. */
    CERTIFICATE_EXPIRED(
            401,
            "invalid_client",
            700027,
            "Client assertion failed signature validation. [Reason - The key used is expired., Thumbprint of key used by"
                    + " client: 'B25930CF0B3B5E30CCF9B1A0D6A0E1E2A7B4F9C1']"),
    /** What the client signed is not valid now. */
    ASSERTION_NOT_IN_TIME(
            401,
            "invalid_client",
            700024,
            "Client assertion is not within its valid time range. Current time: 2021-03-10T09:15:30Z, assertion valid from"
                    + " 2021-03-10T10:15:30Z, expiry time of assertion 2021-03-10T10:25:30Z."),
    /** The application may not be used. */
    APPLICATION_DISABLED(
            400, "unauthorized_client", 7000112, "Application 'c7d0a6de-41f5-4a2c-9d0e-6b8f2a517e93' is disabled."),
    /** A policy of the tenant, other than conditional access. */
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

    /** The code, {@code AADSTS} and a number. */
    public String code() {
        return "AADSTS" + number;
    }
}
