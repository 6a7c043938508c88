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

/** What both JSON forms have in common. */
abstract class JsonFormat implements PayloadFormat {

    private static final JsonFactory FACTORY = new JsonFactory();

    private final DateSpelling dates;
    private final boolean verbose;

    JsonFormat(DateSpelling dates, boolean verbose) {
        this.dates = dates;
        this.verbose = verbose;
    }

    /** Something that writes JSON. */
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

    /** What the writer writes, whatever that is. */
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
            // the escaped slashes are part of the form, and a JSON writer would not escape them
            json.writeRawValue("\"" + text.replace("/", "\\/") + "\"");
        } else {
            json.writeString(text);
        }
    }

    abstract void writeComplex(JsonGenerator json, Entity.Complex complex) throws IOException;

    /** The message of an error, in both forms the same. */
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
