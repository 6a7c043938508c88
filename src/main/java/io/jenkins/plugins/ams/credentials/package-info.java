/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */

/**
 * The types of credentials that users store in Jenkins, with their forms, their validation, and their lookup in the
 * context of a build. Each type creates an identity from the package {@code auth}. Start with {@link
 * io.jenkins.plugins.ams.credentials.AzureAdCredentials} and {@link
 * io.jenkins.plugins.ams.credentials.CredentialsLookup}.
 */
package io.jenkins.plugins.ams.credentials;
