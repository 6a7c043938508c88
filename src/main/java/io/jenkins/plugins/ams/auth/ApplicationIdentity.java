/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import java.net.URI;

/**
 * An application that requests tokens from Microsoft Entra ID. The ID of the credentials in Jenkins is not part of the
 * identity: the same ID can exist in several folders, and its secret can be replaced.
 *
 * @param authority the base URI of the authority, {@code https://host[:port]}, without the tenant
 * @param instanceDiscovery whether MSAL4J may validate the authority against Microsoft's public list; false for
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
