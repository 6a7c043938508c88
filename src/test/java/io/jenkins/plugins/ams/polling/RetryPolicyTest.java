/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.auth.AuthenticationException;
import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.service.ServiceException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.junit.Test;

public class RetryPolicyTest {

    @Test
    public void retriesTransientErrors() {
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
    public void retriesARejectionForAQuarterOfTheJobsAge() {
        assertEquals(Duration.ofMinutes(10), RetryPolicy.rejectionPeriod(Duration.ZERO));
        assertEquals(Duration.ofMinutes(10), RetryPolicy.rejectionPeriod(Duration.ofMinutes(39)));
        assertEquals(Duration.ofMinutes(30), RetryPolicy.rejectionPeriod(Duration.ofHours(2)));
        assertEquals(Duration.ofHours(1), RetryPolicy.rejectionPeriod(Duration.ofDays(3)));
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
    public void doublesTheDelayUpToTwoMinutes() {
        long[] most = {2, 4, 8, 16, 32, 64, 120, 120, 120};
        ServiceException busy = service(ServiceException.Kind.UNAVAILABLE, 503, null);
        for (int i = 0; i < most.length; i++) {
            for (int seed = 0; seed < 50; seed++) {
                Duration delay = RetryPolicy.retryDelay(busy, i + 1, new Random(seed));
                assertThat(delay, lessThanOrEqualTo(Duration.ofSeconds(most[i])));
                assertThat(
                        delay, greaterThanOrEqualTo(Duration.ofSeconds(most[i]).dividedBy(2)));
            }
        }
        Duration maxDelay = RetryPolicy.retryDelay(busy, Integer.MAX_VALUE, new Random(1));
        assertThat("after days", maxDelay, lessThanOrEqualTo(Duration.ofMinutes(2)));
        assertThat(maxDelay, greaterThanOrEqualTo(Duration.ofMinutes(1)));
    }

    @Test
    public void spreadsRetriesOfWaitsRejectedTogether() {
        ServiceException busy = service(ServiceException.Kind.UNAVAILABLE, 503, null);
        long different = IntStream.range(0, 100)
                .mapToObj(seed -> RetryPolicy.retryDelay(busy, 5, new Random(seed)))
                .distinct()
                .count();
        assertThat(different, greaterThan(50L));
    }

    @Test
    public void retryAfterTakesPrecedence() {
        for (Duration retryAfter :
                new Duration[] {Duration.ofSeconds(1), Duration.ofSeconds(40), Duration.ofHours(1)}) {
            for (int errors : new int[] {1, 9}) {
                Random random = new Random(1);
                assertEquals(
                        retryAfter,
                        RetryPolicy.retryDelay(
                                service(ServiceException.Kind.UNAVAILABLE, 503, retryAfter), errors, random));
                assertEquals(
                        retryAfter,
                        RetryPolicy.retryDelay(
                                authority(AuthenticationException.Kind.TRANSIENT, retryAfter), errors, random));
            }
        }
    }

    @Test
    public void enforcesAMinimumDelay() {
        Duration delay = RetryPolicy.retryDelay(
                service(ServiceException.Kind.UNAVAILABLE, 503, Duration.ZERO), 1, new Random(1));
        assertThat(delay, greaterThanOrEqualTo(Duration.ofSeconds(1)));
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
