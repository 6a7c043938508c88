/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.http;

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
    public void readsFractionsOfASecond() {
        assertEquals(Optional.of(Duration.ofMillis(36_500)), RetryAfter.parse("36.5", clock.instant()));
        assertEquals(Optional.of(Duration.ofSeconds(30)), RetryAfter.parse("30.000", clock.instant()));
    }

    @Test
    public void readsObsoleteHttpDates() {
        for (String value : List.of(
                "Wednesday, 10-Mar-21 09:17:00 GMT", "Wed Mar 10 09:17:00 2021", "wed, 10 mar 2021 09:17:00 gmt")) {
            assertEquals(value, Optional.of(Duration.ofSeconds(90)), RetryAfter.parse(value, clock.instant()));
        }
        Instant sixth = Instant.parse("1994-11-06T08:49:00Z");
        assertEquals(Optional.of(Duration.ofSeconds(37)), RetryAfter.parse("Sun Nov  6 08:49:37 1994", sixth));
        assertEquals(Optional.of(Duration.ofSeconds(37)), RetryAfter.parse("Sunday, 06-Nov-94 08:49:37 GMT", sixth));
    }

    @Test
    public void readsTwoDigitYearsAsNearest() {
        assertEquals(
                "2070",
                Optional.of(Duration.ofHours(1)),
                RetryAfter.parse("Monday, 10-Mar-70 09:17:00 GMT", clock.instant()));
        assertEquals(
                "1972",
                Optional.of(Duration.ZERO),
                RetryAfter.parse("Friday, 10-Mar-72 09:17:00 GMT", clock.instant()));
    }

    @Test
    public void usesTheLargestOfSeveralValues() {
        assertEquals(Optional.of(Duration.ofSeconds(40)), RetryAfter.parse("36, 40", clock.instant()));
        assertEquals(Optional.of(Duration.ofSeconds(36)), RetryAfter.parse("36, soon", clock.instant()));
        HttpHeaders headers = HttpHeaders.of(
                Map.of("Retry-After", List.of("soon", "5", "Wed, 10 Mar 2021 09:17:00 GMT")), (name, value) -> true);
        assertEquals(Optional.of(Duration.ofSeconds(90)), RetryAfter.in(headers, clock));
    }

    @Test
    public void treatsPastDatesAsNow() {
        assertEquals(Optional.of(Duration.ZERO), RetryAfter.parse("-5", clock.instant()));
        assertEquals(Optional.of(Duration.ZERO), RetryAfter.parse("Wed, 10 Mar 2021 09:00:00 GMT", clock.instant()));
    }

    @Test
    public void limitsToOneHour() {
        assertEquals(Optional.of(Duration.ofHours(1)), RetryAfter.parse("999999999999999999", clock.instant()));
        assertEquals(
                Optional.of(Duration.ofHours(1)), RetryAfter.parse("Sun, 10 Mar 2041 09:00:00 GMT", clock.instant()));
    }

    @Test
    public void ignoresInvalidValues() {
        for (String value : List.of(
                "",
                "soon",
                "1.5.2",
                "99999999999999999999",
                "Wed, 99 Mar 2021 09:17:00 GMT",
                "Tue, 10 Mar 2021 09:17:00 GMT",
                "1e3",
                ",")) {
            assertEquals(value, Optional.empty(), RetryAfter.parse(value, clock.instant()));
        }
    }

    @Test
    public void ignoresHeaderCase() {
        HttpHeaders headers = HttpHeaders.of(Map.of("retry-after", List.of("7")), (name, value) -> true);
        assertEquals(Optional.of(Duration.ofSeconds(7)), RetryAfter.in(headers, clock));
        assertEquals(Optional.empty(), RetryAfter.in(HttpHeaders.of(Map.of(), (name, value) -> true), clock));
    }

    @Test
    public void measuresFromTheServersDate() {
        HttpHeaders headers = HttpHeaders.of(
                Map.of(
                        "Date", List.of("Wed, 10 Mar 2021 08:00:00 GMT"),
                        "Retry-After", List.of("Wed, 10 Mar 2021 08:00:20 GMT")),
                (name, value) -> true);
        assertEquals(Optional.of(Duration.ofSeconds(20)), RetryAfter.in(headers, clock));
    }
}
