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
 * Reads the entities in the responses of all APIs. Properties that are missing, null or of another type are treated as
 * not set.
 */
public final class ODataJson {

    /** Maximum length of a state in characters. The longest documented state has 10. */
    private static final int MAX_STATE_LENGTH = 50;

    private ODataJson() {}

    /**
     * Parses a response body.
     *
     * @throws ServiceException if it is not a JSON object
     */
    public static JsonNode object(byte[] body) throws ServiceException {
        return StrictJson.object(body).orElseThrow(() -> ServiceException.invalidResponse("the response is not JSON"));
    }

    /** Returns the error for JSON that contains no entities. */
    public static ServiceException unexpectedStructure() {
        return ServiceException.invalidResponse("the JSON of the response has an unexpected structure");
    }

    /** Returns a property as text; empty if it is not set. */
    public static String text(JsonNode entity, String property) {
        String text = textOrNull(entity, property);
        return text == null ? "" : text;
    }

    /** Returns a property as text, or null if it is not set. */
    public static String textOrNull(JsonNode entity, String property) {
        JsonNode value = entity.path(property);
        return value.isValueNode() && !value.isNull() ? value.asText() : null;
    }

    /** Returns a time in any format of {@link ODataDates}, or null if it is not set. */
    public static Instant time(JsonNode entity, String property) {
        return ODataDates.parse(textOrNull(entity, property));
    }

    /** Returns the service's text for a state on one short line. */
    public static String stateText(String text) {
        return PlainText.line(text, MAX_STATE_LENGTH);
    }

    /** Returns a progress limited to the range of percentages. */
    public static double percent(double value) {
        return Double.isNaN(value) ? 0 : Math.min(100, Math.max(0, value));
    }
}
