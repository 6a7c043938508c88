/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.stream.Collectors;

/** Builds parts of OData URLs. */
public final class ODataUrls {

    /**
     * Maximum length of a URL in characters. Common web servers accept URLs of this length. By default, IIS rejects
     * query strings of more than 2,048 characters.
     */
    public static final int MAX_LENGTH = 2000;

    private static final String OR = "%20or%20";

    private ODataUrls() {}

    /** Percent-encodes a string for use in a URL's path or query. */
    public static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Returns an OData string literal. Single quotes in the value are doubled, and the value is percent-encoded. */
    public static String literal(String value) {
        return "'" + encoded(value.replace("'", "''")) + "'";
    }

    /** Returns a {@code $filter} parameter that matches entities if the property has one of the given values. */
    public static String filter(String property, Collection<String> values) {
        return values.stream()
                .map(value -> property + "%20eq%20" + literal(value))
                .collect(Collectors.joining(OR, "$filter=", ""));
    }
}
