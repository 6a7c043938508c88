/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import static org.junit.Assert.assertEquals;

import io.jenkins.plugins.ams.testing.ManualClock;
import java.net.http.HttpHeaders;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.Test;

public class RetryAfterTest {

    private final Clock clock = new ManualClock(Instant.parse("2021-03-10T09:15:30Z"));

    @Test
    public void readsSeconds() {
        assertEquals(Optional.of(Duration.ofSeconds(36)), RetryAfter.parse(" 36 ", clock.instant()));
    }

    @Test
    public void readsAnHttpDate() {
        assertEquals(
                Optional.of(Duration.ofSeconds(90)),
                RetryAfter.parse("Wed, 10 Mar 2021 09:17:00 GMT", clock.instant()));
    }

    @Test
    public void takesWhatHasPassedAsNow() {
        assertEquals(Optional.of(Duration.ZERO), RetryAfter.parse("-5", clock.instant()));
        assertEquals(Optional.of(Duration.ZERO), RetryAfter.parse("Wed, 10 Mar 2021 09:00:00 GMT", clock.instant()));
    }

    @Test
    public void believesNoMoreThanAnHour() {
        assertEquals(Optional.of(Duration.ofHours(1)), RetryAfter.parse("999999999999999999", clock.instant()));
        assertEquals(
                Optional.of(Duration.ofHours(1)), RetryAfter.parse("Sun, 10 Mar 2041 09:00:00 GMT", clock.instant()));
    }

    @Test
    public void ignoresWhatIsNeitherForm() {
        for (String value : List.of("", "soon", "1.5", "99999999999999999999", "Wed, 99 Mar 2021 09:17:00 GMT")) {
            assertEquals(value, Optional.empty(), RetryAfter.parse(value, clock.instant()));
        }
    }

    @Test
    public void findsTheHeaderInAnyCase() {
        HttpHeaders headers = HttpHeaders.of(Map.of("retry-after", List.of("7")), (name, value) -> true);
        assertEquals(Optional.of(Duration.ofSeconds(7)), RetryAfter.in(headers, clock));
        assertEquals(Optional.empty(), RetryAfter.in(HttpHeaders.of(Map.of(), (name, value) -> true), clock));
    }

    @Test
    public void countsADateFromTheServersOwn() {
        HttpHeaders headers = HttpHeaders.of(
                Map.of(
                        "Date", List.of("Wed, 10 Mar 2021 08:00:00 GMT"),
                        "Retry-After", List.of("Wed, 10 Mar 2021 08:00:20 GMT")),
                (name, value) -> true);
        assertEquals(Optional.of(Duration.ofSeconds(20)), RetryAfter.in(headers, clock));
    }
}
