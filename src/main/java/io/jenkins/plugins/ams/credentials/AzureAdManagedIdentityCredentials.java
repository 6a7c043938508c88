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
import io.jenkins.plugins.ams.auth.PlainText;
import io.jenkins.plugins.ams.auth.TokenAudience;
import java.util.regex.Pattern;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * A managed identity that Azure gave to the machine of the Jenkins controller. It needs no secret, so whoever may make
 * such credentials lends the controller's rights in Azure to whomever may use them: administrators alone make them, and
 * they work in the global store alone.
 *
 * @since TODO
 */
public class AzureAdManagedIdentityCredentials extends BaseStandardCredentials implements AzureAdCredentials {

    private static final long serialVersionUID = 1L;

    /** Azure Resource Manager's id; it becomes a parameter of a query, and nothing else may pass as one. */
    private static final Pattern RESOURCE_ID = Pattern.compile(
            "/subscriptions/[0-9a-f-]{36}/resourceGroups/[\\w().-]{1,90}/providers/Microsoft\\.ManagedIdentity"
                    + "/userAssignedIdentities/[\\w-]{1,128}",
            Pattern.CASE_INSENSITIVE);

    @NonNull
    private final IdType idType;

    private String identityId;

    /**
     * @param scope where the credentials may be used
     * @param id the id; one is made up if it is null or empty
     * @param description for people; may be null
     * @param idType which of the machine's identities; null for the system-assigned one
     * @throws org.springframework.security.access.AccessDeniedException if the user is no administrator
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

    /** Credentials that come as XML, from somebody's request or from the disk at the start, which is the system's. */
    protected Object readResolve() {
        ControllerCredentialsGuard.checkCreator();
        return this;
    }

    @NonNull
    public IdType getIdType() {
        return idType;
    }

    /** Names a user-assigned identity, as {@link #getIdType} says; null for the system-assigned one. */
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
    public Identity identity(@NonNull TokenAudience audience, @NonNull CredentialsContext context)
            throws UnusableCredentialsException {
        ControllerCredentialsGuard.checkUse(this);
        return identity(getId(), idType, identityId, audience);
    }

    /**
     * An identity of the machine, of whatever credentials; these have to be {@linkplain ControllerCredentialsGuard#checkUse
     * checked} before.
     *
     * @param id of the credentials, for the message
     */
    static Identity identity(String id, IdType idType, String identityId, TokenAudience audience)
            throws UnusableCredentialsException {
        if (!isId(idType, identityId)) {
            throw new UnusableCredentialsException(
                    Messages.AzureAdManagedIdentityCredentials_malformed(PlainText.quoted(id)));
        }
        return new ManagedIdentity(idType, identityId, audience.resource());
    }

    private static boolean isId(IdType type, String id) {
        return switch (type) {
            case SYSTEM_ASSIGNED -> id == null;
            case CLIENT_ID, OBJECT_ID -> AzureAdIdentifiers.isGuid(id);
            case RESOURCE_ID -> id != null && RESOURCE_ID.matcher(id).matches();
        };
    }

    /** Describes the credentials to Jenkins. The checks look at nothing but what they are given. */
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

        /** Not offered where they would not work. */
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

        /** @param idType name of an {@link IdType}; anything else is that of no identity */
        @POST
        public FormValidation doCheckIdentityId(
                @QueryParameter RawParameter value, @QueryParameter RawParameter idType) {
            String id = value.trimmed();
            if (id == null && idType.orEmpty().isEmpty()) {
                return FormValidation.ok(); // a new form asks before its list of kinds has come
            }
            for (IdType type : IdType.values()) {
                if (type.name().equals(idType.text()) && isId(type, id)) {
                    return FormValidation.ok();
                }
            }
            return FormValidation.error(
                    IdType.SYSTEM_ASSIGNED.name().equals(idType.text())
                            ? Messages.AzureAdManagedIdentityCredentials_identityId_needless()
                            : Messages.AzureAdManagedIdentityCredentials_identityId_malformed());
        }
    }
}
