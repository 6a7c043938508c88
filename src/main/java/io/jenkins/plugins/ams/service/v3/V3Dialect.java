/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service.v3;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.ams.http.PlainText;
import io.jenkins.plugins.ams.service.ErrorForm;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.JobId.MalformedJobIdException;
import io.jenkins.plugins.ams.service.ODataUrls;
import io.jenkins.plugins.ams.service.TrustedHosts;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The differences between v3-style APIs: the job paths relative to the base URI, the syntax of names, the error format,
 * and the trusted hosts.
 */
public final class V3Dialect {

    /** The Azure Resource Manager hosts in the public, China, and US Government clouds. */
    public static final TrustedHosts RESOURCE_MANAGER_HOSTS = new TrustedHosts(
            List.of("management.azure.com", "management.chinacloudapi.cn", "management.usgovcloudapi.net"), null);

    /** The current and former MK.IO hosts. */
    public static final TrustedHosts MK_IO_HOSTS = new TrustedHosts(List.of("app.mk.io", "api.mk.io"), null);

    /**
     * Matches names that follow the AMS v3 naming conventions. The conventions also prohibit control characters, which
     * {@link #jobId} rejects separately.
     */
    private static final String RESOURCE_NAME =
            "[^<>%&:\\\\?/*+.'\\s](?:[^<>%&:\\\\?/*+.']{0,258}[^<>%&:\\\\?/*+.'\\s])?";

    /** Matches names as MK.IO's client library defines them: letters and digits, with {@code -_.} between them. */
    private static final String MK_IO_NAME = "[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,258}[A-Za-z0-9])?";

