/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.credentials;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.common.StandardCertificateCredentials;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Item;
import hudson.security.AccessControlled;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.ams.auth.ClientCertificate;
import io.jenkins.plugins.ams.auth.ClientCredential;
import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.http.PlainText;
import java.util.List;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * Credentials of a Microsoft Entra ID application that authenticates with a certificate. The certificate is stored in
 * separate Jenkins certificate credentials.
 *
 * @since TODO
 */
public class AzureAdClientCertificateCredentials extends AzureAdApplicationCredentials {

    private static final long serialVersionUID = 1L;

    @CheckForNull
    private final String certificateId;

    /**
     * @param scope the credentials scope
     * @param id the credentials ID; if null or empty, an ID is generated
     * @param description the description that users see
     * @param tenantId the directory (tenant) ID, or a domain name of the directory
     * @param clientId the application (client) ID
     * @param certificateId the ID of the {@link StandardCertificateCredentials} that contain the certificate
     */
    @DataBoundConstructor
    public AzureAdClientCertificateCredentials(
            @CheckForNull CredentialsScope scope,
            @CheckForNull String id,
            @CheckForNull String description,
            @CheckForNull String tenantId,
            @CheckForNull String clientId,
            @CheckForNull String certificateId) {
        super(scope, id, description, tenantId, clientId);
        this.certificateId = Util.fixEmptyAndTrim(certificateId);
    }

    /**
     * Returns the ID of the {@link StandardCertificateCredentials} that contain the certificate, or null if no ID was
     * specified.
     */
    @CheckForNull
    public String getCertificateId() {
        return certificateId;
    }

    @NonNull
    @Override
    protected ClientCredential clientCredential(@NonNull CredentialsLookup lookup) throws AmsException {
        if (certificateId == null) {
            throw AmsException.configurationError(
                    Messages.AzureAdClientCertificateCredentials_missing(PlainText.quoted(getId())));
        }
        return certificate(getId(), certificateId, lookup);
    }

    /**
     * Returns the certificate from Jenkins' certificate credentials and records their use. This method does not read
     * the key store, because reading can be slow: the key store may be stored remotely, and decrypting it may take
     * seconds.
     *
     * @param id the ID of the credentials that refer to the certificate, used in the error message
     * @throws AmsException if the certificate credentials are not found
     */
    static ClientCredential certificate(String id, String certificateId, CredentialsLookup lookup) throws AmsException {
        StandardCertificateCredentials found = lookup.find(certificateId, StandardCertificateCredentials.class)
                .orElseThrow(
                        () -> AmsException.configurationError(Messages.AzureAdClientCertificateCredentials_notFound(
                                PlainText.quoted(id), PlainText.quoted(certificateId))))
                .credentials();
        lookup.track(found);
        return new ClientCertificate(
                found,
                found::getKeyStore,
                () -> found.getPassword().getPlainText().toCharArray());
    }

    @Extension
    @Symbol("azureAdClientCertificate")
    public static class DescriptorImpl extends ApplicationDescriptor {

        private static final List<Class<? extends StandardCredentials>> CERTIFICATE_TYPES =
                List.of(StandardCertificateCredentials.class);

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.AzureAdClientCertificateCredentials_displayName();
        }

        @POST
        public ListBoxModel doFillCertificateIdItems(
                @AncestorInPath AccessControlled store,
                @AncestorInPath Item item,
                @QueryParameter RawParameter certificateId) {
            return CredentialsListBox.references(store, item, certificateId, CERTIFICATE_TYPES);
        }

        @POST
        public FormValidation doCheckCertificateId(@AncestorInPath Item item, @QueryParameter RawParameter value) {
            String id = value.trimmed();
            if (id == null) {
                return FormValidation.error(Messages.AzureAdClientCertificateCredentials_certificateId_missing());
            }
            return CredentialsListBox.isMissing(item, id, CERTIFICATE_TYPES)
                    ? FormValidation.error(Messages.AzureAdClientCertificateCredentials_certificateId_unknown())
                    : FormValidation.ok();
        }
    }
}
