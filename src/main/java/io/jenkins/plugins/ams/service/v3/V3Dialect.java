/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service.v3;

import io.jenkins.plugins.ams.service.ErrorForm;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.JobId.MalformedJobIdException;
import io.jenkins.plugins.ams.service.KnownHosts;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * In what the services with the shape of AMS v3 differ: where jobs are below the base address, how names are spelt and
 * which hosts are theirs.
 */
public final class V3Dialect {

    /** Of Azure Resource Manager, in the public cloud, China and US Government. */
    public static final KnownHosts RESOURCE_MANAGER_HOSTS = new KnownHosts(
            List.of("management.azure.com", "management.chinacloudapi.cn", "management.usgovcloudapi.net"), null);

    /** Of MK.IO, now and before. */
    public static final KnownHosts MK_IO_HOSTS = new KnownHosts(List.of("app.mk.io", "api.mk.io"), null);

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

    private final String prefix;
    private final String query;
    private final ErrorForm errorForm;
    private final Pattern id;
    private final Pattern resourceId;

    /** @param account the path of the account in a full resource id; null for any */
    private V3Dialect(String prefix, String query, ErrorForm errorForm, String name, String account) {
        this.prefix = prefix;
        this.query = query;
        this.errorForm = errorForm;
        this.id = Pattern.compile("(" + name + ")/(" + name + ")");
        String before = account == null ? "/?subscriptions/[^/]+/resourceGroups/[^/]+/" : "/?" + Pattern.quote(account);
        String media = account == null ? "providers/Microsoft\\.Media/mediaServices/[^/]+/" : "";
        this.resourceId = Pattern.compile(
                before + media + "transforms/(" + name + ")/jobs/(" + name + ")", Pattern.CASE_INSENSITIVE);
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
        return new V3Dialect(encoded, "api-version=2022-07-01", ErrorForm.RESOURCE_MANAGER, RESOURCE_NAME, path);
    }

    /** Some account of Azure Resource Manager, whichever: for reading ids while it is not known. */
    public static V3Dialect anyResource() {
        return new V3Dialect("", "", ErrorForm.RESOURCE_MANAGER, RESOURCE_NAME, null);
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
        return new V3Dialect("api/v1/projects/" + project + "/media/", "", ErrorForm.MK_IO, MK_IO_NAME, null);
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
        return new V3Dialect("api/ams/" + subscription + "/", "", ErrorForm.MK_IO, MK_IO_NAME, null);
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
     * Reads an identifier: {@code transform/job}, or the full resource id of a job of this account.
     *
     * @return {@code transform/job}
     * @throws MalformedJobIdException if it is neither
     */
    public JobId jobId(String text) {
        String trimmed = text == null ? "" : text.trim();
        for (Pattern pattern : List.of(id, resourceId)) {
            Matcher matcher = pattern.matcher(trimmed);
            if (matcher.matches() && JobId.isPlain(trimmed)) {
                return new JobId(matcher.group(1) + "/" + matcher.group(2));
            }
        }
        throw new MalformedJobIdException(trimmed, isResourceIdOfJob(trimmed) ? "account" : null);
    }

    /** Searched and not matched: a pattern of such a kind takes for ever to refuse a long text. */
    private static boolean isResourceIdOfJob(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        int transforms = lower.indexOf("/transforms/");
        return (lower.startsWith("subscriptions/") || lower.startsWith("/subscriptions/"))
                && transforms >= 0
                && lower.indexOf("/jobs/", transforms) >= 0;
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
