/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.console;

import static org.junit.Assert.assertEquals;

import io.jenkins.plugins.ams.testing.Language;
import java.time.Duration;
import java.util.Locale;
import org.junit.Rule;
import org.junit.Test;

public class DurationTextTest {

    @Rule
    public final Language language = Language.english();

    @Test
    public void showsTheTwoLargestUnits() {
        assertEquals("18 s", DurationText.of(Duration.ofSeconds(18)));
        assertEquals("6 min 12 s", DurationText.of(Duration.ofSeconds(372)));
        assertEquals("2 h 5 min", DurationText.of(Duration.ofSeconds(2 * 3600 + 5 * 60 + 59)));
        assertEquals("49 h 1 min", DurationText.of(Duration.ofHours(49).plusMinutes(1)));
    }

    @Test
    public void omitsZeroUnits() {
        assertEquals("1 min", DurationText.of(Duration.ofSeconds(60)));
        assertEquals("1 h", DurationText.of(Duration.ofSeconds(3600)));
        assertEquals("1 h", DurationText.of(Duration.ofSeconds(3659)));
        assertEquals("0 s", DurationText.of(Duration.ZERO));
    }

    @Test
    public void roundsToWholeSeconds() {
        assertEquals("0 s", DurationText.of(Duration.ofMillis(499)));
        assertEquals("1 s", DurationText.of(Duration.ofMillis(500)));
        assertEquals("1 min", DurationText.of(Duration.ofMillis(59_500)));
        assertEquals("1 h", DurationText.of(Duration.ofMillis(3_599_500)));
    }

    @Test
    public void showsNegativeDurationsAsZero() {
        assertEquals("0 s", DurationText.of(Duration.ofMinutes(-3)));
        assertEquals("5 s", DurationText.about(Duration.ofMinutes(-3)));
    }

    @Test
    public void estimatesInOneUnit() {
        assertEquals("5 s", DurationText.about(Duration.ZERO));
        assertEquals("6 s", DurationText.about(Duration.ofSeconds(6)));
        assertEquals("40 s", DurationText.about(Duration.ofSeconds(40)));
        assertEquals("89 s", DurationText.about(Duration.ofSeconds(89)));
        assertEquals("2 min", DurationText.about(Duration.ofSeconds(90)));
        assertEquals("3 min", DurationText.about(Duration.ofSeconds(200)));
        assertEquals("90 min", DurationText.about(Duration.ofSeconds(5399)));
        assertEquals("2 h", DurationText.about(Duration.ofSeconds(5400)));
    }

    @Test
    public void formatsInFrench() {
        language.use(Locale.FRENCH);
        assertEquals("2 h 5 min", DurationText.of(Duration.ofMinutes(125)));
        assertEquals("3 min", DurationText.about(Duration.ofMinutes(3)));
    }
}
