/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

/**
 * An identity that access tokens are requested for. An identity contains everything that its tokens depend on. The
 * token cache uses identities as keys, so implementations must define {@code equals}. Implementations of {@code
 * toString} must not reveal secrets.
 */
public sealed interface Identity permits ApiKeyIdentity, StaticTokenIdentity, ManagedIdentity, ApplicationIdentity {}
