/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import java.net.URI;

/**
 * An app registration for which tokens are requested from Microsoft Entra ID. The ID of the Jenkins credentials is not
 * part of this identity, because credentials in different folders can have the same ID, and because a secret can be
 * replaced without changing the ID.
 *
 * @param authority the token authority's base URI, {@code https://host[:port]}, without the tenant
 * @param instanceDiscovery whether MSAL4J may validate the token authority against Microsoft's public list; false for
 *     authorities that an administrator added
 * @param tenant the directory (tenant) ID or domain
 * @param clientId the application (client) ID
 * @param credential the credential that the application authenticates with
 * @param scope the scope of the tokens, such as {@code https://rest.media.azure.net/.default}
 */
public record ApplicationIdentity(
        URI authority,
        boolean instanceDiscovery,
        String tenant,
        String clientId,
        ClientCredential credential,
        String scope)
        implements Identity {}
