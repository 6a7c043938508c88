/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.credentials;

import com.cloudbees.plugins.credentials.CredentialsNameProvider;
import com.cloudbees.plugins.credentials.NameWith;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import io.jenkins.plugins.ams.auth.AuthenticationException;
import io.jenkins.plugins.ams.auth.Identity;
import io.jenkins.plugins.ams.auth.TokenAudience;

/**
 * Credentials for Microsoft Entra ID, formerly Azure AD: an identity and the credential that authenticates it. Lookups
 * use this interface and not its implementations, so that a new implementation needs no change to them. Credentials of
 * other plugins are {@link SupportedCredentials}.
 *
 * <p>The credentials do not contain the cloud or the authority, which receives the secret. Administrators configure it
 * in the account; otherwise users who can edit credentials in a folder could choose where the secret is sent.
 */
@NameWith(AzureAdCredentials.NameProvider.class)
public interface AzureAdCredentials extends StandardCredentials {

    /**
     * Returns a name of the identity for users, such as the application (client) ID. It contains neither the tenant nor
     * a secret.
     */
    @NonNull
    String getIdentityName();

    /**
     * Returns the identity that requests tokens with these credentials. May be slow if a credentials provider stores
     * secrets remotely. The caller records the use of the credentials.
     *
     * @param audience the authority and the resource that tokens are requested for
     * @param lookup finds referenced credentials
     * @throws UnusableCredentialsException if a user has to correct the credentials
     * @throws AuthenticationException if the client credential is invalid
     */
    @NonNull
    Identity identity(@NonNull TokenAudience audience, @NonNull CredentialsLookup lookup)
            throws UnusableCredentialsException, AuthenticationException;

    /**
     * Names credentials by their ID, followed by their description or, without a description, by the name of the
     * identity.
     */
    class NameProvider extends CredentialsNameProvider<AzureAdCredentials> {

        @NonNull
        @Override
        public String getName(@NonNull AzureAdCredentials credentials) {
            String description = Util.fixEmptyAndTrim(credentials.getDescription());
            return credentials.getId() + " (" + (description != null ? description : credentials.getIdentityName())
                    + ")";
        }
    }
}
