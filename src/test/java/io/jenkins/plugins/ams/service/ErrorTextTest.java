/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.Test;

public class ErrorTextTest {

    @Test
    public void findsTheMessageInEveryFormOfJson() {
        assertText("It failed", "{\"error\":{\"code\":\"\",\"message\":{\"lang\":\"en-US\",\"value\":\"It failed\"}}}");
        assertText(
                "It failed", "{\"odata.error\":{\"code\":\"\",\"message\":{\"lang\":\"x\",\"value\":\"It failed\"}}}");
        assertText("Throttled: Slowly", "{\"error\":{\"code\":\"Throttled\",\"message\":\"Slowly\"}}");
        assertText("Throttled", "{\"error\":{\"code\":\"Throttled\"}}");
        assertText("nope", "{\"error\":\"nope\"}");
        assertText("{\"Message\":\"other\"}", "{\"Message\":\"other\"}");
    }

    @Test
    public void findsTheMessageInXml() {
        assertText(
                "Resource <not> found",
                "<?xml version=\"1.0\"?><error xmlns=\"http://schemas.microsoft.com/ado/2007/08/dataservices/metadata\">"
                        + "<code></code><message xml:lang=\"en-US\">Resource &lt;not&gt; found</message></error>");
        assertText("It failed", "\ufeff<m:error><m:code/><m:message>It failed</m:message></m:error>");
    }

    @Test
    public void takesTheTitleOfAPageOrItsText() {
        assertText(
                "Service Unavailable",
                "<html><head><title>Service Unavailable</title></head><body><h1>Sorry</h1></body></html>");
        assertText("Bad Gateway nginx", "<html><body><h1>Bad Gateway</h1><hr>nginx</body></html>");
    }

    @Test
    public void expandsNoEntities() {
        assertText(
                "&xxe;", "<!DOCTYPE a [<!ENTITY xxe SYSTEM \"file:///etc/passwd\">]><e><message>&xxe;</message></e>");
    }

    @Test
    public void takesPlainTextAsItIs() {
        assertText("ACS authentication is deprecated.", "ACS authentication is deprecated.\r\n");
        assertText("", "");
        assertText("{\"error\":", "{\"error\":");
    }

    @Test
    public void stripsControlCharactersAndCuts() {
        assertText("a b [31mc", "{\"error\":{\"message\":\"a\\r\\nb\\u001b[31mc\\u0000\"}}");
        String cut = of("x".repeat(1_000_000).getBytes(StandardCharsets.UTF_8));
        assertTrue(cut.startsWith("xxx"));
        assertEquals(301, cut.length());
    }

    @Test(timeout = 10_000)
    public void isNotSlowedDownByHostileMarkup() {
        for (String part : new String[] {"<", "<message ", "<a:", "<title>", "<message>&", "<<a"}) {
            assertFalse(
                    of(part.repeat(500_000).getBytes(StandardCharsets.UTF_8)).contains("\n"));
        }
    }

    @Test
    public void neverFailsOnBytesThatAreNoText() {
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        assertTrue(of(bytes).startsWith("!\"#$%"));
    }

    private static void assertText(String expected, String body) {
        assertEquals(expected, of(body.getBytes(StandardCharsets.UTF_8)));
    }

    private static String of(byte[] body) {
        return ErrorText.of(body, "the.token-itself");
    }
}
