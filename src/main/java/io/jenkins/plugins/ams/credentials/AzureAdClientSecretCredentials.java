/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.credentials;

import com.cloudbees.plugins.credentials.CredentialsScope;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.util.FormValidation;
import hudson.util.Secret;
import io.jenkins.plugins.ams.auth.ClientCredential;
import io.jenkins.plugins.ams.auth.ClientSecret;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * Credentials of a Microsoft Entra ID application that authenticates with a client secret (application password).
 *
 * @since TODO
 */
public class AzureAdClientSecretCredentials extends AzureAdApplicationCredentials {

    private static final long serialVersionUID = 1L;

    @NonNull
    private final Secret clientSecret;

    /**
     * @param scope the credentials scope
     * @param id the credentials ID; if null or empty, an ID is generated
     * @param description the description that users see
     * @param tenantId the directory (tenant) ID, or a domain name of the directory
     * @param clientId the application (client) ID
     * @param clientSecret the value of the client secret (not the secret's ID)
     */
    @DataBoundConstructor
    public AzureAdClientSecretCredentials(
            @CheckForNull CredentialsScope scope,
            @CheckForNull String id,
            @CheckForNull String description,
            @CheckForNull String tenantId,
            @CheckForNull String clientId,
            @NonNull Secret clientSecret) {
        super(scope, id, description, tenantId, clientId);
        this.clientSecret = clientSecret;
    }

    @NonNull
    public Secret getClientSecret() {
        return clientSecret;
    }

    @NonNull
    @Override
    protected ClientCredential clientCredential(@NonNull CredentialsLookup lookup) {
        return new ClientSecret(clientSecret.getPlainText());
    }

    @Extension
    @Symbol("azureAdClientSecret")
    public static class DescriptorImpl extends ApplicationDescriptor {

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.AzureAdClientSecretCredentials_displayName();
        }

        /** @param value the entered secret in plain text, or the stored secret encrypted by Jenkins */
        @POST
        public FormValidation doCheckClientSecret(@QueryParameter RawParameter value) {
            String clientSecret = value.trimmed();
            if (clientSecret == null) {
                return FormValidation.error(Messages.AzureAdClientSecretCredentials_clientSecret_missing());
            }
            // the Azure portal shows a secret's ID next to its value, so users may copy the ID by mistake; only the ID
            // is a GUID
            return AzureAdIdentifiers.isGuid(clientSecret)
                    ? FormValidation.warning(Messages.AzureAdClientSecretCredentials_clientSecret_isAnId())
                    : FormValidation.ok();
        }
    }
}
