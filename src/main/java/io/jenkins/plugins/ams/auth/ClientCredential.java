/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

/**
 * A credential that an application authenticates with. Two credentials are equal if their secrets have the same
 * fingerprint or if they are read from the same source. A rotated client secret is therefore a different credential.
 * Implementations of {@code toString} must not reveal secrets.
 */
public sealed interface ClientCredential permits ClientAssertion, ClientCertificate, ClientSecret {}
