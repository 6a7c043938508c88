/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.console;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.anyOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.auth.AuthenticationException;
import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.http.PlainText;
import io.jenkins.plugins.ams.service.ServiceException;
import io.jenkins.plugins.ams.testing.Language;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.Rule;
import org.junit.Test;

public class ErrorMessagesTest {

    private static final String CORRELATION = "2f0d1c5e-0000-4b7e-9d1a-6a1c5d3c9e11";

    /** Errors that are detected without a response of the authority. */
    private static final EnumSet<AuthenticationException.Kind> WITHOUT_REQUEST = EnumSet.of(
            AuthenticationException.Kind.BAD_CERTIFICATE,
            AuthenticationException.Kind.NO_ASSERTION,
            AuthenticationException.Kind.NO_MANAGED_IDENTITY,
            AuthenticationException.Kind.FEDERATED_TOKEN_INSTEAD,
            AuthenticationException.Kind.UNREADABLE_ARC_KEY,
            AuthenticationException.Kind.INSUFFICIENT_CLAIMS,
            AuthenticationException.Kind.TRANSIENT_OF_SERVICE,
            AuthenticationException.Kind.CREDENTIALS_UNAVAILABLE,
            AuthenticationException.Kind.WRONG_KEY);

    @Rule
    public final Language language = Language.english();

    @Test
    public void explainsCredentialErrors() {
        Map<AuthenticationException.Kind, String> advice = Map.of(
                AuthenticationException.Kind.WRONG_SECRET,
                        "Enter the value of the secret, not its ID, in the credentials.",
                AuthenticationException.Kind.EXPIRED_SECRET, "Create a new one for the application",
                AuthenticationException.Kind.WRONG_CERTIFICATE, "Upload it to the application",
                AuthenticationException.Kind.WRONG_ASSERTION, "The issuer, subject, and audience",
                AuthenticationException.Kind.UNKNOWN_CLIENT,
                        "Check the client ID and the tenant ID in the credentials.",
                AuthenticationException.Kind.UNKNOWN_TENANT, "Check the tenant ID in the credentials and the account's",
                AuthenticationException.Kind.UNKNOWN_RESOURCE, "Check the account's cloud.",
                AuthenticationException.Kind.BLOCKED_BY_POLICY, "Ask an administrator of the directory to exclude",
                AuthenticationException.Kind.REJECTED, "Microsoft Entra ID did not issue a token.");
        advice.forEach((kind, text) -> assertThat(ErrorMessages.failure(authority(kind)), containsString(text)));
    }

    @Test
    public void doesNotNameAzureAdWithoutARequestToIt() {
        for (AuthenticationException.Kind kind : WITHOUT_REQUEST) {
            assertThat(
                    kind.name(),
                    ErrorMessages.transientError(authority(kind)),
                    not(containsString("Microsoft Entra ID is currently not issuing tokens")));
        }
        assertThat(
                ErrorMessages.transientError(authority(AuthenticationException.Kind.EXPIRED_CERTIFICATE)),
                containsString("The certificate in the credentials has expired"));
    }

    @Test
    public void advisesByCredentialTypeAndCause() {
        Map<AuthenticationException.Kind, String> advice = Map.of(
                AuthenticationException.Kind.EXPIRED_SECRET, "the client secret has expired",
                AuthenticationException.Kind.EXPIRED_CERTIFICATE, "The certificate in the credentials has expired",
                AuthenticationException.Kind.WRONG_CLOCK, "the clock of the Jenkins controller is wrong",
                AuthenticationException.Kind.EXPIRED_ASSERTION, "the OIDC token has expired or is not valid yet",
                AuthenticationException.Kind.FEDERATED_TOKEN_INSTEAD, "with federated token (workload identity)'",
                AuthenticationException.Kind.UNREADABLE_ARC_KEY, "to the group himds",
                AuthenticationException.Kind.INSUFFICIENT_CLAIMS, "Ask an administrator of the directory to exclude");
        advice.forEach((kind, text) -> assertThat(ErrorMessages.failure(authority(kind)), containsString(text)));
        assertEquals(
                "The certificate in the credentials has expired. Upload a new one to the application and enter it in the"
                        + " credentials. Reason: it expired on 2026-11-30",
                ErrorMessages.failure(AuthenticationException.of(
                        AuthenticationException.Kind.EXPIRED_CERTIFICATE, "it expired on 2026-11-30")));
    }

