/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An HTTP request.
 *
 * @param method the method in upper case
 * @param target the path and query as sent
 * @param headers the header values by case-insensitive name
 * @param body the body as UTF-8 text
 * @param origin {@code https://host:port} from the Host header, which links in the response also use
 */
record Request(String method, String target, Map<String, List<String>> headers, String body, String origin) {

    Request(String method, String target, Map<String, List<String>> headers, String body, String origin) {
        Map<String, List<String>> anyCase = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        anyCase.putAll(headers);
        this.method = method;
        this.target = target;
        this.headers = anyCase;
        this.body = body;
        this.origin = origin;
    }

    /** Returns the path as sent, without decoding it. */
    String rawPath() {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    /** Returns the query as sent, without the question mark, or an empty text if there is none. */
    String rawQuery() {
        int query = target.indexOf('?');
        return query < 0 ? "" : target.substring(query + 1);
    }

    Optional<String> header(String name) {
        List<String> values = headers.get(name);
        return values == null || values.isEmpty() ? Optional.empty() : Optional.of(values.get(0));
    }

    /** Returns the decoded parameters of the query, with the last value of repeated ones. */
    Map<String, String> query() {
        return form(rawQuery());
    }

    /** Returns the decoded parameters of a form in the body. */
    Map<String, String> form() {
        return form(body);
    }

    /** @throws IllegalArgumentException if the percent-encoding is invalid */
    static String decodePath(String raw) {
        return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static Map<String, String> form(String text) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String pair : text.split("&")) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                String value = equals < 0 ? "" : pair.substring(equals + 1);
                parameters.put(
                        URLDecoder.decode(name, StandardCharsets.UTF_8),
                        URLDecoder.decode(value, StandardCharsets.UTF_8));
            }
        }
        return parameters;
    }
}
