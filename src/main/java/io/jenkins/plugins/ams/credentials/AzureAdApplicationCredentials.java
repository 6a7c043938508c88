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
import io.jenkins.plugins.ams.auth.AuthenticationException;
import io.jenkins.plugins.ams.auth.ClientCredential;
import io.jenkins.plugins.ams.auth.Identity;
import io.jenkins.plugins.ams.auth.TokenAudience;
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
     * @param scope the scope of the credentials
     * @param id the ID of the credentials; generated if null or empty
     * @param description the description for users
     * @param tenantId the directory (tenant) ID or domain
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

    /** Returns the directory (tenant) ID or a domain of the directory. */
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
    public Identity identity(@NonNull TokenAudience audience, @NonNull CredentialsLookup lookup)
            throws UnusableCredentialsException, AuthenticationException {
        return applicationIdentity(getId(), tenantId, clientId, audience, () -> clientCredential(lookup));
    }

    /**
     * Returns the identity of an application, also for credentials of other plugins.
     *
     * @param id the ID of the credentials, for the error message
     * @param supplier the supplier of the client credential; not called if the tenant or client ID is malformed
     * @throws UnusableCredentialsException if the tenant or client ID is malformed, or the client credential is
     *     unusable
     * @throws AuthenticationException if the client credential is invalid
     */
    static ApplicationIdentity applicationIdentity(
            String id, String tenantId, String clientId, TokenAudience audience, ClientCredentialSupplier supplier)
            throws UnusableCredentialsException, AuthenticationException {
        if (!AzureAdIdentifiers.isTenant(tenantId) || !AzureAdIdentifiers.isGuid(clientId)) {
            // both become part of the authority's address
            throw new UnusableCredentialsException(
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

    /** Supplies a client credential, which may require reading a credentials store. */
    interface ClientCredentialSupplier {
        ClientCredential get() throws UnusableCredentialsException, AuthenticationException;
    }

    /**
     * Returns the client credential that authenticates the application to the authority.
     *
     * @param lookup finds referenced credentials
     * @throws UnusableCredentialsException if a user has to correct the credentials
     * @throws AuthenticationException if the client credential is invalid
     */
    @NonNull
    protected abstract ClientCredential clientCredential(@NonNull CredentialsLookup lookup)
            throws UnusableCredentialsException, AuthenticationException;

    /**
     * Validates the fields that all applications have. The methods use nothing but their parameters and therefore check
     * no permission; the credentials store decides who may open the form.
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
