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
import io.jenkins.plugins.ams.http.AmsException;
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
 * Credentials of a Microsoft Entra ID application that trusts another token issuer (workload identity federation). The
 * application authenticates with a token from that issuer as its client assertion and does not need a stored secret.
 * The token is read for each request, either from other credentials or from a file on the controller.
 *
 * <p>The file is read with the controller's permissions, and its content is sent to Microsoft Entra ID. Therefore, only
 * administrators can enter a path, credentials with a path work only in the global store, and the content is sent only
 * if it has the format of a signed JWT.
 *
 * @since TODO
 */
public class AzureAdWorkloadIdentityCredentials extends AzureAdApplicationCredentials {

    private static final long serialVersionUID = 1L;

    private String tokenCredentialsId;
    private String tokenFile;

    /**
     * @param scope the credentials scope
     * @param id the credentials ID; if null or empty, an ID is generated
     * @param description the description that users see
     * @param tenantId the directory (tenant) ID, or a domain name of the directory
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

    /**
     * Returns the ID of the {@link StringCredentials} or {@link FileCredentials} that contain the token, or null if
     * these credentials use a token file instead.
     */
    @CheckForNull
    public String getTokenCredentialsId() {
        return tokenCredentialsId;
    }

    @DataBoundSetter
    public void setTokenCredentialsId(@CheckForNull String tokenCredentialsId) {
        this.tokenCredentialsId = Util.fixEmptyAndTrim(tokenCredentialsId);
    }

    /**
     * Returns the absolute path of the token file on the controller, or null if other credentials contain the token.
     */
    @CheckForNull
    public String getTokenFile() {
        return tokenFile;
    }

    /**
     * @throws org.springframework.security.access.AccessDeniedException if the path is not empty and the user is not an
     *     administrator
     */
    @DataBoundSetter
    public void setTokenFile(@CheckForNull String tokenFile) {
        this.tokenFile = Util.fixEmptyAndTrim(tokenFile);
        checkCreator();
    }

    /**
     * Checks that users who submit credentials as XML are administrators if the credentials contain a path. When
     * Jenkins loads credentials at startup, the check succeeds because Jenkins uses system permissions.
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
    protected ClientCredential clientCredential(@NonNull CredentialsLookup lookup) throws AmsException {
        if (tokenFile != null && tokenCredentialsId == null) {
            ControllerCredentialsGuard.checkUse(this);
            return new ClientAssertion(new FileKey(tokenFile), () -> OidcTokens.ofFile(tokenFile));
        }
        if (tokenFile == null && tokenCredentialsId != null) {
            Found<StandardCredentials> found = lookup.find(tokenCredentialsId, StandardCredentials.class)
                    .filter(token -> OidcTokens.isSupported(token.credentials()))
                    .orElseThrow(
                            () -> AmsException.configurationError(Messages.AzureAdWorkloadIdentityCredentials_notFound(
                                    PlainText.quoted(getId()), PlainText.quoted(tokenCredentialsId))));
            lookup.track(found.credentials());
            return new ClientAssertion(
                    new CredentialsKey(found.sharingScope(), tokenCredentialsId),
                    () -> OidcTokens.ofCredentials(lookup, tokenCredentialsId));
        }
        throw AmsException.configurationError(
                Messages.AzureAdWorkloadIdentityCredentials_notOne(PlainText.quoted(getId())));
    }

    /** Identifies assertions that are read from a token file. A path refers to the same file for all builds. */
    private record FileKey(String path) {}

    /**
     * Identifies assertions that are read from other credentials. An ID refers to the same credentials only in builds
     * with the same {@link Found#sharingScope}.
     */
    private record CredentialsKey(Object sharingScope, String id) {}

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

        /** Validates the token file's path. Only administrators can find out whether the file exists. */
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