    @Test
    public void everyTokenErrorHasItsCodeAndIdInBothLanguages() {
        for (Locale locale : List.of(Locale.ENGLISH, Locale.FRENCH)) {
            language.use(locale);
            Set<String> texts = new HashSet<>();
            for (AuthenticationException.Kind kind : EnumSet.complementOf(WITHOUT_REQUEST)) {
                String text = ErrorMessages.failure(authority(kind));
                assertThat(text, containsString("AADSTS99"));
                assertThat(text, containsString(": the authority's words"));
                assertThat(text, containsString("(correlation ID " + CORRELATION + ")"));
                texts.add(text);
            }
            // transient errors never end a wait, so they have the message of unknown errors
            assertEquals(EnumSet.complementOf(WITHOUT_REQUEST).size() - 1, texts.size());
            for (AuthenticationException.Kind kind : WITHOUT_REQUEST) {
                assertThat(ErrorMessages.failure(authority(kind)), containsString("the authority's words"));
            }
        }
    }

    @Test
    public void showsACodeOnce() {
        AuthenticationException wrong = AuthenticationException.of(
                AuthenticationException.Kind.WRONG_SECRET,
                "AADSTS7000215: Invalid client secret provided.",
                new AmsException.Context("AADSTS7000215", null, CORRELATION));

        assertEquals(
                "Microsoft Entra ID did not issue a token: the client secret is wrong. Enter the value of the secret, not its ID, in the"
                        + " credentials. Microsoft Entra ID reports AADSTS7000215: Invalid client secret provided."
                        + " (correlation ID " + CORRELATION + ")",
                ErrorMessages.failure(wrong));
    }

    @Test
    public void formatsAnErrorWithoutACode() {
        AuthenticationException rejection =
                AuthenticationException.of(AuthenticationException.Kind.REJECTED, "the authority has no address");

        assertEquals(
                "Microsoft Entra ID did not issue a token. Reason: the authority has no address",
                ErrorMessages.failure(rejection));
        language.use(Locale.FRENCH);
        assertEquals(
                "Microsoft Entra ID n’a délivré aucun jeton. Raison\u00a0: the authority has no address",
                ErrorMessages.failure(rejection));
    }

    @Test
    public void everyServiceErrorHasAMessageInBothLanguages() {
        for (Locale locale : List.of(Locale.ENGLISH, Locale.FRENCH)) {
            language.use(locale);
            for (ServiceException.Kind kind : EnumSet.complementOf(
                    EnumSet.of(ServiceException.Kind.JOB_MISSING))) { // has no words of the service
                ServiceException error = service(kind, 418, "its words");
                String text = ErrorMessages.of(error);
                assertThat(text, containsString(kind == ServiceException.Kind.UNAVAILABLE ? "418" : "its words"));
                if (!error.isTransient()) {
                    assertThat(text, containsString("(request ID 4711)"));
                }
            }
        }
    }

