/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.credentials;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.ams.auth.AuthenticationException;
import io.jenkins.plugins.ams.auth.Identity;
import io.jenkins.plugins.ams.auth.TokenAudience;

/** Provides the identity that requests access tokens, for credentials of this or another plugin. */
@FunctionalInterface
public interface IdentitySource {

    /**
     * Returns the identity that requests tokens with these credentials. May be slow if a credentials provider stores
     * secrets remotely. The caller records the use of the credentials.
     *
     * @param audience the authority and the resource that tokens are requested for
     * @param context the context in which referenced credentials are looked up
     * @throws UnusableCredentialsException if a user has to correct the credentials
     * @throws AuthenticationException if the client credential is invalid
     */
    @NonNull
    Identity identity(@NonNull TokenAudience audience, @NonNull CredentialsContext context)
            throws UnusableCredentialsException, AuthenticationException;
}
