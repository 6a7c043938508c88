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
import io.jenkins.plugins.ams.auth.PlainText;
import io.jenkins.plugins.ams.credentials.CredentialsContext.Found;
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
 * An Azure AD application that trusts another issuer of tokens (workload identity federation): a token of that issuer is
 * the proof, and no secret of Azure AD is kept. The token is read anew for each request, from other credentials or from
 * a file of the controller.
 *
 * <p>A file is read with the rights of Jenkins and sent away, so a path is for administrators alone, and in the global
 * store alone; and of whatever is read, nothing is sent but what has the form of a signed JWT.
 *
 * @since TODO
 */
public class AzureAdWorkloadIdentityCredentials extends AzureAdApplicationCredentials {

    private static final long serialVersionUID = 1L;

    private String tokenCredentialsId;
    private String tokenFile;

    /**
     * @param scope where the credentials may be used
     * @param id the id; one is made up if it is null or empty
     * @param description for people; may be null
     * @param tenantId directory (tenant) id or domain
     * @param clientId application (client) id
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

    /** Id of {@link StringCredentials} or {@link FileCredentials} that hold the token; null if a file does. */
    @CheckForNull
    public String getTokenCredentialsId() {
        return tokenCredentialsId;
    }

    @DataBoundSetter
    public void setTokenCredentialsId(@CheckForNull String tokenCredentialsId) {
        this.tokenCredentialsId = Util.fixEmptyAndTrim(tokenCredentialsId);
    }

    /** Path of the controller's file that holds the token; null if other credentials do. */
    @CheckForNull
    public String getTokenFile() {
        return tokenFile;
    }

    /** @throws org.springframework.security.access.AccessDeniedException if there is a path and no administrator */
    @DataBoundSetter
    public void setTokenFile(@CheckForNull String tokenFile) {
        this.tokenFile = Util.fixEmptyAndTrim(tokenFile);
        checkCreator();
    }

    /** Credentials that come as XML, from somebody's request or from the disk at the start, which is the system's. */
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
    protected ClientCredential clientCredential(@NonNull CredentialsContext context)
            throws UnusableCredentialsException {
        if (tokenFile != null && tokenCredentialsId == null) {
            ControllerCredentialsGuard.checkUse(this);
            return new ClientAssertion(new OfFile(tokenFile), () -> OidcTokens.ofFile(tokenFile));
        }
        if (tokenFile == null && tokenCredentialsId != null) {
            Found<StandardCredentials> found = context.find(tokenCredentialsId, StandardCredentials.class)
                    .filter(token -> OidcTokens.isKind(token.credentials()))
                    .orElseThrow(
                            () -> new UnusableCredentialsException(Messages.AzureAdWorkloadIdentityCredentials_notFound(
                                    PlainText.quoted(getId()), PlainText.quoted(tokenCredentialsId))));
            context.track(found.credentials());
            return new ClientAssertion(
                    new OfCredentials(found.sharer(), tokenCredentialsId),
                    () -> OidcTokens.ofCredentials(context, tokenCredentialsId));
        }
        throw new UnusableCredentialsException(
                Messages.AzureAdWorkloadIdentityCredentials_notOne(PlainText.quoted(getId())));
    }

    /** Where a token is read: a file is the same for everybody. */
    private record OfFile(String path) {}

    /** Where a token is read: an id means the same to those alone who share what is found under it. */
    private record OfCredentials(Object sharer, String id) {}

    /** Describes the credentials to Jenkins. */
    @Extension
    @Symbol("azureAdWorkloadIdentity")
    public static class DescriptorImpl extends ApplicationDescriptor {

        private static final List<Class<? extends StandardCredentials>> TOKENS =
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
            return ReferencedCredentialsField.fill(store, item, tokenCredentialsId, TOKENS);
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
            return ReferencedCredentialsField.isMissing(item, id, TOKENS)
                    ? FormValidation.error(Messages.AzureAdWorkloadIdentityCredentials_tokenCredentialsId_unknown())
                    : FormValidation.ok();
        }

        /** Tells administrators alone whether there is such a file. */
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
