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

/**
 * An identity of Azure AD (Microsoft Entra ID) with the proof that it is itself. All lookups name this type, never an
 * implementation, so that another kind of proof is one more implementation and nothing else. What other plugins hold is
 * a {@link SupportedCredentials} of its own.
 *
 * <p>The cloud is no part of it: an authority that a job's owner could choose would be sent the secret. It comes from
 * the administrator's account.
 */
@NameWith(AzureAdCredentials.NameProvider.class)
public interface AzureAdCredentials extends StandardCredentials, IdentitySource {

    /** What people know the identity by, such as the application (client) id. Never the tenant or a secret. */
    @NonNull
    String getIdentityName();

    /**
     * Names credentials by their description, which their owner wrote for people, and by the identity where there is
     * none. Never shows the tenant or a secret.
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
