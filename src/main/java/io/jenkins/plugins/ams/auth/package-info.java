/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */

/**
 * Obtains and caches access tokens. This package contains the identities that tokens are requested for, the MSAL4J
 * clients that request tokens from Microsoft Entra ID, and the token cache that all waits share. This package defines
 * what a credential contains. The package {@code credentials} defines how Jenkins stores credentials. Start with {@link
 * io.jenkins.plugins.ams.auth.TokenCache} and {@link io.jenkins.plugins.ams.auth.CachingTokenSource}.
 */
package io.jenkins.plugins.ams.auth;
