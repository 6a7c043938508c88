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

/** Turns responses of authorities and metadata services into what MSAL4J reads. */
final class TokenResponses {

    /** Times and durations in seconds, which MSAL4J reads as whole numbers only. */
    private static final List<String> SECONDS =
            List.of("expires_in", "ext_expires_in", "refresh_in", "expires_on", "not_before");

    private static final Pattern FRACTION = Pattern.compile("[0-9]{1,15}\\.[0-9]{1,15}");

    private TokenResponses() {}

    /**
     * A response with a token, as MSAL4J's type. Lists and objects are left out: no token response has any, and MSAL4J
     * 1.26.0 reads an empty list for ever.
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
     * The response as MSAL4J's type. Seconds with a fraction, such as {@code 3599.0}, lose it.
     *
     * @param body the body, already read
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

    /** Cuts fractions off in place; says whether there was one. */
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
