/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import com.microsoft.aad.msal4j.AuthenticationErrorCode;
import com.microsoft.aad.msal4j.MsalClientException;
import com.microsoft.aad.msal4j.MsalError;
import com.microsoft.aad.msal4j.MsalException;
import com.microsoft.aad.msal4j.MsalServiceException;
import com.microsoft.aad.msal4j.MsalThrottlingException;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.ams.auth.AuthenticationException.Kind;
import io.jenkins.plugins.ams.http.AmsException.Context;
import io.jenkins.plugins.ams.http.Futures;
import io.jenkins.plugins.ams.http.PlainText;
import io.jenkins.plugins.ams.http.RetryAfter;
import java.net.http.HttpHeaders;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Translates MSAL4J exceptions to {@link AuthenticationException}. MSAL4J's exceptions are not kept as causes, because
 * they contain response headers and objects that cannot be serialized.
 */
final class MsalErrorTranslator {

    private static final Pattern AADSTS = Pattern.compile("\\bAADSTS\\d{1,10}\\b");

    /** Matches the request details that follow the error description, sometimes on the same line. */
    private static final Pattern TRACE = Pattern.compile("\\s+Trace ID: .*");

    /**
     * Matches error descriptions that report an expired credential, such as {@code [Reason - The key used is
     * expired.]}.
     */
    private static final Pattern EXPIRED = Pattern.compile("\\bexpired\\b", Pattern.CASE_INSENSITIVE);

    /** Matches error descriptions that suggest a retry. This pattern is not used for codes with a known kind. */
    private static final Pattern RETRY_HINT = Pattern.compile(
            "\\btransient\\b|\\btemporar(y|ily)\\b|\\btry again\\b|\\bretry the request\\b|\\btimed out\\b",
            Pattern.CASE_INSENSITIVE);

    /**
     * OAuth errors that concern the token authority rather than the request (RFC 6749, section 4.1.2.1; RFC 8628,
     * section 3.5).
     */
    private static final Set<String> TRANSIENT_ERRORS =
            Set.of("temporarily_unavailable", "server_error", "slow_down", "service_unavailable");

    /** Error codes from Microsoft's AADSTS error code reference and from user reports. */
    private static final Map<String, Kind> KINDS = Map.ofEntries(
            Map.entry("AADSTS700016", Kind.UNKNOWN_CLIENT),
            Map.entry("AADSTS700011", Kind.UNKNOWN_CLIENT),
            Map.entry("AADSTS70001", Kind.UNKNOWN_CLIENT),
            Map.entry("AADSTS90002", Kind.UNKNOWN_TENANT),
            Map.entry("AADSTS900023", Kind.UNKNOWN_TENANT),
            Map.entry("AADSTS500011", Kind.UNKNOWN_RESOURCE),
            Map.entry("AADSTS50001", Kind.UNKNOWN_RESOURCE),
            Map.entry("AADSTS70011", Kind.UNKNOWN_RESOURCE),
            Map.entry("AADSTS53000", Kind.BLOCKED_BY_POLICY),
            Map.entry("AADSTS53001", Kind.BLOCKED_BY_POLICY),
            Map.entry("AADSTS53002", Kind.BLOCKED_BY_POLICY),
            Map.entry("AADSTS53003", Kind.BLOCKED_BY_POLICY),
            Map.entry("AADSTS530032", Kind.BLOCKED_BY_POLICY),
            Map.entry("AADSTS530035", Kind.BLOCKED_BY_POLICY),
            Map.entry("AADSTS50131", Kind.BLOCKED_BY_POLICY),
            // Microsoft's names for these eight codes: RetryableError, ExternalServerRetryableError, RequestTimeout,
            // RequestBudgetExceededError, MsodsServiceUnavailable, TenantThrottlingError, GraphRetryableError, and
            // GraphServiceUnreachable
            Map.entry("AADSTS50033", Kind.TRANSIENT),
            Map.entry("AADSTS90006", Kind.TRANSIENT),
            Map.entry("AADSTS90012", Kind.TRANSIENT),
            Map.entry("AADSTS90024", Kind.TRANSIENT),
            Map.entry("AADSTS90033", Kind.TRANSIENT),
            Map.entry("AADSTS90055", Kind.TRANSIENT),
            Map.entry("AADSTS90090", Kind.TRANSIENT),
            Map.entry("AADSTS90091", Kind.TRANSIENT),
            // LoopDetected (too many identical requests), and two codes whose descriptions suggest a retry
            Map.entry("AADSTS50196", Kind.TRANSIENT),
            Map.entry("AADSTS501621", Kind.TRANSIENT),
            Map.entry("AADSTS501661", Kind.TRANSIENT));

