/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import static org.junit.Assert.assertEquals;

import org.junit.Test;

public class PlainTextTest {

    @Test
    public void makesSpacesOfControlCharactersAndLineBreaks() {
        assertEquals("a b c [31md", PlainText.line("  a\r\n\tb\u0000c\u001b[31md\u009b ", 100));
        assertEquals("a b c", PlainText.line("a\u2028b\u2029c", 100));
    }

    @Test
    public void makesSpacesOfWhatTurnsTheDirectionOfWriting() {
        assertEquals("gpj .exe", PlainText.line("gpj\u202e.exe\u2066", 100));
    }

    @Test
    public void makesSpacesOfWhatIsNoCharacter() {
        assertEquals("a b c d", PlainText.line("a\ufffeb\uffffc\ud83f\udfffd", 100));
        assertEquals("a\ufffdb", PlainText.line("a\ufffdb", 100));
    }

    @Test
    public void cutsWithAnEllipsis() {
        assertEquals("12345", PlainText.line("12345", 5));
        assertEquals("12345…", PlainText.line("123456", 5));
        assertEquals("1234…", PlainText.line("1234 6", 5));
    }

    @Test
    public void cutsNoCharacterInTwo() {
        assertEquals("ab…", PlainText.line("ab\ud83d\ude00", 3));
        assertEquals("ab\ud83d\ude00", PlainText.line("ab\ud83d\ude00", 4));
        assertEquals("ab c", PlainText.line("ab\ud83dc", 10));
    }

    @Test
    public void showsNothingOfNothing() {
        assertEquals("", PlainText.line(null, 5));
        assertEquals("", PlainText.line(" \n ", 5));
        assertEquals("", PlainText.firstLine(null, 5));
        assertEquals("", PlainText.firstLine("", 5));
    }

    @Test
    public void takesTheFirstLineThatSaysSomething() {
        assertEquals("AADSTS1: no", PlainText.firstLine("\r\nAADSTS1: no\r\nTrace ID: 2", 100));
    }
}
