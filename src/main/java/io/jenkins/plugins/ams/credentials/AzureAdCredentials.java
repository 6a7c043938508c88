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
import io.jenkins.plugins.ams.auth.Identity;
import io.jenkins.plugins.ams.auth.TokenAudience;
import io.jenkins.plugins.ams.http.AmsException;

/**
 * Credentials for Microsoft Entra ID, formerly Azure AD: an identity and the credential that authenticates it. Lookups
 * use only this interface, so new implementations do not require changes to lookups. {@link SupportedCredentials} adds
 * support for other plugins' credentials.
 *
 * <p>These credentials do not specify the cloud or the token authority that the secret is sent to. If they did, users
 * who can edit a folder's credentials could choose where the secret is sent. Instead, administrators configure the
 * cloud and the token authority in the account.
 */
@NameWith(AzureAdCredentials.NameProvider.class)
public interface AzureAdCredentials extends StandardCredentials {

    /**
     * Returns the identity's display name, such as the application (client) ID. The name contains neither the tenant
     * nor a secret.
     */
    @NonNull
    String getIdentityName();

    /**
     * Returns the identity that these credentials authenticate. This method may be slow if a credentials provider
     * stores secrets remotely. The caller must record the use of these credentials.
     *
     * @param audience the token authority, and the resource that tokens are requested for
     * @param lookup the lookup that finds referenced credentials
     * @throws AmsException if a user must correct the credentials, or if the client credential is invalid
     */
    @NonNull
    Identity identity(@NonNull TokenAudience audience, @NonNull CredentialsLookup lookup) throws AmsException;

    /**
     * Names credentials by their ID, followed by their description in parentheses. If there is no description, the
     * identity name is used instead.
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
