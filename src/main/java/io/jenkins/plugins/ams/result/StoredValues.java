/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.result;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Converts stored values. Missing, invalid, and out-of-range values do not cause errors. */
final class StoredValues {

    /** Latest plausible time. Calculations with much later times would overflow. */
    private static final Instant MAX_INSTANT = Instant.parse("9999-12-31T23:59:59Z");

    private StoredValues() {}

    /** Returns a stored string, or an empty string if it is missing. */
    static String text(@CheckForNull String stored) {
        return stored == null ? "" : stored;
    }

    /** Returns a stored percentage, limited to the range from 0 to 100, or 0 if it is not a number. */
    static double percent(double stored) {
        return Double.isNaN(stored) ? 0 : Math.max(0, Math.min(100, stored));
    }

    /** Returns a copy of a stored list without null elements, or an empty list if the list is missing. */
    static <T> List<T> copyOf(@CheckForNull List<T> stored) {
        List<T> copy = new ArrayList<>();
        if (stored != null) {
            stored.stream().filter(Objects::nonNull).forEach(copy::add);
        }
        return copy;
    }

    /** Converts a time to milliseconds since the epoch. Returns null if the time is missing or implausible. */
    @CheckForNull
    static Long millis(@CheckForNull Instant time) {
        return isPlausible(time) ? time.toEpochMilli() : null;
    }

    /** Converts stored milliseconds since the epoch to a time. Returns null if the time is missing or implausible. */
    @CheckForNull
    static Instant instant(@CheckForNull Long millis) {
        Instant time = millis == null ? null : Instant.ofEpochMilli(millis);
        return isPlausible(time) ? time : null;
    }

    /** Formats a time as ISO 8601 in UTC. Returns null if the time is missing. */
    @CheckForNull
    static String iso(@CheckForNull Instant time) {
        return time == null ? null : time.toString();
    }

    private static boolean isPlausible(Instant time) {
        return time != null && !time.isAfter(MAX_INSTANT) && !time.isBefore(Instant.EPOCH);
    }
}
