/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;

/** The formats in which the service writes dates and times, as recorded. All of them are in UTC. */
public enum DateSpelling {
    /**
     * The formats in recorded payloads: no zone in minimal JSON; in verbose JSON {@code Z} and 7 digits for the time
     * when a job was created, {@code Z} and 3 digits for start and end, no zone for events, {@code /Date(ms)/} for
     * assets.
     */
    AS_RECORDED,
    /** {@code 2015-05-20T16:28:49.46}: no zone, without trailing zeros. */
    NO_ZONE,
    /** {@code 2015-05-20T16:28:49}: no zone, no fraction. */
    NO_ZONE_NO_FRACTION,
    /** {@code 2021-08-03T15:58:44.18Z}: up to three digits, without trailing zeros. */
    ZULU_TRIMMED,
    /** {@code 2020-04-15T18:46:11.477000Z}. */
    ZULU_6_DIGITS,
    /** {@code 2020-04-15T18:46:11.477Z}. */
    ZULU_3_DIGITS,
    /** {@code 2015-05-20T16:28:43.0490532Z}. */
    ZULU_7_DIGITS,
    /** <code>"\/Date(1587084991763)\/"</code>, milliseconds since the epoch. */
    EPOCH,
    /** {@code 0001-01-01T00:00:00}, for a missing value. */
    YEAR_ONE;

    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter THREE =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter SIX =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter SEVEN =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSS").withZone(ZoneOffset.UTC);

    /** Returns the format of a value with the given role. */
    DateSpelling at(DateRole role, boolean verbose) {
        if (this != AS_RECORDED) {
            return this;
        }
        if (!verbose) {
            return NO_ZONE;
        }
        return switch (role) {
            case CREATED -> ZULU_7_DIGITS;
            case RUN -> ZULU_3_DIGITS;
            case EVENT -> NO_ZONE;
            case ASSET -> EPOCH;
        };
    }

    /** Formats a time, without quotes. */
    String write(Instant value) {
        return switch (this) {
            case AS_RECORDED, NO_ZONE -> withoutTrailingZeros(THREE.format(value));
            case ZULU_TRIMMED -> withoutTrailingZeros(THREE.format(value)) + "Z";
            case ZULU_6_DIGITS -> SIX.format(value) + "Z";
            case NO_ZONE_NO_FRACTION -> SECONDS.format(value);
            case ZULU_3_DIGITS -> THREE.format(value) + "Z";
            case ZULU_7_DIGITS -> SEVEN.format(value) + "Z";
            case EPOCH -> "/Date(" + value.truncatedTo(ChronoUnit.MILLIS).toEpochMilli() + ")/";
            case YEAR_ONE -> "0001-01-01T00:00:00";
        };
    }

    private static String withoutTrailingZeros(String text) {
        return text.replaceFirst("\\.?0+$", "");
    }
}
