package io.jenkins.plugins.ams.auth;

import java.net.http.HttpHeaders;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
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

    /** What the headers of an answer ask for; empty if they have no readable {@code Retry-After}. */
    public static Optional<Duration> in(HttpHeaders headers, Clock clock) {
        return headers.firstValue(NAME).flatMap(value -> parse(value, clock));
    }

    /**
     * Reads one value.
     *
     * @param clock what a date is counted from
     * @return from zero (for what has passed) to {@link #LONGEST}; empty if the value is neither of the two forms
     */
    public static Optional<Duration> parse(String value, Clock clock) {
        String trimmed = value.trim();
        if (SECONDS.matcher(trimmed).matches()) {
            return Optional.of(bounded(Duration.ofSeconds(Long.parseLong(trimmed))));
        }
        try {
            ZonedDateTime date = ZonedDateTime.parse(trimmed, DateTimeFormatter.RFC_1123_DATE_TIME);
            return Optional.of(bounded(Duration.between(clock.instant(), date.toInstant())));
        } catch (DateTimeException neitherForm) {
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
