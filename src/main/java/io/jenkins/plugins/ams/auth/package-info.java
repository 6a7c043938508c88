/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */

/**
 * Access tokens: the identities that they are requested for, the requests to Microsoft Entra ID through MSAL4J, and the
 * token cache that all waits share. This package defines what a credential contains, and the package {@code
 * credentials} defines how Jenkins stores it. Start with {@link io.jenkins.plugins.ams.auth.TokenCache} and {@link
 * io.jenkins.plugins.ams.auth.CachingTokenSource}.
 */
package io.jenkins.plugins.ams.auth;
