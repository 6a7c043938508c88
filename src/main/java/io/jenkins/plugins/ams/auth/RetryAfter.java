/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import java.math.BigDecimal;
import java.net.http.HttpHeaders;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads the {@code Retry-After} header (RFC 9110, 10.2.3): a number of seconds or an HTTP date. It also reads what servers
 * send beyond that: seconds with a fraction, and more than one value.
 */
public final class RetryAfter {

    /** The longest time that is believed; whoever asks for more is asked again after this. */
    public static final Duration MAX_DELAY = Duration.ofHours(1);

    private static final String NAME = "Retry-After";
    private static final Pattern SECONDS = Pattern.compile("-?[0-9]{1,18}(\\.[0-9]{1,18})?");

    /** The preferred form of RFC 9110, 5.6.7, and the one of C's {@code asctime}, which recipients must accept too. */
    private static final List<DateTimeFormatter> DATES =
            List.of(formatter("EEE, d MMM uuuu HH:mm:ss 'GMT'"), formatter("EEE MMM ppd HH:mm:ss uuuu"));

    /** The longest span into the future that a year of two digits can mean (RFC 9110, 5.6.7). */
    private static final int MAX_YEARS_AHEAD = 50;

    private RetryAfter() {}

    /**
     * What the headers of an answer ask for; empty if they have no readable {@code Retry-After}. A date is counted from
     * the {@code Date} of the same answer, since the server's clock and ours may be far apart. Of several values, such as
     * those of a service and of the gateway in front of it, the longest applies.
     *
     * @param clock what a date is counted from where the answer has no {@code Date}
     */
    public static Optional<Duration> in(HttpHeaders headers, Clock clock) {
        Instant localTime = clock.instant();
        Instant now = headers.firstValue("Date")
                .flatMap(value -> date(value.trim(), localTime))
                .orElse(localTime);
        return headers.allValues(NAME).stream()
                .flatMap(value -> parse(value, now).stream())
                .max(Comparator.naturalOrder());
    }

    /**
     * Reads one header line.
     *
     * @param now what a date is counted from
     * @return from zero (for what has passed) to {@link #MAX_DELAY}; empty if the value has none of the forms
     */
    static Optional<Duration> parse(String line, Instant now) {
        String trimmed = line.trim();
        Optional<Duration> untilDate = date(trimmed, now).map(date -> bounded(Duration.between(now, date)));
        return untilDate.isPresent()
                ? untilDate
                : Stream.of(trimmed.split(",", -1)) // gateways join repeated headers with commas
                        .map(String::trim)
                        .filter(value -> SECONDS.matcher(value).matches())
                        .map(RetryAfter::seconds)
                        .max(Comparator.naturalOrder());
    }

    private static Duration seconds(String number) {
        BigDecimal seconds = new BigDecimal(number)
                .min(BigDecimal.valueOf(MAX_DELAY.toSeconds()))
                .max(BigDecimal.ZERO);
        return Duration.ofNanos(seconds.movePointRight(9).longValue());
    }

    private static Optional<Instant> date(String value, Instant now) {
        return Stream.concat(DATES.stream(), Stream.of(rfc850(now)))
                .flatMap(formatter -> date(value, formatter).stream())
                .findFirst();
    }

    private static Optional<Instant> date(String value, DateTimeFormatter formatter) {
        try {
            return Optional.of(LocalDateTime.parse(value, formatter).toInstant(ZoneOffset.UTC));
        } catch (DateTimeException otherFormat) {
            return Optional.empty();
        }
    }

    /** The form of RFC 850, whose year has two digits and means one that is near. */
    private static DateTimeFormatter rfc850(Instant now) {
        LocalDate earliest = LocalDate.ofInstant(now, ZoneOffset.UTC).minusYears(100 - MAX_YEARS_AHEAD - 1);
        return new DateTimeFormatterBuilder()
                .parseCaseInsensitive()
                .appendPattern("EEEE, dd-MMM-")
                .appendValueReduced(ChronoField.YEAR, 2, 2, earliest)
                .appendPattern(" HH:mm:ss 'GMT'")
                .toFormatter(Locale.ENGLISH);
    }

    private static DateTimeFormatter formatter(String pattern) {
        return new DateTimeFormatterBuilder()
                .parseCaseInsensitive()
                .appendPattern(pattern)
                .toFormatter(Locale.ENGLISH);
    }

    private static Duration bounded(Duration delay) {
        if (delay.isNegative()) {
            return Duration.ZERO;
        }
        return delay.compareTo(MAX_DELAY) > 0 ? MAX_DELAY : delay;
    }
}
