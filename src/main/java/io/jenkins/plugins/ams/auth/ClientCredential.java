/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

/**
 * A credential that an application authenticates with. Implementations compare a fingerprint of the secret, or the
 * source that the credential is read from, so that a rotated secret is a different credential. {@code toString} never
 * reveals a secret.
 */
public sealed interface ClientCredential permits ClientAssertion, ClientCertificate, ClientSecret {}
