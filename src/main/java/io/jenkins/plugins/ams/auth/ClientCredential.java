/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

/**
 * A credential that an application authenticates with. Credentials are compared by a fingerprint of the secret or by
 * the source that they are read from. A rotated client secret is therefore a different credential. Implementations of
 * {@code toString} must not reveal secrets.
 */
public sealed interface ClientCredential permits ClientAssertion, ClientCertificate, ClientSecret {}
