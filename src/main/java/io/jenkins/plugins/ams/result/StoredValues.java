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

/** Values as they are stored. Reading tolerates values that are missing or out of range. */
final class StoredValues {

    /** Later times are not plausible, and calculations with them would overflow. */
    private static final Instant MAX_INSTANT = Instant.parse("9999-12-31T23:59:59Z");

    private StoredValues() {}

    /** Returns a stored text; empty if it is missing. */
    static String text(@CheckForNull String stored) {
        return stored == null ? "" : stored;
    }

    /** Returns a stored percentage between 0 and 100; 0 if it is not a number. */
    static double percent(double stored) {
        return Double.isNaN(stored) ? 0 : Math.max(0, Math.min(100, stored));
    }

    /** Returns a copy of a stored list without missing elements; empty if the list is missing. */
    static <T> List<T> copyOf(@CheckForNull List<T> stored) {
        List<T> copy = new ArrayList<>();
        if (stored != null) {
            stored.stream().filter(Objects::nonNull).forEach(copy::add);
        }
        return copy;
    }

    /** Returns a time in milliseconds since the epoch; null if it is missing or not plausible. */
    @CheckForNull
    static Long millis(@CheckForNull Instant time) {
        return isPlausible(time) ? time.toEpochMilli() : null;
    }

    /** Returns the time of stored milliseconds since the epoch; null if they are missing or not plausible. */
    @CheckForNull
    static Instant instant(@CheckForNull Long millis) {
        Instant time = millis == null ? null : Instant.ofEpochMilli(millis);
        return isPlausible(time) ? time : null;
    }

    /** Returns a time as ISO 8601 in UTC; null if it is missing. */
    @CheckForNull
    static String iso(@CheckForNull Instant time) {
        return time == null ? null : time.toString();
    }

    private static boolean isPlausible(Instant time) {
        return time != null && !time.isAfter(MAX_INSTANT) && !time.isBefore(Instant.EPOCH);
    }
}
