/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service.v3;

import io.jenkins.plugins.ams.auth.PlainText;
import io.jenkins.plugins.ams.service.ErrorForm;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.JobId.MalformedJobIdException;
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
 * In what the services with the shape of AMS v3 differ: where jobs are below the base address, how names are spelt and
 * which hosts are theirs.
 */
public final class V3Dialect {

    /** Of Azure Resource Manager, in the public cloud, China and US Government. */
    public static final TrustedHosts RESOURCE_MANAGER_HOSTS = new TrustedHosts(
            List.of("management.azure.com", "management.chinacloudapi.cn", "management.usgovcloudapi.net"), null);

    /** Of MK.IO, now and before. */
    public static final TrustedHosts MK_IO_HOSTS = new TrustedHosts(List.of("app.mk.io", "api.mk.io"), null);

    /** Naming conventions of AMS v3: these characters and control characters are not allowed. */
    private static final String RESOURCE_NAME =
            "[^<>%&:\\\\?/*+.'\\s](?:[^<>%&:\\\\?/*+.']{0,258}[^<>%&:\\\\?/*+.'\\s])?";

    /** As MK.IO's own client library has it: letters, digits, and {@code -_.} between them. */
    private static final String MK_IO_NAME = "[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,258}[A-Za-z0-9])?";

