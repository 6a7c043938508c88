/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parses times in all formats found in recorded media service responses: ISO 8601 with 0 to 7 fractional digits, with
 * or without a time zone (the default is UTC), and {@code /Date(1587084991763)/} in milliseconds since 1970. A single
 * response can contain several formats.
 */
final class ODataDates {

    private static final Pattern MILLISECONDS = Pattern.compile("/Date\\((-?\\d{1,15})(?:[+-]\\d{4})?\\)/");

    /**
     * The first instant beyond the range of .NET's {@code DateTime}. For much later instants, a duration in
     * milliseconds would overflow a {@code long}.
     */
    private static final Instant YEAR_10000 = Instant.parse("+10000-01-01T00:00:00Z");

    private ODataDates() {}

    /**
     * Parses a time. Never throws, because an invalid time must not make the whole response invalid.
     *
     * @return the time, or null if it is missing, invalid, before 1970 (.NET's default value is in the year 1), or
     *     after the year 9999
     */
    @CheckForNull
    static Instant parse(@CheckForNull String text) {
        if (text == null || text.isBlank()) {
            return null;
        }
        Instant time = parseFormats(text.trim());
        boolean set = time != null && !time.isBefore(Instant.EPOCH) && time.isBefore(YEAR_10000);
        return set ? time : null;
    }

    @CheckForNull
    private static Instant parseFormats(String text) {
        Matcher milliseconds = MILLISECONDS.matcher(text);
        if (milliseconds.matches()) {
            return Instant.ofEpochMilli(Long.parseLong(milliseconds.group(1)));
        }
        try {
            TemporalAccessor time =
                    DateTimeFormatter.ISO_DATE_TIME.parseBest(text, ZonedDateTime::from, LocalDateTime::from);
            return time instanceof ZonedDateTime zoned
                    ? zoned.toInstant()
                    : ((LocalDateTime) time).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException invalid) {
            return null;
        }
    }
}
