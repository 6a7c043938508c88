/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */

/**
 * Access tokens: the identities that request them, the requests to Microsoft Entra ID through MSAL4J, and the cache of
 * tokens that all waits share. Whatever a credential consists of belongs here, how Jenkins stores it does not. Start
 * reading at {@link io.jenkins.plugins.ams.auth.TokenCache} and {@link io.jenkins.plugins.ams.auth.CachingTokenSource}.
 */
package io.jenkins.plugins.ams.auth;
