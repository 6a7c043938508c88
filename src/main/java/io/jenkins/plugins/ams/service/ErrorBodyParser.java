/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.ams.http.PlainText;
import io.jenkins.plugins.ams.http.RetryAfter;
import io.jenkins.plugins.ams.http.StrictJson;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The parsed body of an error response. Supports OData's two JSON formats; the JSON formats of Azure Resource Manager,
 * MK.IO, and OAuth; XML; plain text; and HTML, which proxies send. XML is searched with regular expressions, which
 * avoids the security risks of an XML parser.
 *
 * @param code the error code; empty if the body has none
 * @param line the code and the message on one line of at most {@link PlainText#MAX_ERROR_LENGTH} characters; empty if
 *     the body contains neither
 * @param reference the error's reference number; empty unless the service is MK.IO and sent the number
 */
record ErrorBodyParser(String code, String line, Optional<String> reference) {

    /** Maximum number of bytes of a body that are searched for an error message. */
    private static final int MAX_SEARCHED = 8 * 1024;

    private static final int MAX_CODE_LENGTH = 100;

    /**
     * Azure Resource Manager error codes that concern the account or one of its parent resources, rather than the job.
     */
    private static final Set<String> ACCOUNT_CODES = Set.of(
            "SubscriptionNotFound",
            "InvalidSubscriptionId",
            "ResourceGroupNotFound",
            "ParentResourceNotFound",
            "InvalidResourceType",
            "InvalidResourceNamespace",
            "NoRegisteredProviderFound",
            "MissingSubscriptionRegistration");

    /**
     * Matches the resource that Azure Resource Manager could not find, such as {@code
     * 'Microsoft.Media/mediaServices/name'} for an account. For a job, the path after the account name is included.
     */
    private static final Pattern RESOURCE =
            Pattern.compile("'Microsoft\\.Media/mediaServices(/[^']*)?'", Pattern.CASE_INSENSITIVE);

    /**
     * Matches a word for a type of resource, such as "job" or "project", or a quoted string. Quoted strings contain
     * names of resources and are skipped.
     */
    private static final Pattern RESOURCE_KIND = Pattern.compile(
            "'[^']*'|\"[^\"]*\"|\\b(?:(jobs?|transforms?)|(projects?|subscriptions?|accounts?|organi[sz]ations?))\\b",
            Pattern.CASE_INSENSITIVE);

    /** Matches phrases such as "Please try again after '372' seconds.", which Azure Resource Manager sends. */
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
     * Parses the body of an error response.
     *
     * @param body the response body; may be empty
     * @param token the access token that was sent with the request. A service may repeat the token in its error
     *     message, which is logged, so the token is removed from the code and the message
     */
    static ErrorBodyParser of(byte[] body, String token) {
        Optional<JsonNode> json = StrictJson.object(body);
        ErrorBodyParser parsed = json.isPresent() ? ofJson(json.get()) : ofText(text(body));
        return new ErrorBodyParser(
                PlainText.line(parsed.code.replace(token, "[token]"), MAX_CODE_LENGTH),
                PlainText.line(parsed.line.replace(token, "[token]"), PlainText.MAX_ERROR_LENGTH),
                parsed.reference);
    }

    /** Returns whether a body is HTML or XML. */
    static boolean isMarkup(byte[] body) {
        return isMarkup(text(body));
    }

    /** Returns whether a body is an XML {@code error} element that contains a {@code message} element. */
    static boolean isXmlError(byte[] body) {
        String text = text(body);
        return XML_ERROR.matcher(text).find() && XML_MESSAGE.matcher(text).find();
    }

    /**
     * Returns whether the error means that the service could not find the account, project, subscription, or resource
     * type, as opposed to the job or its transform.
     */
    boolean isAboutAccount() {
        if (isAboutAccountByCode()) {
            return true;
        }
        Matcher resource = RESOURCE.matcher(line);
        if (resource.find()) {
            return resource.group(1) == null || resource.group(1).indexOf('/', 1) < 0;
        }
        Matcher kind = RESOURCE_KIND.matcher(line);
        while (kind.find()) {
            if (kind.group(1) != null || kind.group(2) != null) {
                return kind.group(2) != null;
            }
        }
        return false;
    }

    /**
     * Returns whether the error code shows that the account or one of its parent resources could not be found. Unlike
     * the message, the error code is unambiguous for every HTTP status.
     */
    boolean isAboutAccountByCode() {
        return ACCOUNT_CODES.contains(code);
    }

    /**
     * Returns the retry delay in the error message, limited to {@link RetryAfter#MAX_DELAY}, or empty if the message
     * does not contain a retry delay.
     */
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
        String code = XML_ERROR.matcher(text).find() ? firstGroup(XML_CODE, text) : "";
        for (Pattern pattern : List.of(XML_MESSAGE, TITLE)) {
            String found = firstGroup(pattern, text);
            if (!found.isBlank()) {
                return new ErrorBodyParser(code, line(code, found), Optional.empty());
            }
        }
        return new ErrorBodyParser(code, unescaped(MARKUP.matcher(text).replaceAll(" ")), Optional.empty());
    }

    private static String firstGroup(Pattern pattern, String text) {
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
