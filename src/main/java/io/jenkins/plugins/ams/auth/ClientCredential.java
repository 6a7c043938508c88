/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

/**
 * How an application proves to the authority that it is itself. Implementations have equality by what they prove with
 * (a fingerprint of it, so that a rotated secret is another credential; or where it is read anew each time) and never
 * show it in {@code toString}.
 */
public sealed interface ClientCredential permits ClientAssertion, ClientCertificate, ClientSecret {}
