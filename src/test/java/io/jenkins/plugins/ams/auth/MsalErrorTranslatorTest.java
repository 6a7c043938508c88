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
import io.jenkins.plugins.ams.http.PlainText;
import io.jenkins.plugins.ams.testing.ManualClock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import org.junit.Test;

public class MsalErrorTranslatorTest {

    private static final ClientCredential SECRET = new ClientSecret("s");
    private static final ClientCredential CERTIFICATE = new ClientCertificate("c", () -> null, () -> null);
    private static final ClientCredential ASSERTION = new ClientAssertion("a", () -> null);

    private MsalErrorTranslator translator = new MsalErrorTranslator(new ManualClock(), SECRET);

    @Test
    public void mapsCodesToKinds() {
        for (ClientCredential credential : Arrays.asList(SECRET, CERTIFICATE, ASSERTION, null)) {
            translator = new MsalErrorTranslator(new ManualClock(), credential);
            assertKind(Kind.UNKNOWN_CLIENT, "700016", "700011", "70001");
            assertKind(Kind.UNKNOWN_TENANT, "90002", "900023");
            assertKind(Kind.UNKNOWN_RESOURCE, "500011", "50001", "70011");
            assertKind(Kind.BLOCKED_BY_POLICY, "53000", "53001", "53002", "53003", "530032", "530035", "50131");
            assertKind(Kind.TRANSIENT, "90033", "90055", "90024", "50196", "501661", "501621", "50033", "90006");
            assertKind(Kind.TRANSIENT, "90012", "90090", "90091");
            assertKind(Kind.REJECTED, "7000112", "90020", "90036", "90092");
        }
    }

    @Test
    public void mapsCodesByCredentialType() {
        assertKind(Kind.WRONG_SECRET, "7000215", "70002", "50012");
        assertKind(Kind.EXPIRED_SECRET, "7000222");
        translator = new MsalErrorTranslator(new ManualClock(), CERTIFICATE);
        assertKind(Kind.WRONG_CERTIFICATE, "700027", "50012", "70002", "7000215", "50013", "50027", "700030");
        assertKind(Kind.EXPIRED_CERTIFICATE, "7000222");
        assertKind(Kind.WRONG_CLOCK, "700024");
        translator = new MsalErrorTranslator(new ManualClock(), ASSERTION);
        assertKind(Kind.WRONG_ASSERTION, "70021", "700211", "700212", "700213", "7002137", "7002138", "50013", "50027");
        assertKind(Kind.WRONG_ASSERTION, "700027", "50012");
        assertKind(Kind.EXPIRED_ASSERTION, "700024", "500133");
        translator = new MsalErrorTranslator(new ManualClock(), null);
        assertKind(Kind.REJECTED, "7000215", "700027");
    }

    @Test
    public void mapsReasonsInTheText() {
        String expired = ": Client assertion failed. [Reason - The key used is expired., Thumbprint: 'B2']";
        String other = ": Client assertion failed. [Reason - The key was not found., Thumbprint: 'B2']";
        assertKinds(SECRET, expired, Kind.EXPIRED_SECRET, other, Kind.WRONG_SECRET);
        assertKinds(CERTIFICATE, expired, Kind.EXPIRED_CERTIFICATE, other, Kind.WRONG_CERTIFICATE);
        assertKinds(ASSERTION, expired, Kind.EXPIRED_ASSERTION, other, Kind.WRONG_ASSERTION);
    }

    private void assertKinds(ClientCredential credential, String text, Kind kind, String otherText, Kind otherKind) {
        translator = new MsalErrorTranslator(new ManualClock(), credential);
        for (String code : List.of("AADSTS700027", "AADSTS50012", "AADSTS50013")) {
            assertEquals(
                    code,
                    kind,
                    translated(new MsalServiceException(code + text, "invalid_client"))
                            .kind());
            assertEquals(
                    code,
                    otherKind,
                    translated(new MsalServiceException(code + otherText, "invalid_client"))
                            .kind());
        }
    }

    private void assertKind(Kind kind, String... numbers) {
        for (String number : numbers) {
            AuthenticationException e =
                    translated(new MsalServiceException("AADSTS" + number + ": No.", "invalid_client"));
            assertEquals(number, kind, e.kind());
            assertEquals(Optional.of("AADSTS" + number), e.code());
        }
    }

    @Test
    public void usesTheOAuthErrorWithoutACode() {
        AuthenticationException e = translated(new MsalServiceException("No.", "invalid_client"));
        assertEquals(Kind.REJECTED, e.kind());
        assertEquals(Optional.of("invalid_client"), e.code());
        assertEquals(
                Kind.TRANSIENT,
                translated(new MsalServiceException("No.", "temporarily_unavailable"))
                        .kind());
    }

    @Test
    public void keepsOnlyTheFirstLine() {
        AuthenticationException e = translated(new MsalServiceException(
                "AADSTS7000215: Invalid\u001b[31m secret.\r\nTrace ID: 1\r\nCorrelation ID: 2", "invalid_client"));
        assertEquals("AADSTS7000215: Invalid [31m secret.", e.getMessage());
        AuthenticationException onOneLine = translated(new MsalServiceException(
                "AADSTS7002131: No record for audience 'x'. https://aka.ms/wif Trace ID: 1 Correlation ID: 2 Timestamp: 3",
                "invalid_client"));
        assertEquals("AADSTS7002131: No record for audience 'x'. https://aka.ms/wif", onOneLine.getMessage());
        assertEquals(
                PlainText.MAX_ERROR_LENGTH + 1,
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
    public void mapsThrottlingToRetryAfter() {
        AuthenticationException e = translated(new MsalThrottlingException(4500));
        assertEquals(Kind.TRANSIENT, e.kind());
        assertEquals(Optional.of(Duration.ofMillis(4500)), e.retryAfter());
    }

    @Test
    public void treatsInvalidErrorsAsTransient() {
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
    public void treatsMsal4jRejectionsAsFinal() {
        AuthenticationException e = translator.unusable(new IllegalArgumentException("clientId is null"));
        assertEquals(Kind.REJECTED, e.kind());
        assertEquals("clientId is null", e.getMessage());
        assertEquals(
                Kind.REJECTED,
                translated(new MsalClientException("bad", "invalid_endpoint_uri"))
                        .kind());
    }

    @Test
    public void passesOnTransportErrors() {
        AuthenticationException e = AuthenticationException.of(Kind.TRANSIENT, "no response");
        assertSame(e, translated(new MsalClientException(e)));
    }

    private AuthenticationException translated(Throwable failure) {
        return translator.translate(new CompletionException(failure));
    }
}
