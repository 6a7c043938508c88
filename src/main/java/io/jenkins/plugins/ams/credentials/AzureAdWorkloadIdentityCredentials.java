/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.credentials;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Item;
import hudson.security.AccessControlled;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.ams.auth.ClientAssertion;
import io.jenkins.plugins.ams.auth.ClientCredential;
import io.jenkins.plugins.ams.credentials.CredentialsLookup.Found;
import io.jenkins.plugins.ams.http.PlainText;
import java.util.List;
import jenkins.model.Jenkins;
import org.jenkinsci.Symbol;
import org.jenkinsci.plugins.plaincredentials.FileCredentials;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * Credentials of a Microsoft Entra ID application that trusts another token issuer (workload identity federation). It
 * authenticates with a token of that issuer as the client assertion and needs no stored secret. The token is read for
 * each request, from other credentials or from a file on the controller.
 *
 * <p>The file is read with the permissions of the controller, and its content is sent to the authority. Therefore, only
 * administrators can enter a path, credentials with a path work only in the global store, and the content is only sent
 * if it has the format of a signed JWT.
 *
 * @since TODO
 */
public class AzureAdWorkloadIdentityCredentials extends AzureAdApplicationCredentials {

    private static final long serialVersionUID = 1L;

    private String tokenCredentialsId;
    private String tokenFile;

    /**
     * @param scope the scope of the credentials
     * @param id the ID of the credentials; generated if null or empty
     * @param description the description for users
     * @param tenantId the directory (tenant) ID or domain
     * @param clientId the application (client) ID
     */
    @DataBoundConstructor
    public AzureAdWorkloadIdentityCredentials(
            @CheckForNull CredentialsScope scope,
            @CheckForNull String id,
            @CheckForNull String description,
            @CheckForNull String tenantId,
            @CheckForNull String clientId) {
        super(scope, id, description, tenantId, clientId);
    }

    /** Returns the ID of {@link StringCredentials} or {@link FileCredentials} with the token; null if a file has it. */
    @CheckForNull
    public String getTokenCredentialsId() {
        return tokenCredentialsId;
    }

    @DataBoundSetter
    public void setTokenCredentialsId(@CheckForNull String tokenCredentialsId) {
        this.tokenCredentialsId = Util.fixEmptyAndTrim(tokenCredentialsId);
    }

    /** Returns the absolute path of the token file on the controller; null if other credentials have the token. */
    @CheckForNull
    public String getTokenFile() {
        return tokenFile;
    }

    /**
     * @throws org.springframework.security.access.AccessDeniedException if a user who is not an administrator sets a
     *     path
     */
    @DataBoundSetter
    public void setTokenFile(@CheckForNull String tokenFile) {
        this.tokenFile = Util.fixEmptyAndTrim(tokenFile);
        checkCreator();
    }

    /**
     * Checks the permission of users who send credentials as XML. At startup, credentials are loaded with the
     * permissions of the system.
     */
    protected Object readResolve() {
        checkCreator();
        return this;
    }

    private void checkCreator() {
        if (tokenFile != null) {
            ControllerCredentialsGuard.checkCreator();
        }
    }

    @NonNull
    @Override
    protected ClientCredential clientCredential(@NonNull CredentialsLookup lookup) throws UnusableCredentialsException {
        if (tokenFile != null && tokenCredentialsId == null) {
            ControllerCredentialsGuard.checkUse(this);
            return new ClientAssertion(new FileKey(tokenFile), () -> OidcTokens.ofFile(tokenFile));
        }
        if (tokenFile == null && tokenCredentialsId != null) {
            Found<StandardCredentials> found = lookup.find(tokenCredentialsId, StandardCredentials.class)
                    .filter(token -> OidcTokens.isSupported(token.credentials()))
                    .orElseThrow(
                            () -> new UnusableCredentialsException(Messages.AzureAdWorkloadIdentityCredentials_notFound(
                                    PlainText.quoted(getId()), PlainText.quoted(tokenCredentialsId))));
            lookup.track(found.credentials());
            return new ClientAssertion(
                    new CredentialsKey(found.sharer(), tokenCredentialsId),
                    () -> OidcTokens.ofCredentials(lookup, tokenCredentialsId));
        }
        throw new UnusableCredentialsException(
                Messages.AzureAdWorkloadIdentityCredentials_notOne(PlainText.quoted(getId())));
    }

    /** The key of a token file, whose content is the same for all contexts. */
    private record FileKey(String path) {}

    /**
     * The key of a token in other credentials. Equal IDs refer to the same credentials only if the sharers are equal.
     */
    private record CredentialsKey(Object sharer, String id) {}

    @Extension
    @Symbol("azureAdWorkloadIdentity")
    public static class DescriptorImpl extends ApplicationDescriptor {

        private static final List<Class<? extends StandardCredentials>> TOKEN_TYPES =
                List.of(StringCredentials.class, FileCredentials.class);

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.AzureAdWorkloadIdentityCredentials_displayName();
        }

        @POST
        public ListBoxModel doFillTokenCredentialsIdItems(
                @AncestorInPath AccessControlled store,
                @AncestorInPath Item item,
                @QueryParameter RawParameter tokenCredentialsId) {
            return CredentialsListBox.references(store, item, tokenCredentialsId, TOKEN_TYPES);
        }

        @POST
        public FormValidation doCheckTokenCredentialsId(
                @AncestorInPath Item item, @QueryParameter RawParameter value, @QueryParameter RawParameter tokenFile) {
            String id = value.trimmed();
            boolean inFile = tokenFile.trimmed() != null;
            if (id == null) {
                return inFile
                        ? FormValidation.ok()
                        : FormValidation.error(Messages.AzureAdWorkloadIdentityCredentials_token_missing());
            }
            if (inFile) {
                return FormValidation.error(Messages.AzureAdWorkloadIdentityCredentials_token_twice());
            }
            return CredentialsListBox.isMissing(item, id, TOKEN_TYPES)
                    ? FormValidation.error(Messages.AzureAdWorkloadIdentityCredentials_tokenCredentialsId_unknown())
                    : FormValidation.ok();
        }

        /** Validates the path of the token file. Only administrators learn whether the file exists. */
        @POST
        public FormValidation doCheckTokenFile(@AncestorInPath Item item, @QueryParameter RawParameter value) {
            String path = value.trimmed();
            if (path == null) {
                return FormValidation.ok();
            }
            if (item != null || !Jenkins.get().hasPermission(Jenkins.ADMINISTER)) {
                return FormValidation.error(Messages.AzureAdWorkloadIdentityCredentials_tokenFile_forbidden());
            }
            return OidcTokens.isReadable(path)
                    ? FormValidation.ok()
                    : FormValidation.warning(Messages.AzureAdWorkloadIdentityCredentials_tokenFile_unreadable());
        }
    }
}
