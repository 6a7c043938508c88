/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.http.PlainText;
import io.jenkins.plugins.ams.http.RetryAfter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.Test;

public class ErrorBodyParserTest {

    @Test
    public void findsTheMessageInEveryFormOfJson() {
        assertText("It failed", "{\"error\":{\"code\":\"\",\"message\":{\"lang\":\"en-US\",\"value\":\"It failed\"}}}");
        assertText(
                "It failed", "{\"odata.error\":{\"code\":\"\",\"message\":{\"lang\":\"x\",\"value\":\"It failed\"}}}");
        assertText("Throttled: Slowly", "{\"error\":{\"code\":\"Throttled\",\"message\":\"Slowly\"}}");
        assertText("Throttled", "{\"error\":{\"code\":\"Throttled\"}}");
        assertText("nope", "{\"error\":\"nope\"}");
        assertText(
                "Forbidden: No access. Ask.",
                mkIo("{\"code\":\"Forbidden\",\"detail\":\"No access.\",\"extraDetail\":\"Ask.\"}"));
        assertText("No such project", mkIo("\"No such project\""));
        assertText(
                "invalid_token: The token has expired.",
                "{\"error\":\"invalid_token\",\"error_description\":\"The token has expired.\"}");
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
    public void usesThePageTitleOrText() {
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
    public void keepsPlainText() {
        assertText("ACS authentication is deprecated.", "ACS authentication is deprecated.\r\n");
        assertText("", "");
        assertText("{\"error\":", "{\"error\":");
    }

    @Test
    public void keepsAllOfTheLongestDocumentedError() {
        String scope = "/subscriptions/0b5e6c1d-7a3f-4c2e-9d41-6f8a2b3c4d5e/resourceGroups/" + "g".repeat(90)
                + "/providers/Microsoft.Media/mediaServices/" + "a".repeat(24) + "/transforms/" + "t".repeat(260)
                + "/jobs/"
                + "j".repeat(260);
        String message = "The client '0b5e6c1d-7a3f-4c2e-9d41-6f8a2b3c4d5e' with object id"
                + " '0b5e6c1d-7a3f-4c2e-9d41-6f8a2b3c4d5e' does not have authorization to perform action"
                + " 'Microsoft.Media/mediaServices/transforms/jobs/read' over scope '" + scope
                + "' or the scope is invalid. If access was recently granted, please refresh your credentials.";
        assertText("AuthorizationFailed: " + message, arm("AuthorizationFailed", message));
    }

    @Test
    public void findsCodeAndReference() {
        assertEquals(
                "SubscriptionNotFound", error(arm("SubscriptionNotFound", "x")).code());
        assertEquals(Optional.of("r-1"), error(mkIo("{\"code\":\"x\"}")).reference());
        assertEquals("", error("{\"error\":\"nope\"}").code());
        assertEquals(
                "InvalidInput",
                error("<m:error><m:code>InvalidInput</m:code><m:message>x</m:message></m:error>")
                        .code());
        assertEquals("", error("<html><code>x</code></html>").code());
    }

    @Test
    public void distinguishesAMissingAccountFromAMissingJob() {
        String resource = "The Resource 'Microsoft.Media/mediaServices/%s' under resource group 'media' was not found.";
        for (String account : List.of(
                arm("SubscriptionNotFound", "The subscription 'x' could not be found."),
                arm("ResourceGroupNotFound", "Resource group 'jobs' could not be found."),
                arm("ParentResourceNotFound", "Parent resource 'ams' not found."),
                arm("InvalidResourceType", "The resource type could not be found in the namespace."),
                arm("ResourceNotFound", resource.formatted("ams")),
                mkIo("{\"code\":\"NotFound\",\"detail\":\"Project 'job' was not found.\"}"),
                mkIo("\"The subscription was not found.\""))) {
            assertTrue(account, error(account).isAboutAccount());
        }
        for (String job : List.of(
                arm("NotFound", "The requested resource was not found."),
                arm("ResourceNotFound", resource.formatted("ams/transforms/t/jobs/j")),
                mkIo("{\"code\":\"NotFound\",\"detail\":\"Job 'project' was not found in project 'x'.\"}"),
                mkIo("{\"code\":\"NotFound\",\"detail\":\"The transform 'account' was not found.\"}"))) {
            assertFalse(job, error(job).isAboutAccount());
        }
    }

    @Test
    public void findsTheRetryDelayInTheText() {
        assertRetryAfter(
                Duration.ofSeconds(372),
                "Number of requests exceeded the limit. Please try again after '372' seconds.");
        assertRetryAfter(Duration.ofMinutes(5), "Please try again after '5' minutes.");
        assertRetryAfter(Duration.ofSeconds(14), "The call can be retried in 14 seconds.");
        assertRetryAfter(Duration.ofSeconds(35), "Rate limit is exceeded. Try again in 35 seconds.");
        assertRetryAfter(Duration.ofSeconds(2), "retry after 2s");
        assertRetryAfter(RetryAfter.MAX_DELAY, "Try again in 24 hours.");
        for (String none : List.of(
                "Server is busy. More than 100 requests within 5 seconds can be throttled.",
                "throttled: Read_ObservationWindow_00:05:00",
                "Please try again later.",
                "try 3 jobs")) {
            assertEquals(none, Optional.empty(), error(none).retryAfter());
        }
    }

    @Test
    public void stripsControlCharactersAndTruncates() {
        assertText("a b [31mc", "{\"error\":{\"message\":\"a\\r\\nb\\u001b[31mc\\u0000\"}}");
        String cut = of("x".repeat(1_000_000).getBytes(StandardCharsets.UTF_8));
        assertTrue(cut.startsWith("xxx"));
        assertEquals(PlainText.MAX_ERROR_LENGTH + 1, cut.length());
    }

    @Test(timeout = 10_000)
    public void isNotSlowedDownByHostileMarkup() {
        for (String part : new String[] {"<", "<message ", "<a:", "<title>", "<message>&", "<<a"}) {
            assertFalse(
                    of(part.repeat(500_000).getBytes(StandardCharsets.UTF_8)).contains("\n"));
        }
    }

    @Test
    public void acceptsBinaryBodies() {
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        assertTrue(of(bytes).startsWith("!\"#$%"));
    }

    private static void assertRetryAfter(Duration time, String text) {
        assertEquals(
                text, Optional.of(time), error(arm("TooManyRequests", text)).retryAfter());
    }

    private static void assertText(String expected, String body) {
        assertEquals(expected, of(body.getBytes(StandardCharsets.UTF_8)));
    }

    private static String of(byte[] body) {
        return error(body).line();
    }

    private static ErrorBodyParser error(String body) {
        return error(body.getBytes(StandardCharsets.UTF_8));
    }

    private static ErrorBodyParser error(byte[] body) {
        return ErrorBodyParser.of(body, "the.token-itself");
    }

    private static String arm(String code, String message) {
        return "{\"error\":{\"code\":\"" + code + "\",\"message\":\"" + message + "\"}}";
    }

    private static String mkIo(String error) {
        return "{\"error\":" + error + ",\"status\":403,\"ref\":\"r-1\"}";
    }
}
