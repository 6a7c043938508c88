/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

/**
 * An identity that tokens are requested for. It holds everything that a token depends on, and is the key of the token
 * cache. Implementations define {@code equals}, and {@code toString} never reveals a secret.
 */
public sealed interface Identity permits ApiKeyIdentity, StaticTokenIdentity, ManagedIdentity, ApplicationIdentity {}