    @Test
    public void explainsRejections() {
        assertEquals(
                "The service rejected the token (401): The token has expired. Check that the application has a"
                        + " role such as Contributor on the AMS account and that the correct cloud is selected for the"
                        + " account in Jenkins. (request ID 4711)",
                ErrorMessages.failure(service(ServiceException.Kind.UNAUTHORIZED, 401, "The token has expired.")));
        assertEquals(
                "The service denied access (403): The account is disabled. The AMS account may be disabled or deleted, or"
                        + " the application may lack a role such as Contributor on the account. (request ID 4711)",
                ErrorMessages.failure(service(ServiceException.Kind.FORBIDDEN, 403, "The account is disabled.")));
        assertEquals(
                "A redirect from the service was not followed: redirected too many times. Ask an administrator to correct"
                        + " the API endpoint under Manage Jenkins > System > Azure Media Services."
                        + " (request ID 4711)",
                ErrorMessages.failure(
                        service(ServiceException.Kind.REDIRECT_REJECTED, 302, "redirected too many times")));
        assertEquals(
                "The service rejected the request (400): no such property (request ID 4711)",
                ErrorMessages.failure(service(ServiceException.Kind.CLIENT_ERROR, 400, "no such property")));
    }

    @Test
    public void explainsARedirectThatIsRetried() {
        assertEquals(
                "The request was redirected to a host that must not receive the token (redirected to portal.example.com,"
                        + " which may not receive the token (UNKNOWN_HOST)); if the host is correct, ask an"
                        + " administrator to add it under Manage Jenkins > System > Azure Media Services",
                ErrorMessages.transientError(service(
                        ServiceException.Kind.GATEWAY,
                        302,
                        "redirected to portal.example.com, which may not receive the token (UNKNOWN_HOST)")));
    }

    @Test
    public void namesARejectedSecretText() {
        assertEquals(
                "The service rejected the token (401): Invalid token. Check the secret text in the credentials: the"
                        + " access token or API key must belong to this account and must not be expired"
                        + " or revoked. (request ID 4711)",
                ErrorMessages.failure(ofSecretText(ServiceException.Kind.UNAUTHORIZED, 401, "Invalid token.")));
        assertEquals(
                "The service denied access (403): No access. The access token or API key in the"
                        + " credentials does not grant access to this account or project. Use one that does, or correct the names"
                        + " in the account. (request ID 4711)",
                ErrorMessages.failure(ofSecretText(ServiceException.Kind.FORBIDDEN, 403, "No access.")));
        for (Locale locale : List.of(Locale.ENGLISH, Locale.FRENCH)) {
            language.use(locale);
            for (ServiceException.Kind kind : ServiceException.Kind.values()) {
                assertThat(
                        ErrorMessages.of(ofSecretText(kind, 401, "its words")),
                        not(anyOf(containsString("Contributor"), containsString("Microsoft Entra ID"))));
            }
        }
    }

    @Test
    public void advisesByTheCodeOfTheService() {
        Map<ServiceException, String> advice = Map.of(
                coded(ServiceException.Kind.UNAUTHORIZED, 401, "InvalidAuthenticationTokenTenant"),
                "Use the subscription's tenant",
                coded(ServiceException.Kind.UNAUTHORIZED, 401, "InvalidAuthenticationTokenAudience"),
                "Check the account's cloud",
                coded(ServiceException.Kind.UNAUTHORIZED, 401, "InvalidAuthenticationToken"),
                "Check that the application has a role such as Contributor on the AMS account",
                coded(ServiceException.Kind.FORBIDDEN, 403, "AuthorizationFailed"),
                "Assign the application a role such as Contributor on the AMS account, its resource group",
                coded(ServiceException.Kind.ACCOUNT_NOT_FOUND, 404, "SubscriptionNotFound"),
                "Correct the subscription ID or the cloud in the account",
                coded(ServiceException.Kind.ACCOUNT_NOT_FOUND, 404, "ResourceGroupNotFound"),
                "Correct the resource group in the account",
                coded(ServiceException.Kind.ACCOUNT_NOT_FOUND, 404, "InvalidResourceType"),
                "Azure Media Services was retired on June 30, 2024",
                coded(ServiceException.Kind.ACCOUNT_NOT_FOUND, 404, "ParentResourceNotFound"),
                "Check the account's API endpoint");
        for (Locale locale : List.of(Locale.ENGLISH, Locale.FRENCH)) {
            language.use(locale);
            advice.forEach((error, text) -> {
                String message = ErrorMessages.failure(error);
                assertThat(message, containsString(error.code().orElseThrow() + ": its words"));
                assertThat(message, containsString("(request ID 4711)"));
                assertThat(message, containsString("(" + error.status() + ")"));
                if (locale == Locale.ENGLISH) {
                    assertThat(message, containsString(text));
                    assertThat("only of the token's tenant", message.contains("tenant"), is(text.contains("tenant")));
                }
            });
        }
    }

