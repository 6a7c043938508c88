/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.report;

import static org.junit.Assert.assertEquals;

import io.jenkins.plugins.ams.testing.Language;
import java.time.Duration;
import java.util.Locale;
import org.junit.Rule;
import org.junit.Test;

public class TimeSpanTest {

    @Rule
    public final Language language = Language.english();

    @Test
    public void saysTheTwoLargestUnits() {
        assertEquals("18 s", TimeSpan.of(Duration.ofSeconds(18)));
        assertEquals("6 min 12 s", TimeSpan.of(Duration.ofSeconds(372)));
        assertEquals("2 h 5 min", TimeSpan.of(Duration.ofSeconds(2 * 3600 + 5 * 60 + 59)));
        assertEquals("49 h 1 min", TimeSpan.of(Duration.ofHours(49).plusMinutes(1)));
    }

    @Test
    public void leavesOutWhatIsZero() {
        assertEquals("1 min", TimeSpan.of(Duration.ofSeconds(60)));
        assertEquals("1 h", TimeSpan.of(Duration.ofSeconds(3600)));
        assertEquals("1 h", TimeSpan.of(Duration.ofSeconds(3659)));
        assertEquals("0 s", TimeSpan.of(Duration.ZERO));
    }

    @Test
    public void roundsToWholeSeconds() {
        assertEquals("0 s", TimeSpan.of(Duration.ofMillis(499)));
        assertEquals("1 s", TimeSpan.of(Duration.ofMillis(500)));
        assertEquals("1 min", TimeSpan.of(Duration.ofMillis(59_500)));
        assertEquals("1 h", TimeSpan.of(Duration.ofMillis(3_599_500)));
    }

    @Test
    public void clocksThatDisagreeMakeNoNegativeTime() {
        assertEquals("0 s", TimeSpan.of(Duration.ofMinutes(-3)));
        assertEquals("5 s", TimeSpan.about(Duration.ofMinutes(-3)));
    }

    @Test
    public void estimatesInOneUnit() {
        assertEquals("5 s", TimeSpan.about(Duration.ZERO));
        assertEquals("6 s", TimeSpan.about(Duration.ofSeconds(6)));
        assertEquals("40 s", TimeSpan.about(Duration.ofSeconds(40)));
        assertEquals("89 s", TimeSpan.about(Duration.ofSeconds(89)));
        assertEquals("2 min", TimeSpan.about(Duration.ofSeconds(90)));
        assertEquals("3 min", TimeSpan.about(Duration.ofSeconds(200)));
        assertEquals("90 min", TimeSpan.about(Duration.ofSeconds(5399)));
        assertEquals("2 h", TimeSpan.about(Duration.ofSeconds(5400)));
    }

    @Test
    public void saysTheSameInFrench() {
        language.use(Locale.FRENCH);
        assertEquals("2 h 5 min", TimeSpan.of(Duration.ofMinutes(125)));
        assertEquals("3 min", TimeSpan.about(Duration.ofMinutes(3)));
    }
}