    /** Codes that concern the credential. Their meaning depends on the credential's type. */
    private static final Set<String> CREDENTIAL_CODES = Set.of(
            "AADSTS7000215",
            "AADSTS7000222",
            "AADSTS70002",
            "AADSTS50012",
            "AADSTS50013",
            "AADSTS50027",
            "AADSTS500133",
            "AADSTS700024",
            "AADSTS700027",
            "AADSTS700030",
            "AADSTS70021",
            "AADSTS700211",
            "AADSTS700212",
            "AADSTS700213",
            "AADSTS7002137",
            "AADSTS7002138");

    /** Codes that concern an assertion's validity period. */
    private static final Set<String> VALIDITY_CODES = Set.of("AADSTS700024", "AADSTS500133");

    private final Clock clock;

    @CheckForNull
    private final ClientCredential credential;

    /**
     * @param clock the clock to compare {@code Retry-After} dates with if the response has no {@code Date} header
     * @param credential the client's credential, or null for a managed identity, which does not need a credential
     */
    MsalErrorTranslator(Clock clock, @CheckForNull ClientCredential credential) {
        this.clock = clock;
        this.credential = credential;
    }

    /** Returns the error for a configuration that MSAL4J rejects, for example because the tenant is missing. */
    static AuthenticationException unusable(Exception cause) {
        return AuthenticationException.of(Kind.REJECTED, textOf(cause));
    }

    /** Translates the exception that an MSAL4J future failed with. */
    AuthenticationException translate(Throwable failure) {
        Throwable cause = Futures.unwrap(failure);
        for (Throwable t = cause; t != null; t = t.getCause()) {
            if (t instanceof AuthenticationException translated) {
                return translated; // thrown by the plugin's MsalHttpClient, which MSAL4J called
            }
        }
        if (cause instanceof MsalThrottlingException throttled) {
            Optional<Duration> delay = Optional.of(Duration.ofMillis(Math.max(0, throttled.retryInMs())));
            Context context = Context.NONE.withCode(throttled.errorCode()).withRetryAfter(delay);
            return AuthenticationException.of(Kind.TRANSIENT, textOf(throttled), context);
        }
        if (cause instanceof MsalServiceException serviceError) {
            return translate(serviceError);
        }
        if (cause instanceof MsalException msalError) {
            Context context = Context.NONE.withCode(msalError.errorCode());
            return AuthenticationException.of(kindOf(msalError), textOf(msalError), context);
        }
        // Other exceptions usually mean that MSAL4J could not parse a response. The exception may quote the response,
        // so it is not kept as the cause. The exception is kept only if the controller lacks threads or memory, so that
        // the error is reported as a controller error.
        String text = "the token request failed (" + cause.getClass().getSimpleName() + ")";
        boolean lacksResources = cause instanceof RejectedExecutionException || cause instanceof OutOfMemoryError;
        return AuthenticationException.causedBy(Kind.TRANSIENT, text, lacksResources ? cause : null);
    }

