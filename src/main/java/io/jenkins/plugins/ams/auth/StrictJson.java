/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.util.Optional;

/** Reads JSON from the network into a tree, never into classes that the text names. */
public final class StrictJson {

    /** The deepest answer of the service, a task with its history in the verbose form, has 6 levels. */
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

    /** An object without properties. */
    static JsonNode empty() {
        return JsonNodeFactory.instance.objectNode();
    }

    /**
     * The object that a body holds; empty if it is anything else, be it malformed, cut off or too deep. What was wrong
     * is not told, because the parser's words quote the body, which may hold a token.
     */
    public static Optional<JsonNode> object(byte[] body) {
        try {
            return Optional.of(READER.readTree(body)).filter(JsonNode::isObject);
        } catch (IOException notJson) {
            return Optional.empty();
        }
    }
}