    private static final Pattern GUID =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", Pattern.CASE_INSENSITIVE);
    private static final Pattern RESOURCE_GROUP = Pattern.compile("[\\p{L}\\p{Nd}_().-]{0,89}[\\p{L}\\p{Nd}_()-]");
    private static final Pattern ACCOUNT = Pattern.compile("[A-Za-z0-9]{3,24}");
    private static final Pattern PROJECT = Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9_-]{0,98}[A-Za-z0-9])?");

    private static final String ANY_ACCOUNT =
            "subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\\.Media/mediaServices/[^/]+/";

    /** Maximum length of user input in characters. Job URLs are shorter. */
    private static final int MAX_LENGTH = 4000;

    private static final Pattern URL = Pattern.compile("https?://[^/?#\\s]+(/.*)", Pattern.CASE_INSENSITIVE);

    /** Matches the beginning of an account path in a URL. */
    private static final Pattern ACCOUNT_PATH =
            Pattern.compile("/(?:subscriptions|api/v1/projects|api/ams)/", Pattern.CASE_INSENSITIVE);

    private final String prefix;
    private final String query;
    private final ErrorForm errorForm;
    private final List<Pattern> ids;

    /**
     * @param prefix the account path, relative to the base URI
     * @param query the query to add to all requests; may be empty
     * @param errorForm the error format
     * @param name a regular expression for transform and job names
     * @param accounts regular expressions for the account paths that job IDs may contain
     */
    private V3Dialect(String prefix, String query, ErrorForm errorForm, String name, List<String> accounts) {
        this.prefix = prefix;
        this.query = query;
        this.errorForm = errorForm;
        String job = "transforms/(" + name + ")/jobs/(" + name + ")/?";
        this.ids = Stream.concat(
                        Stream.of("(" + name + ")/(" + name + ")", "/?" + job),
                        accounts.stream().map(account -> "/?" + account + job))
                .map(regex -> Pattern.compile(regex, Pattern.CASE_INSENSITIVE))
                .toList();
    }

    /**
     * Returns the dialect for an account in Azure Resource Manager or a compatible service.
     *
     * @throws IllegalArgumentException if one of the names is invalid
     */
    public static V3Dialect resourceManager(String subscriptionId, String resourceGroup, String account) {
        if (!isGuid(subscriptionId) || !isResourceGroup(resourceGroup) || !isAccount(account)) {
            throw new IllegalArgumentException("invalid subscription ID, resource group, or account name");
        }
        String path = path(subscriptionId, resourceGroup, account);
        String encoded = path(subscriptionId, ODataUrls.encoded(resourceGroup), account);
        return new V3Dialect(
                encoded,
                "api-version=2022-07-01",
                ErrorForm.RESOURCE_MANAGER,
                RESOURCE_NAME,
                List.of(Pattern.quote(path)));
    }

    /** Returns a dialect for parsing job IDs of any account in Azure Resource Manager. */
    public static V3Dialect anyResource() {
        return new V3Dialect("", "", ErrorForm.RESOURCE_MANAGER, RESOURCE_NAME, List.of(ANY_ACCOUNT));
    }

    private static String path(String subscriptionId, String resourceGroup, String account) {
        return "subscriptions/" + subscriptionId + "/resourceGroups/" + resourceGroup
                + "/providers/Microsoft.Media/mediaServices/" + account + "/";
    }

    /**
     * Returns the dialect for an MK.IO project.
     *
     * @throws IllegalArgumentException if the name is invalid
     */
    public static V3Dialect mkIoProject(String project) {
        if (!isProject(project)) {
            throw new IllegalArgumentException("invalid project name");
        }
        return mkIo("api/v1/projects/" + project + "/media/");
    }

    /**
     * Returns the dialect for an MK.IO subscription. Subscriptions exist only in MK.IO's former API and correspond to
     * projects.
     *
     * @throws IllegalArgumentException if the name is invalid
     */
    public static V3Dialect mkIoSubscription(String subscription) {
        if (!isProject(subscription)) {
            throw new IllegalArgumentException("invalid subscription name");
        }
        return mkIo("api/ams/" + subscription + "/");
    }

    /** Returns a dialect for parsing job IDs of any MK.IO project or subscription. */
    public static V3Dialect anyMkIo() {
        return new V3Dialect(
                "",
                "",
                ErrorForm.MK_IO,
                MK_IO_NAME,
                List.of("api/v1/projects/[^/]+/media/", "api/ams/[^/]+/", ANY_ACCOUNT));
    }

    /**
     * Returns a dialect that accepts resource IDs of any account, because MK.IO's resource IDs do not contain the
     * project or subscription.
     */
    private static V3Dialect mkIo(String prefix) {
        return new V3Dialect(prefix, "", ErrorForm.MK_IO, MK_IO_NAME, List.of(Pattern.quote(prefix), ANY_ACCOUNT));
    }

    /** Returns whether a string is a GUID, such as an Azure subscription ID. */
    public static boolean isGuid(@CheckForNull String text) {
        return text != null && GUID.matcher(text).matches();
    }

    /** Returns whether a string is a valid resource group name. */
    public static boolean isResourceGroup(@CheckForNull String text) {
        return text != null && RESOURCE_GROUP.matcher(text).matches();
    }

    /** Returns whether a string is a valid Media Services account name. */
    public static boolean isAccount(@CheckForNull String text) {
        return text != null && ACCOUNT.matcher(text).matches();
    }

    /** Returns whether a string is a valid MK.IO project or subscription name. */
    public static boolean isProject(@CheckForNull String text) {
        return text != null && PROJECT.matcher(text).matches();
    }

    /**
     * Parses a job ID as users enter or paste it: {@code transform/job}, {@code transforms/…/jobs/…}, a full resource
     * ID, the URL of a job in this account on any host, or the URL of the job's page in the Azure portal. Each format
     * can be percent-encoded and surrounded by quotes or braces.
     *
     * @return the ID, in the format {@code transform/job}
     * @throws MalformedJobIdException if the string has none of these formats
     */
    public JobId jobId(@CheckForNull String text) {
        String trimmed = text == null ? "" : text.trim();
        String path = trimmed.length() > MAX_LENGTH ? "" : path(JobId.unwrapped(trimmed));
        for (Pattern pattern : ids) {
            Matcher matcher = pattern.matcher(path);
            if (matcher.matches() && PlainText.isPlain(path)) {
                return new JobId(matcher.group(1) + "/" + matcher.group(2));
            }
        }
        throw new MalformedJobIdException(trimmed, isOfAnAccount(path) ? "account" : null);
    }

    /**
     * Returns the decoded path of a URL from the account path onward, or an empty string if the URL contains no account
     * path. If the string is not a URL, returns the whole string decoded.
     */
    private static String path(String text) {
        Matcher url = URL.matcher(text);
        if (!url.matches()) {
            return decoded(text);
        }
        String path = url.group(1).replaceFirst("^/#[^/]*", ""); // in the Azure portal, the path is in the fragment
        path = path.replaceFirst("[?#].*$", "");
        Matcher account = ACCOUNT_PATH.matcher(path);
        return account.find() ? decoded(path.substring(account.start())) : "";
    }

    /**
     * Decodes each segment of a path. Returns an empty string if a segment is malformed or contains an encoded slash.
     */
    private static String decoded(String path) {
        if (path.indexOf('%') < 0) {
            return path;
        }
        StringJoiner decoded = new StringJoiner("/");
        for (String encoded : path.split("/", -1)) {
            try {
                String segment = URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
                if (segment.indexOf('/') >= 0) {
                    return "";
                }
                decoded.add(segment);
            } catch (IllegalArgumentException malformed) {
                return "";
            }
        }
        return decoded.toString();
    }

    /**
     * Returns whether a path refers to a job in any account. Does not use a single regular expression, which could take
     * very long to reject a long string.
     */
    private static boolean isOfAnAccount(String path) {
        String lower = "/" + path.toLowerCase(Locale.ROOT);
        int transforms = lower.indexOf("/transforms/");
        int job = transforms < 0 ? -1 : lower.indexOf("/jobs/", transforms);
        return ACCOUNT_PATH.matcher(lower.replaceFirst("^//", "/")).lookingAt()
                && job >= 0
                && lower.indexOf('/', job + "/jobs/".length()) < 0
                && lower.length() > job + "/jobs/".length();
    }

    /** Returns the account path, relative to the base URI. The path is empty or ends with a slash. */
    String prefix() {
        return prefix;
    }

    ErrorForm errorForm() {
        return errorForm;
    }

    /** Returns the query to add to all requests, such as the API version; may be empty. */
    String query() {
        return query;
    }
}
