/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.ams.http.PlainText;
import io.jenkins.plugins.ams.http.StrictJson;
import java.time.Instant;

/**
 * Reads the properties of JSON entities in responses. This class is used for all APIs. Properties that are missing,
 * null, or of another type are treated as not set.
 */
public final class ODataJson {

    /** Maximum length of a state name in characters. The longest documented names have 10 characters. */
    private static final int MAX_STATE_LENGTH = 50;

    private ODataJson() {}

    /**
     * Parses the JSON body of a response.
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

    /** Returns a property as a string, or an empty string if the property is not set. */
    public static String text(JsonNode entity, String property) {
        String text = textOrNull(entity, property);
        return text == null ? "" : text;
    }

    /** Returns a property as a string, or null if the property is not set. */
    @CheckForNull
    public static String textOrNull(JsonNode entity, String property) {
        JsonNode value = entity.path(property);
        return value.isValueNode() && !value.isNull() ? value.asText() : null;
    }

    /**
     * Returns a property as a time, or null if the property is not set or not a valid time. Supports all formats that
     * {@link ODataDates} can parse.
     */
    @CheckForNull
    public static Instant time(JsonNode entity, String property) {
        return ODataDates.parse(textOrNull(entity, property));
    }

    /** Converts a state that the service sent to a short, single-line string. */
    public static String stateText(String text) {
        return PlainText.line(text, MAX_STATE_LENGTH);
    }

    /** Limits a percentage to the range from 0 to 100. Converts NaN to 0. */
    public static double percent(double value) {
        return Double.isNaN(value) ? 0 : Math.min(100, Math.max(0, value));
    }
}
