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

import io.jenkins.plugins.ams.auth.AuthenticationException;
import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.service.ServiceException;
import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.Test;

public class RetryPolicyTest {

    @Test
    public void retriesARejectionForAQuarterOfTheJobsAge() {
        assertEquals(Duration.ofMinutes(10), RetryPolicy.rejectionPeriod(Duration.ZERO));
        assertEquals(Duration.ofMinutes(10), RetryPolicy.rejectionPeriod(Duration.ofMinutes(39)));
        assertEquals(Duration.ofMinutes(30), RetryPolicy.rejectionPeriod(Duration.ofHours(2)));
        assertEquals(Duration.ofHours(1), RetryPolicy.rejectionPeriod(Duration.ofDays(3)));
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

    private static ServiceException service(ServiceException.Kind kind, int status, Duration retryAfter) {
        return ServiceException.of(kind, status, "words", new AmsException.Context(null, retryAfter, null));
    }

    private static AuthenticationException authority(AuthenticationException.Kind kind, Duration retryAfter) {
        return AuthenticationException.of(kind, "words", new AmsException.Context("AADSTS99", retryAfter, null));
    }
}
