/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.credentials;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.impl.BaseStandardCredentials;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import hudson.util.FormValidation;
import io.jenkins.plugins.ams.auth.ApplicationIdentity;
import io.jenkins.plugins.ams.auth.ClientCredential;
import io.jenkins.plugins.ams.auth.Identity;
import io.jenkins.plugins.ams.auth.TokenAudience;
import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.http.PlainText;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** Credentials of an application in a Microsoft Entra ID tenant. Subclasses provide the client credential. */
public abstract class AzureAdApplicationCredentials extends BaseStandardCredentials implements AzureAdCredentials {

    private static final long serialVersionUID = 1L;

    @NonNull
    private final String tenantId;

    @NonNull
    private final String clientId;

    /**
     * @param scope the credentials scope
     * @param id the credentials ID; if null or empty, an ID is generated
     * @param description the description that users see
     * @param tenantId the directory (tenant) ID, or a domain name of the directory
     * @param clientId the application (client) ID
     */
    protected AzureAdApplicationCredentials(
            @CheckForNull CredentialsScope scope,
            @CheckForNull String id,
            @CheckForNull String description,
            @CheckForNull String tenantId,
            @CheckForNull String clientId) {
        super(scope, id, description);
        this.tenantId = Util.fixNull(tenantId).trim();
        this.clientId = Util.fixNull(clientId).trim();
    }

    /** Returns the directory (tenant) ID, or a domain name of the directory. */
    @NonNull
    public String getTenantId() {
        return tenantId;
    }

    /** Returns the application (client) ID. */
    @NonNull
    public String getClientId() {
        return clientId;
    }

    @NonNull
    @Override
    public String getIdentityName() {
        return clientId;
    }

    @NonNull
    @Override
    public Identity identity(@NonNull TokenAudience audience, @NonNull CredentialsLookup lookup) throws AmsException {
        return applicationIdentity(getId(), tenantId, clientId, audience, () -> clientCredential(lookup));
    }

    /**
     * Returns the identity of an application. This method is also used for the Azure Credentials plugin's credentials.
     *
     * @param id the credentials ID, which is used in the error message
     * @param supplier supplies the client credential; not called if the tenant ID or client ID is malformed
     * @throws AmsException if the tenant ID or client ID is malformed, or if the client credential is invalid
     */
    static ApplicationIdentity applicationIdentity(
            String id, String tenantId, String clientId, TokenAudience audience, ClientCredentialSupplier supplier)
            throws AmsException {
        if (!AzureAdIdentifiers.isTenant(tenantId) || !AzureAdIdentifiers.isGuid(clientId)) {
            // malformed values must not become part of a token request
            throw AmsException.configurationError(
                    Messages.AzureAdApplicationCredentials_malformed(PlainText.quoted(id)));
        }
        return new ApplicationIdentity(
                audience.authority(),
                audience.instanceDiscovery(),
                tenantId,
                clientId,
                supplier.get(),
                audience.scope());
    }

    /** Supplies a client credential. This may require reading a credentials store. */
    interface ClientCredentialSupplier {
        ClientCredential get() throws AmsException;
    }

    /**
     * Returns the client credential that authenticates the application to Microsoft Entra ID.
     *
     * @param lookup the lookup that finds referenced credentials
     * @throws AmsException if the client credential is missing or invalid
     */
    @NonNull
    protected abstract ClientCredential clientCredential(@NonNull CredentialsLookup lookup) throws AmsException;

    /**
     * Validates the fields that all application credentials have. The validation methods examine only their parameters,
     * so they do not need to check permissions. The credentials store decides who may open the form.
     */
    public abstract static class ApplicationDescriptor extends BaseStandardCredentialsDescriptor {

        @Override
        public String getIconClassName() {
            return "symbol-key";
        }

        @POST
        public FormValidation doCheckTenantId(@QueryParameter RawParameter value) {
            String tenantId = value.trimmed();
            if (tenantId == null) {
                return FormValidation.error(Messages.AzureAdApplicationCredentials_tenantId_missing());
            }
            return AzureAdIdentifiers.isTenant(tenantId)
                    ? FormValidation.ok()
                    : FormValidation.error(Messages.AzureAdApplicationCredentials_tenantId_malformed());
        }

        @POST
        public FormValidation doCheckClientId(@QueryParameter RawParameter value) {
            String clientId = value.trimmed();
            if (clientId == null) {
                return FormValidation.error(Messages.AzureAdApplicationCredentials_clientId_missing());
            }
            return AzureAdIdentifiers.isGuid(clientId)
                    ? FormValidation.ok()
                    : FormValidation.error(Messages.AzureAdApplicationCredentials_clientId_malformed());
        }
    }
}
