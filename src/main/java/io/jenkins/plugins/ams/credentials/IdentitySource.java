/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.credentials;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.ams.auth.AuthenticationException;
import io.jenkins.plugins.ams.auth.Identity;
import io.jenkins.plugins.ams.auth.TokenAudience;

/** What credentials are good for, whichever plugin they are of: to say who asks for tokens. */
@FunctionalInterface
public interface IdentitySource {

    /**
     * Who asks for tokens when these credentials are used. May be slow where a credentials provider keeps secrets
     * elsewhere. The caller records the use of the credentials.
     *
     * @param audience which authority is asked, for what
     * @param context who uses the credentials; what these name in turn by an id is looked up there
     * @throws UnusableCredentialsException if somebody has to set the credentials right
     * @throws AuthenticationException if the proof that they hold is none
     */
    @NonNull
    Identity identity(@NonNull TokenAudience audience, @NonNull CredentialsContext context)
            throws UnusableCredentialsException, AuthenticationException;
}
