/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.auth.AuthenticationException;
import io.jenkins.plugins.ams.http.AmsException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Predicate;
import org.junit.Test;

/** What each error is evidence of. */
public class ErrorEvidenceTest {

    @Test
    public void knowsTransientErrors() {
        Set<ServiceException.Kind> passing = EnumSet.of(
                ServiceException.Kind.NO_RESPONSE,
                ServiceException.Kind.UNAVAILABLE,
                ServiceException.Kind.INVALID_RESPONSE,
                ServiceException.Kind.GATEWAY);
        for (ServiceException.Kind kind : ServiceException.Kind.values()) {
            assertEquals(
                    kind.toString(),
                    passing.contains(kind),
                    service(kind, 0, null).isTransient());
        }
        Set<AuthenticationException.Kind> passingAtTokens = EnumSet.of(
                AuthenticationException.Kind.TRANSIENT,
                AuthenticationException.Kind.TRANSIENT_OF_SERVICE,
                AuthenticationException.Kind.CREDENTIALS_UNAVAILABLE);
        for (AuthenticationException.Kind kind : AuthenticationException.Kind.values()) {
            assertEquals(
                    kind.toString(),
                    passingAtTokens.contains(kind),
                    authority(kind, null).isTransient());
        }
        assertFalse(
                "an unexpected exception",
                AmsException.of(new IllegalStateException()).isTransient());
    }

    @Test
    public void recognizesCredentialErrors() {
        Set<ServiceException.Kind> rejections =
                EnumSet.of(ServiceException.Kind.UNAUTHORIZED, ServiceException.Kind.FORBIDDEN);
        for (ServiceException.Kind kind : ServiceException.Kind.values()) {
            assertEquals(
                    kind.toString(),
                    rejections.contains(kind),
                    service(kind, 0, null).concernsCredentials());
        }
        assertTrue(authority(AuthenticationException.Kind.EXPIRED_SECRET, null).concernsCredentials());
        assertFalse(AmsException.of(new IllegalStateException()).concernsCredentials());
    }

    @Test
    public void distinguishesServiceErrorsFromJobErrors() {
        assertTrue(concernsConnection(ServiceException.Kind.UNAVAILABLE, 503, null));
        assertTrue(concernsConnection(ServiceException.Kind.UNAVAILABLE, 429, null));
        assertTrue(concernsConnection(ServiceException.Kind.NO_RESPONSE, 0, null));
        assertTrue(
                "the response has a Retry-After header",
                concernsConnection(ServiceException.Kind.UNAVAILABLE, 500, Duration.ofSeconds(5)));
        assertFalse(concernsConnection(ServiceException.Kind.UNAVAILABLE, 500, null));
        assertFalse(concernsConnection(ServiceException.Kind.INVALID_RESPONSE, 200, null));
        assertTrue(authority(AuthenticationException.Kind.TRANSIENT, null).concernsAccount());
    }

    @Test
    public void aControllerWithoutThreadsIsNoErrorOfTheService() {
        for (Throwable thrown : List.of(
                new OutOfMemoryError("unable to create native thread"),
                new IllegalStateException(new RejectedExecutionException("full")))) {
            AmsException lack = AmsException.of(thrown);
            assertTrue(lack.isTransient());
            assertTrue(lack.isOfController());
            assertFalse(lack.isRejection());
            assertFalse(lack.isNetworkError());
            assertTrue("a single error must not delay all waits", lack.mayBeIsolated());
        }
        assertFalse(service(ServiceException.Kind.UNAVAILABLE, 503, null).isOfController());
    }

    @Test
    public void recognizesErrorsNotFromTheService() {
        Set<ServiceException.Kind> others = EnumSet.of(
                ServiceException.Kind.NO_RESPONSE,
                ServiceException.Kind.INVALID_RESPONSE,
                ServiceException.Kind.GATEWAY);
        for (ServiceException.Kind kind : ServiceException.Kind.values()) {
            assertEquals(others.contains(kind), service(kind, 0, null).isNetworkError());
        }
        assertFalse(
                "the authority responded",
                authority(AuthenticationException.Kind.TRANSIENT, null).isNetworkError());
        assertTrue(AuthenticationException.causedBy(
                        AuthenticationException.Kind.TRANSIENT, "no response", new ConnectException())
                .isNetworkError());
    }

