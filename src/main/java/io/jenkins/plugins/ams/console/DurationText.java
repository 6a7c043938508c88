/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.console;

import java.time.Duration;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Formats durations for users in at most two units, without fractions. */
@Restricted(NoExternalUse.class)
public final class DurationText {

    /**
     * Minimum estimate in seconds. Services update the progress every few seconds, so a shorter estimate would not be
     * reliable.
     */
    private static final long MIN_SECONDS = 5;

    private DurationText() {}

    /**
     * Formats a duration, for example {@code 18 s}, {@code 6 min 12 s}, or {@code 2 h 5 min}. A negative duration is
     * formatted as {@code 0 s}.
     */
    public static String of(Duration duration) {
        long seconds = Math.max(0, Math.round(duration.toMillis() / 1000d));
        long minutes = seconds / 60;
        long hours = minutes / 60;
        if (hours > 0) {
            return join(Messages.DurationText_hours(hours), minutes % 60, Messages.DurationText_minutes(minutes % 60));
        } else if (minutes > 0) {
            return join(
                    Messages.DurationText_minutes(minutes), seconds % 60, Messages.DurationText_seconds(seconds % 60));
        }
        return Messages.DurationText_seconds(seconds);
    }

    /**
     * Formats an estimate in a single unit, for example {@code 40 s}, {@code 3 min}, or {@code 2 h}. Two units would
     * suggest too much precision.
     */
    public static String about(Duration duration) {
        long seconds = Math.max(MIN_SECONDS, Math.round(duration.toMillis() / 1000d));
        if (seconds >= 5400) {
            return Messages.DurationText_hours(Math.round(seconds / 3600d));
        } else if (seconds >= 90) {
            return Messages.DurationText_minutes(Math.round(seconds / 60d));
        }
        return Messages.DurationText_seconds(seconds);
    }

    private static String join(String large, long small, String smallText) {
        return small == 0 ? large : large + ' ' + smallText;
    }
}
