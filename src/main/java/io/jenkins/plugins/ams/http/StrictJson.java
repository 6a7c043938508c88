/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.util.Optional;

/** Parses JSON from the network into a tree. The JSON cannot determine which Java classes are instantiated. */
public final class StrictJson {

    /**
     * Maximum nesting depth. The most deeply nested response of the services, an AMS v2 task with its history in
     * OData's verbose format, has 6 levels.
     */
    private static final int MAX_DEPTH = 64;

    private static final ObjectReader READER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .reader();

    private StrictJson() {}

    /** Returns an empty JSON object. */
    public static JsonNode empty() {
        return JsonNodeFactory.instance.objectNode();
    }

    /**
     * Parses a response body as a JSON object. Returns an empty {@code Optional} if the body is not an object, or if it
     * is malformed, truncated, or nested too deeply. The parser's error is discarded, because its message quotes the
     * body, and the body may contain a token.
     */
    public static Optional<JsonNode> object(byte[] body) {
        try {
            return Optional.of(READER.readTree(body)).filter(JsonNode::isObject);
        } catch (IOException notJson) {
            return Optional.empty();
        }
    }
}
