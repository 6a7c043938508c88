/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import java.util.List;

/** A format of the service's payloads. */
interface PayloadFormat {

    /** Returns the Content-Type of a feed or of a single entity. */
    String contentType(boolean feed);

    /** @param base the API's base address in the client's request, with a trailing slash */
    byte[] feed(String base, String set, List<Entity> entities);

    byte[] entity(String base, Entity entity);

    byte[] property(String base, String name, Object value);

    byte[] error(String code, String message);

    byte[] serviceDocument(String base, List<String> sets);
}
