/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.ams.auth.PlainText;
import io.jenkins.plugins.ams.auth.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the body of a refusal says, for people. Services answer errors in OData's two JSON forms, in that of Azure Resource
 * Manager, in that of MK.IO, in XML and in plain text; proxies in front of it answer HTML. XML is searched, not parsed: there is nothing in it worth the risk.
 */
final class ErrorText {

    private static final int LONGEST = 300;

    /** A text of {@link #LONGEST} characters is found within this, or is not looked for any further. */
    private static final int SEARCHED = 8 * 1024;

    private static final Pattern XML_MESSAGE =
            Pattern.compile("<(?:\\w{1,20}:)?message\\b[^>]{0,200}>([^<]*)<", Pattern.CASE_INSENSITIVE);
    private static final Pattern TITLE = Pattern.compile("<title>([^<]*)<", Pattern.CASE_INSENSITIVE);
    private static final Pattern MARKUP = Pattern.compile("<[^<>]{0,1000}>");

    private ErrorText() {}

    /**
     * One line of at most some 300 characters, whatever the body is.
     *
     * @param body may be empty
     * @param token of the request, which a service that echoes it must not get into a log, cut or whole
     * @return empty if the body says nothing
     */
    static String of(byte[] body, String token) {
        String text = StrictJson.object(body).map(ErrorText::ofJson).orElseGet(() -> ofText(body));
        return PlainText.line(text.replace(token, "[token]"), LONGEST);
    }

    private static String ofJson(JsonNode root) {
        for (String property : List.of("odata.error", "error")) {
            JsonNode error = root.path(property);
            if (error.isTextual()) {
                return error.asText();
            }
            if (error.isObject()) {
                JsonNode message = error.path("message");
                String text = message.isObject() ? message.path("value").asText() : message.asText();
                text = text.isBlank() ? error.path("detail").asText() : text;
                String code = error.path("code").asText();
                return code.isBlank() || text.isBlank() ? code + text : code + ": " + text;
            }
        }
        return root.toString();
    }

    /** The number of an error of MK.IO, which has it in the body. */
    static Optional<String> reference(byte[] body) {
        return StrictJson.object(body)
                .map(root -> root.path("ref"))
                .filter(JsonNode::isTextual)
                .map(JsonNode::asText);
    }

    private static String ofText(byte[] body) {
        String text = new String(body, 0, Math.min(body.length, SEARCHED), StandardCharsets.UTF_8);
        if (!text.stripLeading().startsWith("<") && !text.startsWith("\ufeff<")) {
            return text;
        }
        for (Pattern pattern : List.of(XML_MESSAGE, TITLE)) {
            Matcher matcher = pattern.matcher(text);
            if (matcher.find() && !matcher.group(1).isBlank()) {
                return unescaped(matcher.group(1));
            }
        }
        return unescaped(MARKUP.matcher(text).replaceAll(" "));
    }

    private static String unescaped(String text) {
        return text.replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&apos;", "'")
                .replace("&amp;", "&");
    }
}