    private static final Pattern GUID =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", Pattern.CASE_INSENSITIVE);
    private static final Pattern RESOURCE_GROUP = Pattern.compile("[\\p{L}\\p{Nd}_().-]{0,89}[\\p{L}\\p{Nd}_()-]");
    private static final Pattern ACCOUNT = Pattern.compile("[A-Za-z0-9]{3,24}");
    private static final Pattern PROJECT = Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9_-]{0,98}[A-Za-z0-9])?");

    private static final String ANY_ACCOUNT =
            "subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\\.Media/mediaServices/[^/]+/";

    /** Longer texts are no addresses of jobs. */
    private static final int MAX_LENGTH = 4000;

    private static final Pattern URL = Pattern.compile("https?://[^/?#\\s]+(/.*)", Pattern.CASE_INSENSITIVE);

    /** Where the path of an account begins in an address. */
    private static final Pattern ACCOUNT_PATH =
            Pattern.compile("/(?:subscriptions|api/v1/projects|api/ams)/", Pattern.CASE_INSENSITIVE);

    private final String prefix;
    private final String query;
    private final ErrorForm errorForm;
    private final List<Pattern> ids;

    /** @param accounts the path of the account, or of any that may be meant, as regular expressions */
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
     * AMS v3 by Azure Resource Manager, and what looks like it.
     *
     * @throws IllegalArgumentException if one of the names is none
     */
    public static V3Dialect resourceManager(String subscriptionId, String resourceGroup, String account) {
        if (!isGuid(subscriptionId) || !isResourceGroup(resourceGroup) || !isAccount(account)) {
            throw new IllegalArgumentException("not the names of an account");
        }
        String path = path(subscriptionId, resourceGroup, account);
        String encoded = path(subscriptionId, V3Urls.encoded(resourceGroup), account);
        return new V3Dialect(
                encoded,
                "api-version=2022-07-01",
                ErrorForm.RESOURCE_MANAGER,
                RESOURCE_NAME,
                List.of(Pattern.quote(path)));
    }

    /** Some account of Azure Resource Manager, whichever: for reading ids while it is not known. */
    public static V3Dialect anyResource() {
        return new V3Dialect("", "", ErrorForm.RESOURCE_MANAGER, RESOURCE_NAME, List.of(ANY_ACCOUNT));
    }

    private static String path(String subscriptionId, String resourceGroup, String account) {
        return "subscriptions/" + subscriptionId + "/resourceGroups/" + resourceGroup
                + "/providers/Microsoft.Media/mediaServices/" + account + "/";
    }

    /**
     * MK.IO, by project.
     *
     * @throws IllegalArgumentException if the name is none
     */
    public static V3Dialect mkIoProject(String project) {
        if (!isProject(project)) {
            throw new IllegalArgumentException("not the name of a project");
        }
        return mkIo("api/v1/projects/" + project + "/media/");
    }

    /**
     * MK.IO in the form it had before, by subscription.
     *
     * @throws IllegalArgumentException if the name is none
     */
    public static V3Dialect mkIoSubscription(String subscription) {
        if (!isProject(subscription)) {
            throw new IllegalArgumentException("not the name of a subscription");
        }
        return mkIo("api/ams/" + subscription + "/");
    }

    /** Some project or subscription of MK.IO: for reading IDs while it is not known. */
    public static V3Dialect anyMkIo() {
        return new V3Dialect(
                "",
                "",
                ErrorForm.MK_IO,
                MK_IO_NAME,
                List.of("api/v1/projects/[^/]+/media/", "api/ams/[^/]+/", ANY_ACCOUNT));
    }

    /** MK.IO names no account in its resource IDs that could be another. */
    private static V3Dialect mkIo(String prefix) {
        return new V3Dialect(prefix, "", ErrorForm.MK_IO, MK_IO_NAME, List.of(Pattern.quote(prefix), ANY_ACCOUNT));
    }

    /** Whether a text is a GUID, as subscriptions of Azure have. */
    public static boolean isGuid(String text) {
        return text != null && GUID.matcher(text).matches();
    }

    /** Whether a text can name a resource group. */
    public static boolean isResourceGroup(String text) {
        return text != null && RESOURCE_GROUP.matcher(text).matches();
    }

    /** Whether a text can name an account of Media Services. */
    public static boolean isAccount(String text) {
        return text != null && ACCOUNT.matcher(text).matches();
    }

    /** Whether a text can name a project or a subscription of MK.IO. */
    public static boolean isProject(String text) {
        return text != null && PROJECT.matcher(text).matches();
    }

    /**
     * Reads an identifier as people write or paste it: {@code transform/job}, {@code transforms/…/jobs/…}, the full
     * resource ID or the address of a job of this account, whatever its host, or its address in the Azure portal; also in
     * quotes or braces, and percent-encoded.
     *
     * @return {@code transform/job}
     * @throws MalformedJobIdException if it is none of these
     */
    public JobId jobId(String text) {
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

    /** The path that an address has from the account on, decoded; what is no address is decoded only. */
    private static String path(String text) {
        Matcher url = URL.matcher(text);
        if (!url.matches()) {
            return decoded(text);
        }
        String path = url.group(1).replaceFirst("^/#[^/]*", ""); // the Azure portal has it in the fragment
        path = path.replaceFirst("[?#].*$", "");
        Matcher account = ACCOUNT_PATH.matcher(path);
        return account.find() ? decoded(path.substring(account.start())) : "";
    }

    /** Each part by itself; empty if a part is not properly encoded, or would become several. */
    private static String decoded(String path) {
        if (path.indexOf('%') < 0) {
            return path;
        }
        StringJoiner decoded = new StringJoiner("/");
        for (String part : path.split("/", -1)) {
            try {
                String one = URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
                if (one.indexOf('/') >= 0) {
                    return "";
                }
                decoded.add(one);
            } catch (IllegalArgumentException notPercentEncoded) {
                return "";
            }
        }
        return decoded.toString();
    }

    /** Searched and not matched: a pattern of such a kind takes for ever to refuse a long text. */
    private static boolean isOfAnAccount(String path) {
        String lower = "/" + path.toLowerCase(Locale.ROOT);
        int transforms = lower.indexOf("/transforms/");
        int job = transforms < 0 ? -1 : lower.indexOf("/jobs/", transforms);
        return ACCOUNT_PATH.matcher(lower.replaceFirst("^//", "/")).lookingAt()
                && job >= 0
                && lower.indexOf('/', job + "/jobs/".length()) < 0
                && lower.length() > job + "/jobs/".length();
    }

    /** The path of the account, relative to the base address; ends with a slash. */
    String prefix() {
        return prefix;
    }

    /** How errors are worded. */
    ErrorForm errorForm() {
        return errorForm;
    }

    /** What every query has; may be empty. */
    String query() {
        return query;
    }
}
