/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertSame;

import com.microsoft.aad.msal4j.MsalClientException;
import com.microsoft.aad.msal4j.MsalServiceException;
import com.microsoft.aad.msal4j.MsalThrottlingException;
import io.jenkins.plugins.ams.auth.AuthenticationException.Kind;
import io.jenkins.plugins.ams.testing.ManualClock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import org.junit.Test;

public class MsalFailuresTest {

    private final MsalFailures failures = new MsalFailures(new ManualClock(), new ClientSecret("s"));

    @Test
    public void knowsTheCodesThatAdviceDependsOn() {
        Map.ofEntries(
                        Map.entry("7000215", Kind.WRONG_SECRET),
                        Map.entry("70002", Kind.WRONG_SECRET),
                        Map.entry("50012", Kind.WRONG_SECRET),
                        Map.entry("7000222", Kind.EXPIRED_SECRET),
                        Map.entry("700016", Kind.UNKNOWN_CLIENT),
                        Map.entry("90002", Kind.UNKNOWN_TENANT),
                        Map.entry("900023", Kind.UNKNOWN_TENANT),
                        Map.entry("500011", Kind.UNKNOWN_RESOURCE),
                        Map.entry("70011", Kind.UNKNOWN_RESOURCE),
                        Map.entry("53003", Kind.BLOCKED_BY_POLICY),
                        Map.entry("90033", Kind.TRANSIENT),
                        Map.entry("90055", Kind.TRANSIENT),
                        Map.entry("700027", Kind.WRONG_CERTIFICATE),
                        Map.entry("70021", Kind.WRONG_ASSERTION),
                        Map.entry("700211", Kind.WRONG_ASSERTION),
                        Map.entry("700212", Kind.WRONG_ASSERTION),
                        Map.entry("700213", Kind.WRONG_ASSERTION),
                        Map.entry("7002137", Kind.WRONG_ASSERTION),
                        Map.entry("7002138", Kind.WRONG_ASSERTION),
                        Map.entry("700024", Kind.WRONG_ASSERTION),
                        Map.entry("50013", Kind.WRONG_ASSERTION),
                        Map.entry("50027", Kind.WRONG_ASSERTION),
                        Map.entry("7000112", Kind.REFUSED))
                .forEach((number, kind) -> {
                    AuthenticationException e =
                            translated(new MsalServiceException("AADSTS" + number + ": No.", "invalid_client"));
                    assertEquals(number, kind, e.kind());
                    assertEquals(Optional.of("AADSTS" + number), e.code());
                });
    }

    @Test
    public void takesTheOAuthErrorWhereThereIsNoCode() {
        AuthenticationException e = translated(new MsalServiceException("No.", "invalid_client"));
        assertEquals(Kind.REFUSED, e.kind());
        assertEquals(Optional.of("invalid_client"), e.code());
        assertEquals(
                Kind.TRANSIENT,
                translated(new MsalServiceException("No.", "temporarily_unavailable"))
                        .kind());
    }

    @Test
    public void keepsTheFirstLineOfTheTextAlone() {
        AuthenticationException e = translated(new MsalServiceException(
                "AADSTS7000215: Invalid\u001b[31m secret.\r\nTrace ID: 1\r\nCorrelation ID: 2", "invalid_client"));
        assertEquals("AADSTS7000215: Invalid [31m secret.", e.getMessage());
        assertEquals(
                301,
                translated(new MsalServiceException("x".repeat(5000), "e"))
                        .getMessage()
                        .length());
        AuthenticationException silent = translated(new MsalServiceException((String) null, (String) null));
        assertEquals("MsalServiceException", silent.getMessage());
        assertFalse(silent.code().isPresent());
    }

    @Test
    public void keepsNoExceptionOfMsal4j() {
        assertNull(translated(new MsalServiceException("No.", "invalid_client")).getCause());
        assertNull(translated(new MsalClientException("No.", "invalid_json")).getCause());
    }

    @Test
    public void takesThrottlingAsARetryAfter() {
        AuthenticationException e = translated(new MsalThrottlingException(4500));
        assertEquals(Kind.TRANSIENT, e.kind());
        assertEquals(Optional.of(Duration.ofMillis(4500)), e.retryAfter());
    }

    @Test
    public void takesNonsenseAsTransient() {
        assertEquals(
                Kind.TRANSIENT,
                translated(new MsalServiceException("?", "invalid_json")).kind());
        assertEquals(
                Kind.TRANSIENT,
                translated(new MsalServiceException("?", "unknown")).kind());
        assertEquals(
                Kind.TRANSIENT,
                translated(new MsalClientException("?", "invalid_json")).kind());
        assertEquals(
                Kind.TRANSIENT,
                translated(new MsalClientException(new IllegalStateException("?")))
                        .kind());
        assertEquals(Kind.TRANSIENT, translated(new NullPointerException()).kind());
        assertEquals(
                Kind.TRANSIENT,
                translated(new RejectedExecutionException("full")).kind());
    }

    @Test
    public void takesWhatMsal4jRefusesByItselfAsRefused() {
        AuthenticationException e = failures.unusable(new IllegalArgumentException("clientId is null"));
        assertEquals(Kind.REFUSED, e.kind());
        assertEquals("clientId is null", e.getMessage());
        assertEquals(
                Kind.REFUSED,
                translated(new MsalClientException("bad", "invalid_endpoint_uri"))
                        .kind());
    }

    @Test
    public void handsOnWhatTheTransportSaid() {
        AuthenticationException e = new AuthenticationException(Kind.TRANSIENT, null, "no answer", null, null, null);
        assertSame(e, translated(new MsalClientException(e)));
    }

    private AuthenticationException translated(Throwable failure) {
        return failures.translate(new CompletionException(failure));
    }
}
