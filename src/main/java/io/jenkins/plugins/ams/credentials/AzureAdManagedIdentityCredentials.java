/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.credentials;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import com.cloudbees.plugins.credentials.impl.BaseStandardCredentials;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.ams.auth.Identity;
import io.jenkins.plugins.ams.auth.ManagedIdentity;
import io.jenkins.plugins.ams.auth.ManagedIdentity.IdType;
import io.jenkins.plugins.ams.auth.TokenAudience;
import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.http.PlainText;
import java.util.regex.Pattern;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * Credentials for a managed identity that is assigned to the Jenkins controller's machine in Azure.
 *
 * <p>These credentials do not need a secret, so everyone who can use them has the controller's permissions in Azure.
 * Therefore, only administrators can create managed identity credentials, and the credentials work only in the global
 * store.
 *
 * @since TODO
 */
public class AzureAdManagedIdentityCredentials extends BaseStandardCredentials implements AzureAdCredentials {

    private static final long serialVersionUID = 1L;

    /**
     * Matches the Azure Resource Manager ID of a user-assigned identity. The ID becomes a query parameter, so a string
     * in any other format must be rejected.
     */
    private static final Pattern RESOURCE_ID = Pattern.compile(
            "/subscriptions/[0-9a-f-]{36}/resourceGroups/[\\w().-]{1,90}/providers/Microsoft\\.ManagedIdentity"
                    + "/userAssignedIdentities/[\\w-]{1,128}",
            Pattern.CASE_INSENSITIVE);

    @NonNull
    private final IdType idType;

    private String identityId;

    /**
     * @param scope the credentials scope
     * @param id the credentials ID; if null or empty, an ID is generated
     * @param description the description that users see
     * @param idType the type of the identity's ID, or null for the system-assigned identity
     * @throws org.springframework.security.access.AccessDeniedException if the user is not an administrator
     */
    @DataBoundConstructor
    public AzureAdManagedIdentityCredentials(
            @CheckForNull CredentialsScope scope,
            @CheckForNull String id,
            @CheckForNull String description,
            @CheckForNull IdType idType) {
        super(scope, id, description);
        ControllerCredentialsGuard.checkCreator();
        this.idType = idType == null ? IdType.SYSTEM_ASSIGNED : idType;
    }

    /**
     * Checks that users who submit credentials as XML are administrators. When Jenkins loads credentials at startup,
     * the check succeeds because Jenkins uses system permissions.
     */
    protected Object readResolve() {
        ControllerCredentialsGuard.checkCreator();
        return this;
    }

    @NonNull
    public IdType getIdType() {
        return idType;
    }

    /**
     * Returns the user-assigned identity's ID, whose type is {@link #getIdType}, or null for the system-assigned
     * identity.
     */
    @CheckForNull
    public String getIdentityId() {
        return identityId;
    }

    @DataBoundSetter
    public void setIdentityId(@CheckForNull String identityId) {
        this.identityId = Util.fixEmptyAndTrim(identityId);
    }

    @NonNull
    @Override
    public String getIdentityName() {
        return identityId == null ? Messages.AzureAdManagedIdentityCredentials_SYSTEM_ASSIGNED() : identityId;
    }

    @NonNull
    @Override
    public Identity identity(@NonNull TokenAudience audience, @NonNull CredentialsLookup lookup) throws AmsException {
        ControllerCredentialsGuard.checkUse(this);
        return identity(getId(), idType, identityId, audience);
    }

    /**
     * Returns a managed identity. This method is also used for the Azure Credentials plugin's credentials. Callers must
     * first {@linkplain ControllerCredentialsGuard#checkUse check} that the credentials may be used.
     *
     * @param id the credentials ID, which is used in the error message
     * @throws AmsException if the identity's ID is malformed
     */
    static Identity identity(String id, IdType idType, @CheckForNull String identityId, TokenAudience audience)
            throws AmsException {
        if (!isId(idType, identityId)) {
            throw AmsException.configurationError(
                    Messages.AzureAdManagedIdentityCredentials_malformed(PlainText.quoted(id)));
        }
        return new ManagedIdentity(idType, identityId, audience.resource());
    }

    private static boolean isId(IdType type, @CheckForNull String id) {
        return switch (type) {
            case SYSTEM_ASSIGNED -> id == null;
            case CLIENT_ID, OBJECT_ID -> AzureAdIdentifiers.isGuid(id);
            case RESOURCE_ID -> id != null && RESOURCE_ID.matcher(id).matches();
        };
    }

    /**
     * Validates the form. The validation methods examine only their parameters, so they do not need to check
     * permissions.
     */
    @Extension
    @Symbol("azureAdManagedIdentity")
    public static class DescriptorImpl extends BaseStandardCredentialsDescriptor {

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.AzureAdManagedIdentityCredentials_displayName();
        }

        @Override
        public String getIconClassName() {
            return "symbol-key";
        }

        /** Offers the credentials only in the global store, because they do not work elsewhere. */
        @Override
        public boolean isApplicable(CredentialsProvider provider) {
            return provider instanceof SystemCredentialsProvider.ProviderImpl;
        }

        @POST
        public ListBoxModel doFillIdTypeItems() {
            ListBoxModel items = new ListBoxModel();
            items.add(Messages.AzureAdManagedIdentityCredentials_SYSTEM_ASSIGNED(), IdType.SYSTEM_ASSIGNED.name());
            items.add(Messages.AzureAdManagedIdentityCredentials_CLIENT_ID(), IdType.CLIENT_ID.name());
            items.add(Messages.AzureAdManagedIdentityCredentials_OBJECT_ID(), IdType.OBJECT_ID.name());
            items.add(Messages.AzureAdManagedIdentityCredentials_RESOURCE_ID(), IdType.RESOURCE_ID.name());
            return items;
        }

        /**
         * @param idType the name of an {@link IdType}, or an empty string while the form is still loading the list of
         *     types
         */
        @POST
        public FormValidation doCheckIdentityId(
                @QueryParameter RawParameter value, @QueryParameter RawParameter idType) {
            String id = value.trimmed();
            if (id == null && idType.orEmpty().isEmpty()) {
                return FormValidation.ok(); // a new form is validated before its list of types is loaded
            }
            for (IdType type : IdType.values()) {
                if (type.name().equals(idType.text()) && isId(type, id)) {
                    return FormValidation.ok();
                }
            }
            return FormValidation.error(
                    IdType.SYSTEM_ASSIGNED.name().equals(idType.text())
                            ? Messages.AzureAdManagedIdentityCredentials_identityId_notNeeded()
                            : Messages.AzureAdManagedIdentityCredentials_identityId_malformed());
        }
    }
}
