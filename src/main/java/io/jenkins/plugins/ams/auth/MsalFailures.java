/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import com.microsoft.aad.msal4j.AuthenticationErrorCode;
import com.microsoft.aad.msal4j.MsalClientException;
import com.microsoft.aad.msal4j.MsalException;
import com.microsoft.aad.msal4j.MsalServiceException;
import com.microsoft.aad.msal4j.MsalThrottlingException;
import io.jenkins.plugins.ams.auth.AuthenticationException.Kind;
import java.net.http.HttpHeaders;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Says in our terms what MSAL4J reported. Its exceptions are never kept as causes: they hold the headers of the answer
 * and parts that cannot be serialized.
 */
final class MsalFailures {

    private static final int LONGEST_TEXT = 300;
    private static final Pattern AADSTS = Pattern.compile("\\bAADSTS\\d{1,10}\\b");

    /** Codes as in Microsoft's reference of AADSTS error codes and in reports of their users. */
    private static final Map<String, Kind> KINDS = Map.ofEntries(
            Map.entry("AADSTS7000215", Kind.WRONG_SECRET),
            Map.entry("AADSTS70002", Kind.WRONG_SECRET),
            Map.entry("AADSTS50012", Kind.WRONG_SECRET),
            Map.entry("AADSTS7000222", Kind.EXPIRED_SECRET),
            Map.entry("AADSTS700027", Kind.WRONG_CERTIFICATE),
            Map.entry("AADSTS70021", Kind.WRONG_ASSERTION),
            Map.entry("AADSTS700211", Kind.WRONG_ASSERTION),
            Map.entry("AADSTS700212", Kind.WRONG_ASSERTION),
            Map.entry("AADSTS700213", Kind.WRONG_ASSERTION),
            Map.entry("AADSTS7002137", Kind.WRONG_ASSERTION),
            Map.entry("AADSTS7002138", Kind.WRONG_ASSERTION),
            Map.entry("AADSTS700024", Kind.WRONG_ASSERTION),
            Map.entry("AADSTS50013", Kind.WRONG_ASSERTION),
            Map.entry("AADSTS50027", Kind.WRONG_ASSERTION),
            Map.entry("AADSTS700016", Kind.UNKNOWN_CLIENT),
            Map.entry("AADSTS90002", Kind.UNKNOWN_TENANT),
            Map.entry("AADSTS900023", Kind.UNKNOWN_TENANT),
            Map.entry("AADSTS500011", Kind.UNKNOWN_RESOURCE),
            Map.entry("AADSTS70011", Kind.UNKNOWN_RESOURCE),
            Map.entry("AADSTS53003", Kind.BLOCKED_BY_POLICY),
            Map.entry("AADSTS90033", Kind.TRANSIENT),
            Map.entry("AADSTS90055", Kind.TRANSIENT));

    private final Clock clock;

    /** @param clock what a date in Retry-After is counted from */
    MsalFailures(Clock clock) {
        this.clock = clock;
    }

    /** What MSAL4J does not even build an application of: no tenant, no secret, no address. */
    AuthenticationException unusable(Exception refused) {
        return new AuthenticationException(Kind.REFUSED, null, textOf(refused), null, null, null);
    }

    /** @param failure what a future of MSAL4J failed with */
    AuthenticationException translate(Throwable failure) {
        Throwable bare = Futures.unwrap(failure);
        for (Throwable t = bare; t != null; t = t.getCause()) {
            if (t instanceof AuthenticationException ours) {
                return ours; // of MsalTransport
            }
        }
        if (bare instanceof MsalThrottlingException throttled) {
            Duration wait = Duration.ofMillis(Math.max(0, throttled.retryInMs()));
            return new AuthenticationException(
                    Kind.TRANSIENT, throttled.errorCode(), textOf(throttled), wait, null, null);
        }
        if (bare instanceof MsalServiceException refusal) {
            return translate(refusal);
        }
        if (bare instanceof MsalException broken) {
            Kind kind = kindOf(broken);
            return new AuthenticationException(kind, broken.errorCode(), textOf(broken), null, null, null);
        }
        // a failure in the midst of reading, whose words may quote what was read
        String text = "the token request failed (" + bare.getClass().getSimpleName() + ")";
        return new AuthenticationException(Kind.TRANSIENT, null, text, null, null, null);
    }

    private AuthenticationException translate(MsalServiceException refusal) {
        Matcher aadsts = AADSTS.matcher(String.valueOf(refusal.getMessage()));
        String code = aadsts.find() ? aadsts.group() : PlainText.line(refusal.errorCode(), 100);
        return new AuthenticationException(
                kindOf(refusal, code),
                code.isEmpty() ? null : code,
                textOf(refusal),
                retryAfter(refusal.headers()),
                refusal.correlationId() == null ? null : PlainText.line(refusal.correlationId(), 100),
                null);
    }

    private static Kind kindOf(MsalServiceException refusal, String code) {
        int status = refusal.statusCode() == null ? 0 : refusal.statusCode();
        boolean busy = status == 408 || status == 429 || status >= 500;
        if (busy || "temporarily_unavailable".equals(refusal.errorCode())) {
            return Kind.TRANSIENT;
        }
        boolean nonsense = AuthenticationErrorCode.INVALID_JSON.equals(refusal.errorCode())
                || AuthenticationErrorCode.UNKNOWN.equals(refusal.errorCode());
        return nonsense ? Kind.TRANSIENT : KINDS.getOrDefault(code, Kind.REFUSED);
    }

    /** What MSAL4J refuses by itself is our configuration's fault; what it chokes on is the answer's. */
    private static Kind kindOf(MsalException broken) {
        boolean refused = broken instanceof MsalClientException
                && broken.errorCode() != null
                && !broken.errorCode().equals(AuthenticationErrorCode.INVALID_JSON);
        return refused ? Kind.REFUSED : Kind.TRANSIENT;
    }

    private static String textOf(Throwable failure) {
        String text = PlainText.firstLine(failure.getMessage(), LONGEST_TEXT);
        return text.isEmpty() ? failure.getClass().getSimpleName() : text;
    }

    private Duration retryAfter(Map<String, List<String>> headers) {
        if (headers == null) {
            return null;
        }
        return RetryAfter.in(HttpHeaders.of(headers, (name, value) -> true), clock)
                .orElse(null);
    }
}
