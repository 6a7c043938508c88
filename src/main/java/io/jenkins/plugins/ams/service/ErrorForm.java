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
 * firewall, or proxy. Such an error says nothing about the job, the credentials, or the account.
 */
public enum ErrorForm {
    /**
     * The OData version 3 format, which AMS v2 uses. The body is a JSON object or XML. In JSON, the property {@code
     * odata.error} (minimal JSON) or {@code error} (verbose JSON) contains a message. In XML, an {@code error} element
     * contains a {@code message} element.
     */
    ODATA(root -> hasMessage(root.path("odata.error")) || hasMessage(root.path("error")), true),

    /** The format of Azure Resource Manager and compatible services: an {@code error} object with a {@code code}. */
    RESOURCE_MANAGER(root -> hasCode(root.path("error")), false),

    /**
     * MK.IO's formats: an {@code error} object with a {@code code}, or an {@code error} string together with a {@code
     * status} number or a {@code ref} string.
     */
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
