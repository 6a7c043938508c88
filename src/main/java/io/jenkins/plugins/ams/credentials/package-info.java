/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */

/**
 * The kinds of credentials that users store in Jenkins, their forms and checks, and how they are found in the context of a
 * build. Each kind makes an identity of the package {@code auth}. Start reading at
 * {@link io.jenkins.plugins.ams.credentials.AzureAdCredentials} and
 * {@link io.jenkins.plugins.ams.credentials.CredentialsLookup}.
 */
package io.jenkins.plugins.ams.credentials;
