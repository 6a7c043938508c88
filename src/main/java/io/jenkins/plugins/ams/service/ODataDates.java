/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

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
 * The spellings of a time that Media Services were recorded with, several of them in one answer: ISO 8601 with and without a
 * zone (which then is UTC) and with 0 to 7 digits of a fraction, and {@code /Date(1587084991763)/} in milliseconds.
 */
public final class ODataDates {

    private static final Pattern MILLISECONDS = Pattern.compile("/Date\\((-?\\d{1,15})(?:[+-]\\d{4})?\\)/");

    /** .NET's last time is just before. Durations to times far beyond have more milliseconds than can be counted. */
    private static final Instant YEAR_10000 = Instant.parse("+10000-01-01T00:00:00Z");

    private ODataDates() {}

    /**
     * Reads a time.
     *
     * @return null for one that is not set (null, empty, or the year 1, which is .NET's way to say so) and for one that
     *     cannot be read or that .NET does not have: a time is never worth failing an answer for
     */
    public static Instant parse(String text) {
        if (text == null || text.isBlank()) {
            return null;
        }
        Instant time = read(text.trim());
        boolean set = time != null && !time.isBefore(Instant.EPOCH) && time.isBefore(YEAR_10000);
        return set ? time : null;
    }

    private static Instant read(String text) {
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
        } catch (DateTimeException unreadable) {
            return null;
        }
    }
}
