/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

/**
 * A credential that an application authenticates with. Client secrets are equal if they have the same fingerprint, so a
 * rotated secret is a different credential. Certificates and assertions are equal if they are read from the same
 * source. Implementations of {@code toString} must not reveal secrets.
 */
public sealed interface ClientCredential permits ClientAssertion, ClientCertificate, ClientSecret {}
