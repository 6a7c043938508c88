/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

import static org.junit.Assert.assertEquals;

import org.junit.Test;

public class ErrorDetailTest {

    @Test
    public void removesSignaturesFromUris() {
        assertEquals(
                "Cannot read https://in.blob.core.windows.net/a/b.mp4?sv=2020-08-04&sig=...&se=2024 (403)",
                message(
                        "Cannot read https://in.blob.core.windows.net/a/b.mp4?sv=2020-08-04&sig=aB%2Fc%3D&se=2024 (403)"));
        assertEquals("'https://x/a?sig=...'", message("'https://x/a?sig=aB/c+d='"));
        assertEquals("<a href=\"https://x/a?sv=1&amp;SIG=...\">", message("<a href=\"https://x/a?sv=1&amp;SIG=abc\">"));
    }

    @Test
    public void keepsOtherText() {
        for (String text : new String[] {"", "The preset is not valid.", "design=1", "https://x/a?design=1"}) {
            assertEquals(text, message(text));
        }
    }

    private static String message(String text) {
        return new ErrorDetail("ErrorDownloadingInput", text).message();
    }
}
