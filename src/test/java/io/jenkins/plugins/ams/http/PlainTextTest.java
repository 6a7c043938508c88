/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.http;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.List;
import org.junit.Test;

public class PlainTextTest {

    @Test
    public void replacesControlCharactersAndLineBreaks() {
        assertEquals("a b c [31md", PlainText.line("  a\r\n\tb\u0000c\u001b[31md\u009b ", 100));
        assertEquals("a b c", PlainText.line("a\u2028b\u2029c", 100));
    }

    @Test
    public void replacesBidirectionalControls() {
        assertEquals("gpj .exe", PlainText.line("gpj\u202e.exe\u2066", 100));
    }

    @Test
    public void replacesInvalidCharacters() {
        assertEquals("a b c d", PlainText.line("a\ufffeb\uffffc\ud83f\udfffd", 100));
        assertEquals("a\ufffdb", PlainText.line("a\ufffdb", 100));
    }

    @Test
    public void truncatesWithAnEllipsis() {
        assertEquals("12345", PlainText.line("12345", 5));
        assertEquals("12345…", PlainText.line("123456", 5));
        assertEquals("1234…", PlainText.line("1234 6", 5));
    }

    @Test
    public void splitsNoSurrogatePair() {
        assertEquals("ab…", PlainText.line("ab\ud83d\ude00", 3));
        assertEquals("ab\ud83d\ude00", PlainText.line("ab\ud83d\ude00", 4));
        assertEquals("ab c", PlainText.line("ab\ud83dc", 10));
    }

    @Test
    public void removesSignaturesInEveryForm() {
        String secret = "aB9%2FcD%2BeF%3D";
        for (String spelling : List.of(
                "https://a.blob.core.windows.net/c/b.mp4?sv=2020-08-04&sig=%s",
                "https://a/b?sig=%s&se=2024",
                "https%%3A%%2F%%2Fa%%2Fb%%3Fsig%%3D%s",
                "https%%3A%%2F%%2Fa%%2Fb%%3Fsv%%3D1%%26sig%%3D%s%%26se%%3D2024",
                "%%253Fsig%%253D%s",
                "https://a/b?sv=1\\u0026sig=%s\\u0026se=2024",
                "https://a/b?sv=1\\\\u0026SIG\\\\u003d%s",
                "sv=1 sig=%s",
                "Authentication failed: sig = %s (expired)",
                "&amp;sig=%s&amp;se=1",
                "sv=1;sig&#61;%s",
                "?Sig&#x3D;%s",
                "{\"sig\":\"%s\"}",
                "{\\\"sig\\\": \\\"%s\\\"}",
                "'sig': '%s'",
                "SharedAccessSignature sr=x&sig=%s&se=1",
                "https://bucket.s3.amazonaws.com/a?X-Amz-Signature=%s",
                "BlobEndpoint=https://a;AccountKey=%s;EndpointSuffix=x",
                "SharedAccessKey=%s",
                "%%22sig%%22%%3A%%22%s%%22",
                "&quot;sig&quot;:&quot;%s&quot;",
                "sig=%s\\u002Bx")) {
            String text = spelling.formatted(secret);
            assertFalse(text, PlainText.line(text, 1000).contains("aB9"));
            assertFalse(text, PlainText.line(text, 1000).contains("eF"));
            assertTrue(PlainText.line(text, 1000), PlainText.line(text, 1000).contains("..."));
            assertFalse(text, PlainText.line(text, text.indexOf("aB9") + 2).contains("aB"));
        }
    }

    @Test
    public void limitsQuotedNames() {
        assertEquals("ams-ci", PlainText.quoted("ams-ci"));
        assertEquals("a Finished: SUCCESS", PlainText.quoted("a\r\nFinished: SUCCESS"));
        assertEquals("x".repeat(200) + "…", PlainText.quoted("x".repeat(1_000_000)));
        assertEquals("", PlainText.quoted(null));
    }

    @Test
    public void recognizesPlainText() {
        for (String plain : List.of("", "transform/job 1", "a  b", "\u00e9\u00a0\ud83d\ude00")) {
            assertTrue(plain, PlainText.isPlain(plain));
        }
        for (String hidden :
                List.of("a\nb", "a\u001bb", "a\u2028b", "a\u2029b", "a\u202eb", "a\ufeffb", "a\uffffb", "a\ud83db")) {
            assertFalse(hidden, PlainText.isPlain(hidden));
        }
    }

    @Test
    public void keepsOtherParameters() {
        for (String text : List.of(
                "Invalid signature. [Reason - The key was not found.]",
                "design=1",
                "signed=yes",
                "https://x/a?signer=1",
                "SharedAccessKeyName=root",
                "sig")) {
            assertEquals(text, PlainText.line(text, 1000));
        }
        assertEquals("sig=... (403)", PlainText.line("sig=aB9 cD/eF gH= (403)", 100));
        assertEquals("sig=...", PlainText.line("sig=aB9&#43;cD&#x2B;eF", 100));
        assertEquals("sig=... was wrong", PlainText.line("sig=abc was wrong", 100));
        assertEquals(
                "Cannot read https://a/b?sv=1&sig=...&se=2024 (403)",
                PlainText.line("Cannot read https://a/b?sv=1&sig=abc&se=2024 (403)", 1000));
    }

    @Test(timeout = 20_000)
    public void handlesHostileTextQuickly() {
        for (String part : List.of("sig", "sig ", "sig\"", "sig%25", "sig\\", "sig =", " ")) {
            assertTrue(PlainText.line(part.repeat(300_000), 100).length() <= 101);
        }
        assertTrue(PlainText.line("sig" + "%25".repeat(500_000), 100).length() <= 101);
        assertTrue(PlainText.line("sig" + "\\".repeat(500_000), 100).length() <= 101);
    }

    @Test
    public void returnsEmptyForEmptyInput() {
        assertEquals("", PlainText.line(null, 5));
        assertEquals("", PlainText.line(" \n ", 5));
        assertEquals("", PlainText.firstLine(null, 5));
        assertEquals("", PlainText.firstLine("", 5));
    }

    @Test
    public void returnsTheFirstLineWithText() {
        assertEquals("AADSTS1: no", PlainText.firstLine("\r\nAADSTS1: no\r\nTrace ID: 2", 100));
    }
}
