/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.ams.http.StrictJson;
import java.util.function.Predicate;

/**
 * The format of an API's error bodies. An error in another format comes from an intermediary such as an ingress, a
 * firewall or a proxy, and says nothing about a job, a credential or an account.
 */
public enum ErrorForm {
    /**
     * OData version 3, used by AMS v2: {@code odata.error} (minimal JSON) or {@code error} (verbose JSON) with a
     * message, or an XML element {@code error} with a {@code message}.
     */
    ODATA(root -> hasMessage(root.path("odata.error")) || hasMessage(root.path("error")), true),

    /** Azure Resource Manager and compatible services: {@code error} with a {@code code}. */
    RESOURCE_MANAGER(root -> hasCode(root.path("error")), false),

    /** MK.IO: {@code error} with a {@code code}, or a textual {@code error} next to a {@code status} or {@code ref}. */
    MK_IO(
            root -> hasCode(root.path("error"))
                    || root.path("error").isTextual()
                            && (root.path("status").isNumber()
                                    || root.path("ref").isTextual()),
            false);

    private final Predicate<JsonNode> json;
    private final boolean xml;

    ErrorForm(Predicate<JsonNode> json, boolean xml) {
        this.json = json;
        this.xml = xml;
    }

    /** Returns whether a body has this format. */
    boolean matches(byte[] body) {
        return StrictJson.object(body).map(json::test).orElseGet(() -> xml && ErrorBodyParser.isXmlError(body));
    }

    private static boolean hasMessage(JsonNode error) {
        JsonNode message = error.path("message");
        return message.isTextual() || message.path("value").isTextual();
    }

    private static boolean hasCode(JsonNode error) {
        JsonNode code = error.path("code");
        return code.isValueNode() && !code.asText("").isBlank();
    }
}
