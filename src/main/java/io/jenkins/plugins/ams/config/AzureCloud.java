/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.net.URI;
import java.util.Arrays;

/**
 * An account's Azure cloud, which determines the Microsoft Entra ID authority that issues the account's tokens and the
 * resource that the tokens are requested for. The values are from {@code AzureEnvironmentConstants} in Microsoft's AMS
 * client library.
 */
public enum AzureCloud {
    PUBLIC("https://login.microsoftonline.com", "https://rest.media.azure.net"),
    CHINA("https://login.chinacloudapi.cn", "https://rest.media.chinacloudapi.cn"),
    US_GOVERNMENT("https://login.microsoftonline.us", "https://rest.media.usgovcloudapi.net"),
    /**
     * A cloud whose token authority the administrator specifies. The default resource is the public cloud's resource.
     */
    CUSTOM(null, "https://rest.media.azure.net");

    private final URI authority;
    private final String resource;

    AzureCloud(@CheckForNull String authority, String resource) {
        this.authority = authority == null ? null : URI.create(authority);
        this.resource = resource;
    }

    /** Returns the cloud with the given constant name, or the public cloud for any other string. */
    @NonNull
    static AzureCloud named(@CheckForNull String name) {
        return Arrays.stream(values())
                .filter(cloud -> cloud.name().equals(name))
                .findFirst()
                .orElse(PUBLIC);
    }

    /** Returns the token authority's URL, {@code https://host}, without the tenant, or null for {@link #CUSTOM}. */
    @CheckForNull
    public URI authority() {
        return authority;
    }

    /** Returns the resource that tokens for AMS v2 are requested for, without the suffix {@code /.default}. */
    @NonNull
    public String resource() {
        return resource;
    }

    /** Returns the localized name of the cloud. */
    @NonNull
    public String getDisplayName() {
        return switch (this) {
            case PUBLIC -> Messages.AzureCloud_PUBLIC();
            case CHINA -> Messages.AzureCloud_CHINA();
            case US_GOVERNMENT -> Messages.AzureCloud_US_GOVERNMENT();
            case CUSTOM -> Messages.AzureCloud_CUSTOM();
        };
    }
}
