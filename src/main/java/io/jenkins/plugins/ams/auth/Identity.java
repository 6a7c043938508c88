/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

/**
 * An identity that access tokens are requested for. It contains everything that its tokens depend on and is used as the
 * key in the token cache, so implementations must define {@code equals}. Implementations of {@code toString} must not
 * reveal secrets.
 */
public sealed interface Identity permits ApiKeyIdentity, StaticTokenIdentity, ManagedIdentity, ApplicationIdentity {}
