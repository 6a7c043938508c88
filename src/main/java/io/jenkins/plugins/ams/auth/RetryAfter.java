/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import java.net.http.HttpHeaders;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the {@code Retry-After} header (RFC 9110, 10.2.3): a number of seconds or an HTTP date. */
public final class RetryAfter {

    /** The longest time that is believed; whoever asks for more is asked again after this. */
    public static final Duration LONGEST = Duration.ofHours(1);

    private static final String NAME = "Retry-After";
    private static final Pattern SECONDS = Pattern.compile("-?[0-9]{1,18}");

    private RetryAfter() {}

    /**
     * What the headers of an answer ask for; empty if they have no readable {@code Retry-After}. A date is counted from
     * the {@code Date} of the same answer, since the server's clock and ours may be far apart.
     *
     * @param clock what a date is counted from where the answer has no {@code Date}
     */
    public static Optional<Duration> in(HttpHeaders headers, Clock clock) {
        Instant now = headers.firstValue("Date").flatMap(RetryAfter::date).orElseGet(clock::instant);
        return headers.firstValue(NAME).flatMap(value -> parse(value, now));
    }

    /**
     * Reads one value.
     *
     * @param now what a date is counted from
     * @return from zero (for what has passed) to {@link #LONGEST}; empty if the value is neither of the two forms
     */
    static Optional<Duration> parse(String value, Instant now) {
        String trimmed = value.trim();
        if (SECONDS.matcher(trimmed).matches()) {
            return Optional.of(bounded(Duration.ofSeconds(Long.parseLong(trimmed))));
        }
        return date(trimmed).map(date -> bounded(Duration.between(now, date)));
    }

    private static Optional<Instant> date(String value) {
        try {
            return Optional.of(ZonedDateTime.parse(value.trim(), DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant());
        } catch (DateTimeException noDate) {
            return Optional.empty();
        }
    }

    private static Duration bounded(Duration asked) {
        if (asked.isNegative()) {
            return Duration.ZERO;
        }
        return asked.compareTo(LONGEST) > 0 ? LONGEST : asked;
    }
}
