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
import io.jenkins.plugins.ams.auth.PlainText;
import io.jenkins.plugins.ams.auth.TokenAudience;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** An application of an Azure AD tenant; subclasses say how it proves that it is itself. */
public abstract class AzureAdApplicationCredentials extends BaseStandardCredentials implements AzureAdCredentials {

    private static final long serialVersionUID = 1L;

    @NonNull
    private final String tenantId;

    @NonNull
    private final String clientId;

    /**
     * @param scope where the credentials may be used
     * @param id the id; one is made up if it is null or empty
     * @param description for people; may be null
     * @param tenantId directory (tenant) id or domain
     * @param clientId application (client) id
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

    /** Directory (tenant) id, or a domain of the directory. */
    @NonNull
    public String getTenantId() {
        return tenantId;
    }

    /** Application (client) id. */
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
    public Identity identity(@NonNull TokenAudience audience, @NonNull CredentialsContext context)
            throws UnusableCredentialsException, AuthenticationException {
        return principal(getId(), tenantId, clientId, audience, () -> clientCredential(context));
    }

    /**
     * An application of whatever credentials.
     *
     * @param id of the credentials, for the message
     * @param proof is not read if the names are none
     */
    static ApplicationIdentity principal(
            String id, String tenantId, String clientId, TokenAudience audience, Proof proof)
            throws UnusableCredentialsException, AuthenticationException {
        if (!AzureAdIdentifiers.isTenant(tenantId) || !AzureAdIdentifiers.isGuid(clientId)) {
            // both go into the authority's address, and nothing is read from a store for one that is none
            throw new UnusableCredentialsException(
                    Messages.AzureAdApplicationCredentials_malformed(PlainText.quoted(id)));
        }
        return new ApplicationIdentity(
                audience.authority(), audience.instanceDiscovery(), tenantId, clientId, proof.read(), audience.scope());
    }

    /** Where the proof of an application is read. */
    interface Proof {
        ClientCredential read() throws UnusableCredentialsException, AuthenticationException;
    }

    /**
     * What the authority takes as proof.
     *
     * @param context who uses the credentials
     */
    @NonNull
    protected abstract ClientCredential clientCredential(@NonNull CredentialsContext context)
            throws UnusableCredentialsException, AuthenticationException;

    /**
     * The checks look at nothing but what they are given, so whoever may fill in the form may call them: which permission
     * that takes is the business of the store that the form belongs to.
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
