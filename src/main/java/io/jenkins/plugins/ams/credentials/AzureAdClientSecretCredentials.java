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
 * An Azure AD application that proves itself with a client secret (application password).
 *
 * @since TODO
 */
public class AzureAdClientSecretCredentials extends AzureAdApplicationCredentials {

    private static final long serialVersionUID = 1L;

    @NonNull
    private final Secret clientSecret;

    /**
     * @param scope where the credentials may be used
     * @param id the id; one is made up if it is null or empty
     * @param description for people; may be null
     * @param tenantId directory (tenant) id or domain
     * @param clientId application (client) id
     * @param clientSecret the secret's value, not its id
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
    protected ClientCredential clientCredential(@NonNull CredentialsContext context) {
        return new ClientSecret(clientSecret.getPlainText());
    }

    /** Describes the credentials to Jenkins. */
    @Extension
    @Symbol("azureAdClientSecret")
    public static class DescriptorImpl extends ApplicationDescriptor {

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.AzureAdClientSecretCredentials_displayName();
        }

        /** @param value the secret; while it is the stored one, as Jenkins encrypts it */
        @POST
        public FormValidation doCheckClientSecret(@QueryParameter RawParameter value) {
            String clientSecret = value.trimmed();
            if (clientSecret == null) {
                return FormValidation.error(Messages.AzureAdClientSecretCredentials_clientSecret_missing());
            }
            // the portal shows both side by side; no secret that Azure AD made up is a GUID
            return AzureAdIdentifiers.isGuid(clientSecret)
                    ? FormValidation.warning(Messages.AzureAdClientSecretCredentials_clientSecret_isAnId())
                    : FormValidation.ok();
        }
    }
}
