/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.account;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.net.URI;
import java.util.Arrays;

/**
 * Where an account lives: which authority gives out tokens and for which resource. The values are those of Microsoft's
 * own AMS client library ({@code AzureEnvironmentConstants}).
 */
public enum AzureCloud {
    PUBLIC("https://login.microsoftonline.com", "https://rest.media.azure.net"),
    CHINA("https://login.chinacloudapi.cn", "https://rest.media.chinacloudapi.cn"),
    US_GOVERNMENT("https://login.microsoftonline.us", "https://rest.media.usgovcloudapi.net"),
    /** An authority that the administrator names; the resource of the public cloud unless he names one. */
    CUSTOM(null, "https://rest.media.azure.net");

    private final URI authority;
    private final String resource;

    AzureCloud(String authority, String resource) {
        this.authority = authority == null ? null : URI.create(authority);
        this.resource = resource;
    }

    /** The cloud of this name, as a form sends it; the public one for any other text. */
    @NonNull
    static AzureCloud named(@CheckForNull String name) {
        return Arrays.stream(values())
                .filter(cloud -> cloud.name().equals(name))
                .findFirst()
                .orElse(PUBLIC);
    }

    /** {@code https://host} of the authority, without the tenant; null for {@link #CUSTOM}. */
    @CheckForNull
    public URI authority() {
        return authority;
    }

    /** What a token for the service is asked for, without {@code /.default}. */
    @NonNull
    public String resource() {
        return resource;
    }

    /** For people. */
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
