/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */

/**
 * Credentials that users store in Jenkins. This package contains the credentials types, their forms and form
 * validation, and the code that finds credentials for a build. Each credentials type creates an identity from the
 * package {@code auth}. Start with {@link io.jenkins.plugins.ams.credentials.AzureAdCredentials} and {@link
 * io.jenkins.plugins.ams.credentials.CredentialsLookup}.
 */
package io.jenkins.plugins.ams.credentials;
