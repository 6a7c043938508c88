/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.ams.auth.PlainText;
import io.jenkins.plugins.ams.auth.RetryAfter;
import io.jenkins.plugins.ams.auth.StrictJson;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the body of an error says, whatever its form: OData's two JSON forms, those of Azure Resource Manager, MK.IO and
 * OAuth, XML, plain text, and the HTML of proxies. XML is searched, not parsed: there is nothing in it worth the risk.
 *
 * @param code the error's code; empty if it has none
 * @param line code and message on one line of at most {@link PlainText#MAX_ERROR_LENGTH} characters; empty if the body
 *     says nothing
 * @param reference the number of an error of MK.IO, which has it in the body; empty if there is none
 */
record ErrorBodyParser(String code, String line, Optional<String> reference) {

    /** A text of {@link PlainText#MAX_ERROR_LENGTH} characters is found within this, or is not looked for any further. */
    private static final int MAX_SEARCHED = 8 * 1024;

    private static final int MAX_CODE_LENGTH = 100;

    /** What Azure Resource Manager does not find, or does not offer, before it gets to the job. */
    private static final Set<String> ACCOUNT_CODES = Set.of(
            "SubscriptionNotFound",
            "InvalidSubscriptionId",
            "ResourceGroupNotFound",
            "ParentResourceNotFound",
            "InvalidResourceType",
            "InvalidResourceNamespace",
            "NoRegisteredProviderFound",
            "MissingSubscriptionRegistration");

    /** The resource that Azure Resource Manager did not find, by its type and the names on the way to it. */
    private static final Pattern RESOURCE =
            Pattern.compile("'Microsoft\\.Media/mediaServices(/[^']*)?'", Pattern.CASE_INSENSITIVE);

    /** The kind of thing that was not found is the first of these words outside of quotes, where names are. */
    private static final Pattern THING = Pattern.compile(
            "'[^']*'|\"[^\"]*\"|\\b(?:(jobs?|transforms?)|(projects?|subscriptions?|accounts?|organi[sz]ations?))\\b",
            Pattern.CASE_INSENSITIVE);

    /** As in "Please try again after '372' seconds." of Azure Resource Manager. */
    private static final Pattern RETRY_AFTER = Pattern.compile(
            "\\b(?:try(?: again)?|retry(?:ing)?|retried|wait)(?: (?:after|in|for))? '?(\\d{1,6})'? ?"
                    + "(s|secs?|seconds?|mins?|minutes?|hours?)\\b",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern XML_ERROR = Pattern.compile(
            "\\A\ufeff?\\s{0,100}(?:<\\?xml[^>]{0,200}\\?>\\s{0,100})?<(?:\\w{1,20}:)?error\\b",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern XML_MESSAGE =
            Pattern.compile("<(?:\\w{1,20}:)?message\\b[^>]{0,200}>([^<]*)<", Pattern.CASE_INSENSITIVE);
    private static final Pattern XML_CODE =
            Pattern.compile("<(?:\\w{1,20}:)?code\\b[^>]{0,200}>([^<]*)<", Pattern.CASE_INSENSITIVE);
    private static final Pattern TITLE = Pattern.compile("<title>([^<]*)<", Pattern.CASE_INSENSITIVE);
    private static final Pattern MARKUP = Pattern.compile("<[^<>]{0,1000}>");

    /**
     * Reads a body.
     *
     * @param body may be empty
     * @param token of the request, which a service that echoes it must not get into a log, cut or whole
     */
    static ErrorBodyParser of(byte[] body, String token) {
        Optional<JsonNode> json = StrictJson.object(body);
        ErrorBodyParser read = json.isPresent() ? ofJson(json.get()) : ofText(text(body));
        return new ErrorBodyParser(
                PlainText.line(read.code.replace(token, "[token]"), MAX_CODE_LENGTH),
                PlainText.line(read.line.replace(token, "[token]"), PlainText.MAX_ERROR_LENGTH),
                read.reference);
    }

    /** Returns whether a body is HTML or XML. */
    static boolean isMarkup(byte[] body) {
        return isMarkup(text(body));
    }

    /** Returns whether a body is an XML element {@code error} with a {@code message}. */
    static boolean isXmlError(byte[] body) {
        String text = text(body);
        return XML_ERROR.matcher(text).find() && XML_MESSAGE.matcher(text).find();
    }

    /**
     * Returns whether what the service does not find is the account, project or subscription, or the type of resource:
     * something that the job belongs to, and not the job itself or its transform.
     */
    boolean isAboutAccount() {
        if (isAboutAccountByCode()) {
            return true;
        }
        Matcher resource = RESOURCE.matcher(line);
        if (resource.find()) {
            return resource.group(1) == null || resource.group(1).indexOf('/', 1) < 0;
        }
        Matcher thing = THING.matcher(line);
        while (thing.find()) {
            if (thing.group(1) != null || thing.group(2) != null) {
                return thing.group(2) != null;
            }
        }
        return false;
    }

    /** The same by the error's code alone, which counts with any status. */
    boolean isAboutAccountByCode() {
        return ACCOUNT_CODES.contains(code);
    }

    /** Returns when to try again, where only the text says so. At most {@link RetryAfter#MAX_DELAY}. */
    Optional<Duration> retryAfter() {
        Matcher matcher = RETRY_AFTER.matcher(line);
        if (!matcher.find()) {
            return Optional.empty();
        }
        long number = Long.parseLong(matcher.group(1));
        Duration time =
                switch (matcher.group(2).toLowerCase(Locale.ROOT).charAt(0)) {
                    case 'h' -> Duration.ofHours(number);
                    case 'm' -> Duration.ofMinutes(number);
                    default -> Duration.ofSeconds(number);
                };
        return Optional.of(time.compareTo(RetryAfter.MAX_DELAY) > 0 ? RetryAfter.MAX_DELAY : time);
    }

    private static ErrorBodyParser ofJson(JsonNode root) {
        Optional<String> reference =
                Optional.of(root.path("ref")).filter(JsonNode::isTextual).map(JsonNode::asText);
        for (String property : List.of("odata.error", "error")) {
            JsonNode error = root.path(property);
            if (error.isObject()) {
                JsonNode message = error.path("message");
                String text = message.isObject() ? message.path("value").asText() : message.asText();
                String code = error.path("code").asText();
                return new ErrorBodyParser(code, line(code, text.isBlank() ? detail(error) : text), reference);
            } else if (error.isTextual()) {
                String description = root.path("error_description").asText();
                return new ErrorBodyParser(
                        description.isBlank() ? "" : error.asText(), line(error.asText(), description), reference);
            }
        }
        return new ErrorBodyParser("", root.isEmpty() ? "" : root.toString(), reference);
    }

    private static String detail(JsonNode error) {
        JsonNode extra = error.path("extraDetail");
        String detail = error.path("detail").asText();
        return extra.isTextual() && !extra.asText().isBlank() ? (detail + " " + extra.asText()).strip() : detail;
    }

    private static String line(String code, String text) {
        return code.isBlank() || text.isBlank() ? code + text : code + ": " + text;
    }

    private static ErrorBodyParser ofText(String text) {
        if (!isMarkup(text)) {
            return new ErrorBodyParser("", text, Optional.empty());
        }
        String code = XML_ERROR.matcher(text).find() ? found(XML_CODE, text) : "";
        for (Pattern pattern : List.of(XML_MESSAGE, TITLE)) {
            String found = found(pattern, text);
            if (!found.isBlank()) {
                return new ErrorBodyParser(code, line(code, found), Optional.empty());
            }
        }
        return new ErrorBodyParser(code, unescaped(MARKUP.matcher(text).replaceAll(" ")), Optional.empty());
    }

    private static String found(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? unescaped(matcher.group(1)) : "";
    }

    private static boolean isMarkup(String text) {
        return text.stripLeading().startsWith("<") || text.startsWith("\ufeff<");
    }

    private static String text(byte[] body) {
        return new String(body, 0, Math.min(body.length, MAX_SEARCHED), StandardCharsets.UTF_8);
    }

    private static String unescaped(String text) {
        return text.replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&apos;", "'")
                .replace("&amp;", "&");
    }
}
