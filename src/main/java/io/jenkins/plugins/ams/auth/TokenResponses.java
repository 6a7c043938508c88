/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.aad.msal4j.HttpResponse;
import com.microsoft.aad.msal4j.IHttpResponse;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/** Converts responses from the token authority and the metadata service to MSAL4J's response type. */
final class TokenResponses {

    /** Fields that contain a time or duration in seconds. MSAL4J can parse these fields only if they are integers. */
    private static final List<String> SECONDS =
            List.of("expires_in", "ext_expires_in", "refresh_in", "expires_on", "not_before");

    private static final Pattern FRACTION = Pattern.compile("[0-9]{1,15}\\.[0-9]{1,15}");

    private TokenResponses() {}

    /**
     * Converts a token response. Omits arrays and objects, because valid token responses do not contain them and MSAL4J
     * 1.26.0 enters an infinite loop when it parses an empty array.
     */
    static IHttpResponse translateToken(java.net.http.HttpResponse<byte[]> response, JsonNode body) {
        ObjectNode values = ((ObjectNode) body).objectNode();
        body.properties().forEach(field -> {
            if (field.getValue().isValueNode()) {
                values.set(field.getKey(), field.getValue());
            }
        });
        truncateSeconds(values);
        return newResponse(response, values.toString());
    }

    /**
     * Converts a response that does not contain a token. Truncates fractional seconds, such as {@code 3599.0}, because
     * MSAL4J can parse only integers.
     *
     * @param body the parsed body of the response
     */
    static IHttpResponse translate(java.net.http.HttpResponse<byte[]> response, JsonNode body) {
        return newResponse(
                response,
                truncateSeconds(body) ? body.toString() : new String(response.body(), StandardCharsets.UTF_8));
    }

    private static IHttpResponse newResponse(java.net.http.HttpResponse<byte[]> response, String body) {
        HttpResponse msalResponse =
                new HttpResponse().statusCode(response.statusCode()).body(body);
        msalResponse.addHeaders(response.headers().map());
        return msalResponse;
    }

    /** Truncates fractional seconds in place, and returns whether there were any. */
    private static boolean truncateSeconds(JsonNode body) {
        boolean changed = false;
        for (String name : SECONDS) {
            String value = body.path(name).asText();
            if (FRACTION.matcher(value).matches()) {
                ((ObjectNode) body).put(name, new BigDecimal(value).longValue());
                changed = true;
            }
        }
        return changed;
    }
}
