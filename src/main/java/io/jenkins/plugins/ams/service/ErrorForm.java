/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.ams.http.StrictJson;
import java.util.function.Predicate;

/**
 * The format of an API's error bodies. An error in another format comes from an intermediary, such as an ingress,
 * firewall, or proxy. It does not concern a job, credential, or account.
 */
public enum ErrorForm {
    /**
     * OData version 3, which AMS v2 uses: {@code odata.error} (minimal JSON) or {@code error} (verbose JSON) with a
     * message, or an XML {@code error} element that contains a {@code message} element.
     */
    ODATA(root -> hasMessage(root.path("odata.error")) || hasMessage(root.path("error")), true),

    /** Azure Resource Manager and compatible services: {@code error} with a {@code code}. */
    RESOURCE_MANAGER(root -> hasCode(root.path("error")), false),

    /** MK.IO: {@code error} with a {@code code}, or an {@code error} string and a {@code status} or {@code ref}. */
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
