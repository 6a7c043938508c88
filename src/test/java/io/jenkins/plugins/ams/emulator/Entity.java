/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An entity of the service, independent of the payload format.
 *
 * @param set the entity set, such as {@code Jobs}
 * @param type the EDM type's simple name, such as {@code Job}
 * @param id the key
 * @param properties values by name: null, String, Boolean, Integer, Double, {@link DateTime}, {@link Int64} or
 *     {@link Complex}
 * @param links navigation properties
 */
record Entity(String set, String type, String id, Map<String, Object> properties, List<String> links) {

    private static final String NAMESPACE = "Microsoft.Cloud.Media.Vod.Rest.Data.Models.";

    static String fullType(String type) {
        return NAMESPACE + type;
    }

    /** Returns the entity with only the given properties. */
    Entity select(Set<String> names) {
        Map<String, Object> some = new LinkedHashMap<>(properties);
        some.keySet().retainAll(names);
        return new Entity(set, type, id, some, List.of());
    }

    /** @param role the role in the payload, which determines the format */
    record DateTime(Instant value, DateRole role) {}

    /** An Edm.Int64, which is a string in JSON. */
    record Int64(long value) {}

    /** A collection of a complex type. */
    record Complex(String type, List<Map<String, Object>> items) {}
}
