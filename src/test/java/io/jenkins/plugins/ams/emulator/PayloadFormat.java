/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import java.util.List;

/** One of the wire forms of the service's payloads. */
interface PayloadFormat {

    /** The Content-Type of a feed or of a single answer. */
    String contentType(boolean feed);

    /** @param base the API's address with a slash at its end, as the client addressed it */
    byte[] feed(String base, String set, List<Entity> entities);

    byte[] entity(String base, Entity entity);

    byte[] property(String base, String name, Object value);

    byte[] error(String code, String message);

    byte[] serviceDocument(String base, List<String> sets);
}
