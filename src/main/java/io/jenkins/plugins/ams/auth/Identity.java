/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

/**
 * Who asks for tokens, and to what: all that a token depends on, and so the key of the token cache. Implementations have
 * equality, and hold no secret that {@code toString} shows.
 */
public sealed interface Identity permits ApiKeyIdentity, StaticTokenIdentity, ManagedIdentity, ApplicationIdentity {}
