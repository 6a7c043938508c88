/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The format {@code application/json;odata=verbose} as recorded: {@code {"d":{"results"}}}, with {@code __metadata} and
 * {@code __deferred}.
 */
final class VerboseJson extends JsonFormat {

    VerboseJson(DateSpelling dates) {
        super(dates, true);
    }

    @Override
    public String contentType(boolean feed) {
        return "application/json;odata=verbose;charset=utf-8";
    }

    @Override
    public byte[] feed(String base, String set, List<Entity> entities) {
        return object(json -> {
            json.writeObjectFieldStart("d");
            json.writeArrayFieldStart("results");
            for (Entity entity : entities) {
                json.writeStartObject();
                writeEntity(json, base, entity);
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    @Override
    public byte[] entity(String base, Entity entity) {
        return object(json -> {
            json.writeObjectFieldStart("d");
            writeEntity(json, base, entity);
            json.writeEndObject();
        });
    }

    /** Writes {@code {"d":{"State":2}}} (AMS REST reference). */
    @Override
    public byte[] property(String base, String name, Object value) {
        return object(json -> {
            json.writeObjectFieldStart("d");
            json.writeFieldName(name);
            writeValue(json, value);
            json.writeEndObject();
        });
    }

    @Override
    public byte[] error(String code, String message) {
        return object(json -> {
            json.writeObjectFieldStart("error");
            writeMessage(json, code, message);
            json.writeEndObject();
        });
    }

    @Override
    public byte[] serviceDocument(String base, List<String> sets) {
        return object(json -> {
            json.writeObjectFieldStart("d");
            json.writeArrayFieldStart("EntitySets");
            for (String set : sets) {
                json.writeString(set);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    /** Returns the link to an entity as the service writes it, with an upper-case percent-encoded key. */
    static String uri(String base, Entity entity) {
        return base + entity.set() + "('" + URLEncoder.encode(entity.id(), StandardCharsets.UTF_8) + "')";
    }

    private void writeEntity(JsonGenerator json, String base, Entity entity) throws IOException {
        String address = uri(base, entity);
        json.writeObjectFieldStart("__metadata");
        json.writeStringField("id", address);
        json.writeStringField("uri", address);
        json.writeStringField("type", Entity.fullType(entity.type()));
        json.writeEndObject();
        for (String link : entity.links()) {
            json.writeObjectFieldStart(link);
            json.writeObjectFieldStart("__deferred");
            json.writeStringField("uri", address + "/" + link);
            json.writeEndObject();
            json.writeEndObject();
        }
        writeProperties(json, entity.properties());
    }

    @Override
    void writeComplex(JsonGenerator json, Entity.Complex complex) throws IOException {
        json.writeStartObject();
        json.writeObjectFieldStart("__metadata");
        json.writeStringField("type", "Collection(" + Entity.fullType(complex.type()) + ")");
        json.writeEndObject();
        json.writeFieldName("results");
        writeItems(json, complex.items());
        json.writeEndObject();
    }
}
