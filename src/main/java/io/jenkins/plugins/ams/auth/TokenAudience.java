/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import java.net.URI;

/**
 * The authority that tokens are requested from and the resource that they are for. Both are configured by an
 * administrator, never by the owner of a job or of credentials, because the credential is sent to the authority.
 *
 * @param authority the base URI of the authority, {@code https://host[:port]}, without the tenant
 * @param instanceDiscovery whether MSAL4J may validate the authority against Microsoft's public list; false for
 *     authorities that an administrator added
 * @param resource the resource that tokens are for, such as {@code https://rest.media.azure.net}
 */
public record TokenAudience(URI authority, boolean instanceDiscovery, String resource) {

    /**
     * Returns the scope for the v2.0 endpoint of Microsoft Entra ID, with all permissions that the application has for
     * the resource.
     */
    public String scope() {
        return resource + "/.default";
    }
}