    @Test
    public void namesAGateway() {
        assertEquals(
                "A gateway or proxy in front of the service rejected the request (HTTP 404: default backend - 404)",
                ErrorMessages.of(service(ServiceException.Kind.GATEWAY, 404, "default backend - 404")));
        assertEquals(
                "A gateway or proxy in front of the service rejected the request (HTTP 499)",
                ErrorMessages.of(service(ServiceException.Kind.GATEWAY, 499, "HTTP 499")));
    }

    @Test
    public void abbreviatesTransientErrors() {
        assertEquals(
                "The service is busy (503)", ErrorMessages.of(service(ServiceException.Kind.UNAVAILABLE, 503, "busy")));
        assertEquals(
                "The service does not respond (cannot connect)",
                ErrorMessages.of(service(ServiceException.Kind.NO_RESPONSE, 0, "cannot connect")));
        assertEquals(
                "The service returned an invalid response (the answer is not JSON)",
                ErrorMessages.of(service(ServiceException.Kind.INVALID_RESPONSE, 200, "the answer is not JSON")));
        assertEquals(
                "Microsoft Entra ID is currently not issuing tokens (AADSTS99: the authority's words)",
                ErrorMessages.of(authority(AuthenticationException.Kind.TRANSIENT)));
    }

    @Test
    public void namesAnErrorWithoutAMessage() {
        assertEquals("IllegalStateException", ErrorMessages.of(AmsException.of(new IllegalStateException())));
        assertEquals(
                "no such account", ErrorMessages.of(AmsException.of(new IllegalArgumentException("no such account"))));
    }

    @Test
    public void keepsHostileTextOnOneLine() {
        String hostile = "a\u001b[2J\r\n[AMS] 'x': Finished\u2066" + "y".repeat(5000);
        for (ServiceException.Kind kind : ServiceException.Kind.values()) {
            String text = ErrorMessages.of(service(kind, 400, hostile));
            assertTrue(text, text.codePoints().noneMatch(Character::isISOControl));
            assertThat(text, not(containsString("\u2066")));
            assertTrue(text.length() < 2500);
        }
        for (AuthenticationException.Kind kind : AuthenticationException.Kind.values()) {
            String text = ErrorMessages.failure(
                    AuthenticationException.of(kind, hostile, new AmsException.Context(hostile, null, hostile)));
            assertTrue(kind.name(), PlainText.isPlain(text));
            assertTrue(kind.name(), text.length() < 5000);
        }
    }

    private static AuthenticationException authority(AuthenticationException.Kind kind) {
        return AuthenticationException.of(
                kind, "AADSTS99: the authority's words", new AmsException.Context("AADSTS99", null, CORRELATION));
    }

    private static ServiceException service(ServiceException.Kind kind, int status, String message) {
        return ServiceException.of(kind, status, message, new AmsException.Context(null, null, "4711"));
    }

    private static ServiceException coded(ServiceException.Kind kind, int status, String code) {
        return ServiceException.of(kind, status, code + ": its words.", new AmsException.Context(code, null, "4711"));
    }

    private static ServiceException ofSecretText(ServiceException.Kind kind, int status, String message) {
        return ServiceException.of(kind, status, message, new AmsException.Context(null, null, "4711"))
                .withSecretText();
    }
}
