/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */

/**
 * The types of credentials that users store in Jenkins, their forms and validation, and their lookup in a build's
 * context. Each type provides an identity from the package {@code auth}. Start reading at {@link
 * io.jenkins.plugins.ams.credentials.AzureAdCredentials} and {@link
 * io.jenkins.plugins.ams.credentials.CredentialsLookup}.
 */
package io.jenkins.plugins.ams.credentials;
