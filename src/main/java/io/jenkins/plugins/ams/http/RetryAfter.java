/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.http;

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
 * Parses the {@code Retry-After} header (RFC 9110, section 10.2.3), which contains a number of seconds or an HTTP date.
 * Fractional seconds and multiple values are also accepted, since some servers send them.
 */
public final class RetryAfter {

    /** Maximum retry delay. Longer delays are reduced to this value. */
    public static final Duration MAX_DELAY = Duration.ofHours(1);

    private static final String NAME = "Retry-After";
    private static final Pattern SECONDS = Pattern.compile("-?[0-9]{1,18}(\\.[0-9]{1,18})?");

    /**
     * The preferred date format of RFC 9110, section 5.6.7, and the format of the C function {@code asctime}, which
     * recipients must also accept.
     */
    private static final List<DateTimeFormatter> DATES =
            List.of(formatter("EEE, d MMM uuuu HH:mm:ss 'GMT'"), formatter("EEE MMM ppd HH:mm:ss uuuu"));

    /** Maximum number of years that a date with a two-digit year may be in the future (RFC 9110, section 5.6.7). */
    private static final int MAX_YEARS_AHEAD = 50;

    private RetryAfter() {}

    /**
     * Returns the retry delay that a response requests; empty if the response has no valid {@code Retry-After} header.
     * A date is compared with the {@code Date} header of the same response, since the server's clock and the
     * controller's clock may differ. If there are several values, such as one from the service and one from a gateway,
     * the longest delay applies.
     *
     * @param clock the clock whose time a date is compared with if the response has no {@code Date} header
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
     * Parses one line of a {@code Retry-After} header.
     *
     * @param now the time to compare a date with
     * @return a delay between zero (for a time in the past) and {@link #MAX_DELAY}; empty if the format is invalid
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

    /**
     * Returns the date format of RFC 850. A two-digit year is interpreted as the latest matching year that is at most
     * {@link #MAX_YEARS_AHEAD} years in the future.
     */
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
