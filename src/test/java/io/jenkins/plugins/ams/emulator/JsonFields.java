/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads the fields of a JSON object in a request of the control API. Rejects unknown names, values of another type, and
 * values out of range, and says what is known, so that typing errors are reported.
 */
final class JsonFields {

    private static final ObjectMapper MAPPER = new ObjectMapper()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final JsonNode json;

    private JsonFields(JsonNode json, Set<String> known) {
        if (!json.isObject()) {
            throw new IllegalArgumentException(
                    "expected a JSON object with some of " + new TreeSet<>(known) + ", not " + json);
        }
        this.json = json;
        for (Iterator<String> names = json.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!known.contains(name)) {
                throw new IllegalArgumentException("unknown name: " + name + "; known names: " + new TreeSet<>(known));
            }
        }
    }

    /**
     * Reads the body of a request. An empty body has no fields.
     *
     * @throws IllegalArgumentException if it is not a JSON object, or has an unknown field
     */
    static JsonFields of(String body, Set<String> known) {
        try {
            return new JsonFields(body.isBlank() ? MAPPER.createObjectNode() : MAPPER.readTree(body), known);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the body is not valid JSON: " + e.getOriginalMessage(), e);
        }
    }

    boolean has(String name) {
        return json.has(name);
    }

    JsonNode get(String name) {
        return json.get(name);
    }

    String text(String name, String defaultText) {
        return json.has(name) ? require(name, JsonNodeType.STRING, "a string").asText() : defaultText;
    }

    boolean flag(String name) {
        return json.has(name)
                && require(name, JsonNodeType.BOOLEAN, "true or false").asBoolean();
    }

    double number(String name, double min, double max, double defaultNumber) {
        if (!json.has(name)) {
            return defaultNumber;
        }
        String expected = "a number from " + plain(min) + " to " + plain(max);
        double number = require(name, JsonNodeType.NUMBER, expected).asDouble();
        if (number < min || number > max) {
            throw wrong(name, expected);
        }
        return number;
    }

    int integer(String name, int min, int max, int defaultNumber) {
        if (!json.has(name)) {
            return defaultNumber;
        }
        String expected = "an integer from " + min + " to " + max;
        JsonNode number = require(name, JsonNodeType.NUMBER, expected);
        if (!number.isInt() || number.asInt() < min || number.asInt() > max) {
            throw wrong(name, expected);
        }
        return number.asInt();
    }

    /** Reads a time in seconds, of at most 365 days. */
    Duration seconds(String name, double defaultSeconds) {
        double seconds = number(name, 0, Duration.ofDays(365).toSeconds(), defaultSeconds);
        return Duration.ofMillis(Math.round(seconds * 1000));
    }

    /** Reads a constant of an enum, in any case. */
    <E extends Enum<E>> E constant(String name, Class<E> type, E defaultConstant) {
        return json.has(name) ? constant(name, json.get(name), type) : defaultConstant;
    }

    /** Reads a list of constants of an enum. */
    <E extends Enum<E>> List<E> constants(String name, Class<E> type) {
        List<E> constants = new ArrayList<>();
        list(name).forEach(each -> constants.add(constant(name, each, type)));
        return constants;
    }

    /** Reads one of several texts, in any case. */
    String choice(String name, List<String> known, String defaultText) {
        String text = text(name, defaultText).toLowerCase(Locale.ROOT);
        if (!known.contains(text)) {
            throw wrong(name, "one of " + known);
        }
        return text;
    }

    List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        for (JsonNode each : list(name)) {
            if (!each.isTextual()) {
                throw wrong(name, "a list of strings");
            }
            texts.add(each.asText());
        }
        return texts;
    }

    List<Double> numbers(String name) {
        List<Double> numbers = new ArrayList<>();
        for (JsonNode each : list(name)) {
            if (!each.isNumber()) {
                throw wrong(name, "a list of numbers");
            }
            numbers.add(each.asDouble());
        }
        return numbers;
    }

    List<JsonFields> objects(String name, Set<String> known) {
        List<JsonFields> objects = new ArrayList<>();
        list(name).forEach(each -> objects.add(new JsonFields(each, known)));
        return objects;
    }

    /** Returns the error for a field with an invalid value. */
    IllegalArgumentException wrong(String name, String expected) {
        return new IllegalArgumentException(name + " must be " + expected + ", not " + json.get(name));
    }

    private <E extends Enum<E>> E constant(String name, JsonNode value, Class<E> type) {
        return Arrays.stream(type.getEnumConstants())
                .filter(each -> value.isTextual() && each.name().equalsIgnoreCase(value.asText()))
                .findFirst()
                .orElseThrow(() -> wrong(name, "one of " + Arrays.toString(type.getEnumConstants())));
    }

    private Iterable<JsonNode> list(String name) {
        return json.has(name) ? require(name, JsonNodeType.ARRAY, "a list") : List.of();
    }

    private JsonNode require(String name, JsonNodeType type, String expected) {
        if (json.get(name).getNodeType() != type) {
            throw wrong(name, expected);
        }
        return json.get(name);
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }
}