    private AuthenticationException translate(MsalServiceException error) {
        String code =
                codeIn(String.valueOf(error.getMessage())).orElseGet(() -> PlainText.line(error.errorCode(), 100));
        Context context = Context.NONE
                .withCode(code)
                .withRetryAfter(retryAfter(error.headers()))
                .withRequestId(Optional.ofNullable(error.correlationId()).map(id -> PlainText.line(id, 100)));
        return AuthenticationException.of(kindOf(error, code), textOf(error), context);
    }

    private Kind kindOf(MsalServiceException error, String code) {
        int status = error.statusCode() == null ? 0 : error.statusCode();
        boolean transientStatus = status == 408 || status == 429 || status >= 500;
        if (transientStatus || TRANSIENT_ERRORS.contains(String.valueOf(error.errorCode()))) {
            return Kind.TRANSIENT;
        }
        if (MsalError.MANAGED_IDENTITY_FILE_READ_ERROR.equals(error.errorCode())) {
            return Kind.UNREADABLE_ARC_KEY;
        }
        boolean invalidResponse = AuthenticationErrorCode.INVALID_JSON.equals(error.errorCode())
                || AuthenticationErrorCode.UNKNOWN.equals(error.errorCode());
        return invalidResponse ? Kind.TRANSIENT : kindOf(code, textOf(error));
    }

    /**
     * Returns the kind of an error, based on its code and description.
     *
     * @param code an {@code AADSTS} code or an OAuth error
     * @param text the error description, which may contain the reason
     */
    Kind kindOf(String code, String text) {
        if (CREDENTIAL_CODES.contains(code)) {
            return kindOfCredential(code, text);
        }
        Kind known = KINDS.get(code);
        if (known != null) {
            return known;
        }
        return RETRY_HINT.matcher(text).find() ? Kind.TRANSIENT : Kind.REJECTED;
    }

    private Kind kindOfCredential(String code, String text) {
        boolean expired = code.equals("AADSTS7000222") || EXPIRED.matcher(text).find();
        if (credential instanceof ClientSecret) {
            return expired ? Kind.EXPIRED_SECRET : Kind.WRONG_SECRET;
        }
        if (credential instanceof ClientCertificate) {
            return VALIDITY_CODES.contains(code)
                    ? Kind.WRONG_CLOCK
                    : expired ? Kind.EXPIRED_CERTIFICATE : Kind.WRONG_CERTIFICATE;
        }
        if (credential instanceof ClientAssertion) {
            return VALIDITY_CODES.contains(code) || expired ? Kind.EXPIRED_ASSERTION : Kind.WRONG_ASSERTION;
        }
        return Kind.REJECTED;
    }

    /** Returns the {@code AADSTS} code in an error description, or empty if the description contains no such code. */
    static Optional<String> codeIn(String text) {
        Matcher matcher = AADSTS.matcher(text);
        return matcher.find() ? Optional.of(matcher.group()) : Optional.empty();
    }

    /**
     * Returns {@code REJECTED} if MSAL4J rejected the configuration, and {@code TRANSIENT} if MSAL4J could not process
     * a response.
     */
    private static Kind kindOf(MsalException error) {
        boolean rejectedByMsal = error instanceof MsalClientException
                && error.errorCode() != null
                && !error.errorCode().equals(AuthenticationErrorCode.INVALID_JSON);
        return rejectedByMsal ? Kind.REJECTED : Kind.TRANSIENT;
    }

    private static String textOf(Throwable failure) {
        String line = PlainText.firstLine(failure.getMessage(), PlainText.MAX_ERROR_LENGTH);
        String text = TRACE.matcher(line).replaceFirst("");
        return text.isEmpty() ? failure.getClass().getSimpleName() : text;
    }

    private Optional<Duration> retryAfter(Map<String, List<String>> headers) {
        return Optional.ofNullable(headers)
                .flatMap(map -> RetryAfter.in(HttpHeaders.of(map, (name, value) -> true), clock));
    }
}
