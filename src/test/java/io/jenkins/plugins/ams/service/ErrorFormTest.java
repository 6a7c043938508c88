/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

import static org.junit.Assert.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.Test;

public class ErrorFormTest {

    @Test
    public void recognizesErrorsOfItsApi() {
        String message = "{\"lang\":\"en-US\",\"value\":\"It failed.\"}";
        assertFits(ErrorForm.ODATA, "{\"odata.error\":{\"code\":\"\",\"message\":" + message + "}}");
        assertFits(ErrorForm.ODATA, "{\"error\":{\"code\":\"\",\"message\":" + message + "}}");
        assertFits(
                ErrorForm.ODATA,
                "<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<error"
                        + " xmlns=\"http://schemas.microsoft.com/ado/2007/08/dataservices/metadata\"><code></code>"
                        + "<message xml:lang=\"en-US\">It failed.</message></error>");
        assertFits(ErrorForm.ODATA, "\ufeff<m:error><m:code/><m:message>It failed.</m:message></m:error>");
        assertFits(ErrorForm.ODATA, "<Error><Code>ResourceNotFound</Code><Message>It failed.</Message></Error>");
        assertFits(
                EnumSet.of(ErrorForm.RESOURCE_MANAGER, ErrorForm.MK_IO),
                "{\"error\":{\"code\":\"SubscriptionNotFound\"}}");
        assertFits(EnumSet.allOf(ErrorForm.class), "{\"error\":{\"code\":\"NotFound\",\"message\":\"It failed.\"}}");
        assertFits(
                EnumSet.of(ErrorForm.RESOURCE_MANAGER, ErrorForm.MK_IO),
                "{\"error\":{\"code\":\"Forbidden\",\"detail\":\"No.\",\"extraDetail\":null},\"status\":403,\"ref\":\"r\"}");
        assertFits(ErrorForm.MK_IO, "{\"error\":\"No such project\",\"status\":404}");
        assertFits(ErrorForm.MK_IO, "{\"error\":\"No such project\",\"ref\":\"r-1\"}");
    }

    @Test
    public void recognizesNothingElse() {
        for (String body : List.of(
                "",
                "default backend - 404",
                "<html><head><title>404</title></head><body><message>x</message></body></html>",
                "<error>no message</error>",
                "<!DOCTYPE html><error><message>x</message></error>",
                "[]",
                "{}",
                "{\"message\":\"Forbidden\"}",
                "{\"Message\":\"Authorization has been denied for this request.\"}",
                "{\"statusCode\":404,\"message\":\"Resource not found\"}",
                "{\"status\":404,\"title\":\"Not Found\"}",
                "{\"error\":\"nope\"}",
                "{\"error\":{}}",
                "{\"error\":{\"code\":\"\"}}",
                "{\"error\":{\"code\":null}}",
                "{\"error\":{\"message\":{}}}",
                "{\"odata.error\":\"x\"}",
                "{\"error\":{\"code\":\"NotFound\",\"message\":\"It fai")) {
            assertFits(EnumSet.noneOf(ErrorForm.class), body);
        }
    }

    private static void assertFits(ErrorForm form, String body) {
        assertFits(EnumSet.of(form), body);
    }

    private static void assertFits(Set<ErrorForm> forms, String body) {
        for (ErrorForm form : ErrorForm.values()) {
            assertEquals(form + " " + body, forms.contains(form), form.matches(body.getBytes(StandardCharsets.UTF_8)));
        }
    }
}
