/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;

/** The format {@code application/json} in data service version 3.0 as recorded: {@code {"odata.metadata", "value"}}. */
final class MinimalJson extends JsonFormat {

    MinimalJson(DateSpelling dates) {
        super(dates, false);
    }

    @Override
    public String contentType(boolean feed) {
        return "application/json;odata=minimalmetadata;streaming=true;charset=utf-8";
    }

    @Override
    public byte[] feed(String base, String set, List<Entity> entities) {
        return object(json -> {
            json.writeStringField("odata.metadata", base + "$metadata#" + set);
            json.writeArrayFieldStart("value");
            for (Entity entity : entities) {
                json.writeStartObject();
                writeProperties(json, entity.properties());
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    @Override
    public byte[] entity(String base, Entity entity) {
        return object(json -> {
            json.writeStringField("odata.metadata", base + "$metadata#" + entity.set() + "/@Element");
            writeProperties(json, entity.properties());
        });
    }

    /** Writes a property as OData version 3 specifies. Only the verbose format of the service is documented. */
    @Override
    public byte[] property(String base, String name, Object value) {
        return object(json -> {
            json.writeStringField("odata.metadata", base + "$metadata#" + edmType(value));
            json.writeFieldName("value");
            writeValue(json, value);
        });
    }

    @Override
    public byte[] error(String code, String message) {
        return object(json -> {
            json.writeObjectFieldStart("odata.error");
            writeMessage(json, code, message);
            json.writeEndObject();
        });
    }

    @Override
    public byte[] serviceDocument(String base, List<String> sets) {
        return object(json -> {
            json.writeStringField("odata.metadata", base + "$metadata");
            json.writeArrayFieldStart("value");
            for (String set : sets) {
                json.writeStartObject();
                json.writeStringField("name", set);
                json.writeStringField("url", set);
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    @Override
    void writeComplex(JsonGenerator json, Entity.Complex complex) throws IOException {
        writeItems(json, complex.items());
    }

    private static String edmType(Object value) {
        if (value instanceof Integer) {
            return "Edm.Int32";
        }
        if (value instanceof Double) {
            return "Edm.Double";
        }
        return value instanceof Entity.DateTime ? "Edm.DateTime" : "Edm.String";
    }
}
