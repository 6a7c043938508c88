/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import java.net.URI;

/**
 * An application that asks an authority for tokens. The id under which Jenkins stores the credentials is no part of it:
 * ids repeat across folders and outlive their secrets.
 *
 * @param authority {@code https://host[:port]} of the authority, without the tenant
 * @param instanceDiscovery whether MSAL4J may check the authority with Microsoft's public list; false for authorities
 *     that the administrator added
 * @param tenant directory (tenant) id or domain
 * @param clientId application (client) id
 * @param credential the proof
 * @param scope what the token is for, such as {@code https://rest.media.azure.net/.default}
 */
public record ApplicationIdentity(
        URI authority,
        boolean instanceDiscovery,
        String tenant,
        String clientId,
        ClientCredential credential,
        String scope)
        implements Identity {}
