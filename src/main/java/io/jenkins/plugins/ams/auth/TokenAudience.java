/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import java.net.URI;

/**
 * The token authority that tokens are requested from, and the resource that they are requested for. Only administrators
 * can configure these values. The owners of jobs or credentials cannot, because credentials are sent to the token
 * authority.
 *
 * @param authority the token authority's base URI, {@code https://host[:port]}, without the tenant
 * @param instanceDiscovery whether MSAL4J may validate the token authority against Microsoft's public list; false for
 *     authorities that an administrator added
 * @param resource the resource to request tokens for, such as {@code https://rest.media.azure.net}
 */
public record TokenAudience(URI authority, boolean instanceDiscovery, String resource) {

    /**
     * Returns the scope for Microsoft Entra ID's v2.0 endpoint. It includes all permissions that the application has
     * for the resource.
     */
    public String scope() {
        return resource + "/.default";
    }
}
