/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import java.net.URI;

/**
 * Which authority is asked for tokens, and what they are to be good for. An administrator says so, never the owner of a
 * job or of credentials: the authority is sent the proof.
 *
 * @param authority {@code https://host[:port]} of the authority, without the tenant
 * @param instanceDiscovery whether MSAL4J may check the authority with Microsoft's public list; false for authorities
 *     that the administrator added
 * @param resource what the tokens are for, such as {@code https://rest.media.azure.net}
 */
public record TokenAudience(URI authority, boolean instanceDiscovery, String resource) {

    /** The resource as the v2.0 endpoint of Azure AD wants it: with all that the application was granted on it. */
    public String scope() {
        return resource + "/.default";
    }
}
