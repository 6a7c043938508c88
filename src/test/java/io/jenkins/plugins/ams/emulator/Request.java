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
 * A request as the handlers see it.
 *
 * @param method in upper case
 * @param target path and query as sent
 * @param headers by name, in any case
 * @param body as UTF-8 text
 * @param origin {@code https://host:port} as the client addressed it, which is what the service's own links carry
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

    /** The path as sent, percent-encodings untouched. */
    String rawPath() {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    /** The query as sent, without the question mark; empty if there is none. */
    String rawQuery() {
        int query = target.indexOf('?');
        return query < 0 ? "" : target.substring(query + 1);
    }

    Optional<String> header(String name) {
        List<String> values = headers.get(name);
        return values == null || values.isEmpty() ? Optional.empty() : Optional.of(values.get(0));
    }

    /** The query's parameters, decoded; of a repeated one the last. */
    Map<String, String> query() {
        return form(rawQuery());
    }

    /** The body's parameters if it is a form. */
    Map<String, String> form() {
        return form(body);
    }

    /** @throws IllegalArgumentException for a broken percent-encoding */
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
