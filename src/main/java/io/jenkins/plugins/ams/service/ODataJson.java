/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.ams.http.PlainText;
import io.jenkins.plugins.ams.http.StrictJson;
import java.time.Instant;

/**
 * Reads entities in the responses of all APIs. Properties that are missing, null, or of another type are treated as not
 * set.
 */
public final class ODataJson {

    /** Maximum length of a state name in characters. The longest documented names have 10. */
    private static final int MAX_STATE_LENGTH = 50;

    private ODataJson() {}

    /**
     * Parses a response body.
     *
     * @throws ServiceException if the body is not a JSON object
     */
    public static JsonNode object(byte[] body) throws ServiceException {
        return StrictJson.object(body).orElseThrow(() -> ServiceException.invalidResponse("the response is not JSON"));
    }

    /** Returns the exception for JSON that does not have the expected structure. */
    public static ServiceException unexpectedStructure() {
        return ServiceException.invalidResponse("the JSON of the response has an unexpected structure");
    }

    /** Returns a property as a string; empty if it is not set. */
    public static String text(JsonNode entity, String property) {
        String text = textOrNull(entity, property);
        return text == null ? "" : text;
    }

    /** Returns a property as a string. Null if it is not set. */
    public static String textOrNull(JsonNode entity, String property) {
        JsonNode value = entity.path(property);
        return value.isValueNode() && !value.isNull() ? value.asText() : null;
    }

    /** Returns a time, in any format that {@link ODataDates} supports. Null if it is not set. */
    public static Instant time(JsonNode entity, String property) {
        return ODataDates.parse(textOrNull(entity, property));
    }

    /** Converts a state that the service sent to a short, single-line string. */
    public static String stateText(String text) {
        return PlainText.line(text, MAX_STATE_LENGTH);
    }

    /** Returns a percentage, limited to the range from 0 to 100; 0 for NaN. */
    public static double percent(double value) {
        return Double.isNaN(value) ? 0 : Math.min(100, Math.max(0, value));
    }
}
