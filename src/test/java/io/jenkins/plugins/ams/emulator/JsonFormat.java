/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/** Base class of the JSON formats. */
abstract class JsonFormat implements PayloadFormat {

    private static final JsonFactory FACTORY = new JsonFactory();

    private final DateSpelling dates;
    private final boolean verbose;

    JsonFormat(DateSpelling dates, boolean verbose) {
        this.dates = dates;
        this.verbose = verbose;
    }

    /** Writes a part of a JSON document. */
    interface Body {
        void write(JsonGenerator json) throws IOException;
    }

    static byte[] object(Body body) {
        return value(json -> {
            json.writeStartObject();
            body.write(json);
            json.writeEndObject();
        });
    }

    /** Returns the JSON that the body writes. */
    static byte[] value(Body body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
            body.write(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    void writeProperties(JsonGenerator json, Map<String, Object> properties) throws IOException {
        for (Map.Entry<String, Object> property : properties.entrySet()) {
            json.writeFieldName(property.getKey());
            writeValue(json, property.getValue());
        }
    }

    void writeValue(JsonGenerator json, Object value) throws IOException {
        if (value == null) {
            json.writeNull();
        } else if (value instanceof Entity.DateTime date) {
            writeDate(json, date);
        } else if (value instanceof Entity.Int64 number) {
            json.writeString(Long.toString(number.value()));
        } else if (value instanceof Entity.Complex complex) {
            writeComplex(json, complex);
        } else if (value instanceof Integer number) {
            json.writeNumber(number);
        } else if (value instanceof Double number) {
            json.writeNumber(number);
        } else if (value instanceof Boolean bool) {
            json.writeBoolean(bool);
        } else {
            json.writeString(value.toString());
        }
    }

    private void writeDate(JsonGenerator json, Entity.DateTime date) throws IOException {
        DateSpelling spelling = dates.at(date.role(), verbose);
        String text = spelling.write(date.value());
        if (spelling == DateSpelling.EPOCH) {
            // the slashes must be escaped, which a JSON writer does not do
            json.writeRawValue("\"" + text.replace("/", "\\/") + "\"");
        } else {
            json.writeString(text);
        }
    }

    abstract void writeComplex(JsonGenerator json, Entity.Complex complex) throws IOException;

    /** Writes an error's code and message, which are the same in both formats. */
    static void writeMessage(JsonGenerator json, String code, String message) throws IOException {
        json.writeStringField("code", code);
        json.writeObjectFieldStart("message");
        json.writeStringField("lang", "en-US");
        json.writeStringField("value", message);
        json.writeEndObject();
    }

    void writeItems(JsonGenerator json, List<Map<String, Object>> items) throws IOException {
        json.writeStartArray();
        for (Map<String, Object> item : items) {
            json.writeStartObject();
            writeProperties(json, item);
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
