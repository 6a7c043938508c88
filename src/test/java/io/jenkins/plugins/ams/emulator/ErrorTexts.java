/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The messages of injected errors, from the service's error code reference. */
final class ErrorTexts {

    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);

    private ErrorTexts() {}

    static String of(int status) {
        return switch (status) {
            case 401 -> "The token has expired.";
            case 403 -> "The Media Services account is disabled.";
            case 404 -> "Resource not found for the segment 'Jobs'.";
            case 429, 503 -> "Server is busy. More than 100 requests per second can be throttled.";
            default -> status >= 500 ? "An error occurred while processing this request." : "The request is not valid.";
        };
    }

    static String httpDate(Instant time) {
        return HTTP_DATE.format(time);
    }
}