    @Test
    public void honorsRetryAfterOfAGateway() {
        for (int status : new int[] {502, 504}) {
            assertTrue(service(ServiceException.Kind.UNAVAILABLE, status, null).mayBeIsolated());
            assertFalse(service(ServiceException.Kind.UNAVAILABLE, status, Duration.ofSeconds(40))
                    .mayBeIsolated());
        }
    }

    @Test
    public void knowsWhatAPollMayContradict() {
        assertKinds(
                EnumSet.of(ServiceException.Kind.NOT_FOUND, ServiceException.Kind.UNAUTHORIZED),
                AmsException::mayBeOfReplica);
        assertKinds(
                EnumSet.of(ServiceException.Kind.NO_RESPONSE, ServiceException.Kind.INVALID_RESPONSE),
                AmsException::mayHaveBeenCarriedOut);
    }

    @Test
    public void knowsWhatSuggestsAWrongAddress() {
        assertKinds(
                EnumSet.of(
                        ServiceException.Kind.NOT_FOUND,
                        ServiceException.Kind.INVALID_RESPONSE,
                        ServiceException.Kind.GATEWAY),
                AmsException::suggestsWrongAddress);
    }

    @Test
    public void translatesUnexpectedExceptions() {
        ServiceException busy = service(ServiceException.Kind.UNAVAILABLE, 503, null);
        assertSame(busy, AmsException.of(new CompletionException(new ExecutionException(busy))));
        IllegalStateException defect = new IllegalStateException("a defect");
        AmsException translated = AmsException.of(new CompletionException(defect));
        assertSame(defect, translated.getCause());
        assertEquals("a defect", translated.getMessage());
        assertEquals(
                "java.lang.NoClassDefFoundError: a/Type",
                AmsException.of(new NoClassDefFoundError("a/Type")).getMessage());
        assertEquals(
                "NullPointerException",
                AmsException.of(new NullPointerException()).getMessage());
        assertFalse(translated.isRejection());
        assertFalse(translated.concernsAccount());
    }

    @Test
    public void keepsWhatTheResponseSaid() {
        AmsException.Context context = new AmsException.Context("Code", Duration.ofSeconds(7), "4711");
        ServiceException copy = ServiceException.of(ServiceException.Kind.NOT_FOUND, 404, "words", context)
                .withKind(ServiceException.Kind.ACCOUNT_NOT_FOUND)
                .withSecretText();
        assertEquals(ServiceException.Kind.ACCOUNT_NOT_FOUND, copy.kind());
        assertEquals(404, copy.status());
        assertEquals("words", copy.getMessage());
        assertEquals("Code", copy.code().orElseThrow());
        assertEquals(Duration.ofSeconds(7), copy.retryAfter().orElseThrow());
        assertEquals("4711", copy.requestId().orElseThrow());
        assertTrue(copy.isOfSecretText());
        assertTrue(AmsException.Context.NONE.withCode("").equals(AmsException.Context.NONE));
    }

    private static void assertKinds(Set<ServiceException.Kind> expected, Predicate<AmsException> evidence) {
        for (ServiceException.Kind kind : ServiceException.Kind.values()) {
            assertEquals(kind.toString(), expected.contains(kind), evidence.test(service(kind, 0, null)));
        }
        assertFalse(evidence.test(authority(AuthenticationException.Kind.REJECTED, null)));
        assertFalse(evidence.test(AmsException.of(new IllegalStateException())));
    }

    private static boolean concernsConnection(ServiceException.Kind kind, int status, Duration retryAfter) {
        return service(kind, status, retryAfter).concernsAccount();
    }

    private static ServiceException service(ServiceException.Kind kind, int status, Duration retryAfter) {
        return ServiceException.of(kind, status, "words", new AmsException.Context(null, retryAfter, null));
    }

    private static AuthenticationException authority(AuthenticationException.Kind kind, Duration retryAfter) {
        return AuthenticationException.of(kind, "words", new AmsException.Context("AADSTS99", retryAfter, null));
    }
}
