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
import hudson.util.Secret;
import io.jenkins.plugins.ams.auth.AuthenticationException;
import io.jenkins.plugins.ams.auth.CertifiedKey;
import io.jenkins.plugins.ams.auth.ClientCertificate;
import io.jenkins.plugins.ams.auth.ClientCredential;
import io.jenkins.plugins.ams.auth.KeyStores;
import io.jenkins.plugins.ams.auth.Pem;
import io.jenkins.plugins.ams.http.PlainText;
import java.util.Base64;
import java.util.List;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * Credentials of a Microsoft Entra ID application that authenticates with a certificate. The certificate comes from
 * Jenkins' certificate credentials or is stored in this object.
 *
 * @since TODO
 */
public class AzureAdClientCertificateCredentials extends AzureAdApplicationCredentials {

    private static final long serialVersionUID = 1L;

    private String certificateId;
    private Secret certificate;
    private Secret password;

    /**
     * @param scope the scope of the credentials
     * @param id the ID of the credentials; generated if null or empty
     * @param description the description for users
     * @param tenantId the directory (tenant) ID or domain
     * @param clientId the application (client) ID
     */
    @DataBoundConstructor
    public AzureAdClientCertificateCredentials(
            @CheckForNull CredentialsScope scope,
            @CheckForNull String id,
            @CheckForNull String description,
            @CheckForNull String tenantId,
            @CheckForNull String clientId) {
        super(scope, id, description, tenantId, clientId);
    }

    /**
     * Returns the ID of {@link StandardCertificateCredentials}, or null if the certificate is stored in this object.
     */
    @CheckForNull
    public String getCertificateId() {
        return certificateId;
    }

    @DataBoundSetter
    public void setCertificateId(@CheckForNull String certificateId) {
        this.certificateId = Util.fixEmptyAndTrim(certificateId);
    }

    /**
     * Returns the certificate and its private key, as PEM or as a PKCS#12 file in Base64; null if
     * {@link #getCertificateId} refers to the certificate.
     */
    @CheckForNull
    public Secret getCertificate() {
        return certificate;
    }

    @DataBoundSetter
    public void setCertificate(@CheckForNull Secret certificate) {
        this.certificate = nullIfBlank(certificate);
    }

    /** Returns the password of {@link #getCertificate}, or null if there is none. */
    @CheckForNull
    public Secret getPassword() {
        return password;
    }

    @DataBoundSetter
    public void setPassword(@CheckForNull Secret password) {
        this.password = nullIfBlank(password);
    }

    @NonNull
    @Override
    protected ClientCredential clientCredential(@NonNull CredentialsContext context)
            throws UnusableCredentialsException {
        if (certificateId != null && certificate == null) {
            return fromCertificateCredentials(getId(), certificateId, context);
        }
        if (certificateId == null && certificate != null) {
            return new ClientCertificate(
                    new SameObject(this), () -> parse(certificate.getPlainText(), Secret.toString(password)));
        }
        throw new UnusableCredentialsException(
                Messages.AzureAdClientCertificateCredentials_notOne(PlainText.quoted(getId())));
    }

    /**
     * Returns the certificate in Jenkins' certificate credentials and records their use. Does not read the key store
     * yet: it may be stored remotely, and a user can create one that takes seconds to decrypt.
     *
     * @param id the ID of the credentials that refer to the certificate, for the error message
     * @throws UnusableCredentialsException if the certificate credentials do not exist in this context
     */
    static ClientCredential fromCertificateCredentials(String id, String certificateId, CredentialsContext context)
            throws UnusableCredentialsException {
        StandardCertificateCredentials found = context.find(certificateId, StandardCertificateCredentials.class)
                .orElseThrow(
                        () -> new UnusableCredentialsException(Messages.AzureAdClientCertificateCredentials_notFound(
                                PlainText.quoted(id), PlainText.quoted(certificateId))))
                .credentials();
        context.track(found);
        return new ClientCertificate(
                new SameObject(found),
                KeyStores.reader(
                        found::getKeyStore,
                        () -> found.getPassword().getPlainText().toCharArray()));
    }

    private static CertifiedKey parse(String certificate, String password) throws AuthenticationException {
        if (Pem.isPem(certificate)) {
            return Pem.certificate(certificate, password.toCharArray());
        }
        byte[] file;
        try {
            file = Base64.getMimeDecoder().decode(certificate);
        } catch (IllegalArgumentException e) {
            file = new byte[0]; // rejected below as an invalid PKCS#12 file
        }
        return KeyStores.pkcs12(file, password.toCharArray());
    }

    private static Secret nullIfBlank(Secret secret) {
        return Secret.toString(secret).isBlank() ? null : secret;
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
            return ReferencedCredentialsField.fill(store, item, certificateId, CERTIFICATE_TYPES);
        }

        @POST
        public FormValidation doCheckCertificateId(
                @AncestorInPath Item item,
                @QueryParameter RawParameter value,
                @QueryParameter RawParameter certificate) {
            String id = value.trimmed();
            boolean entered = certificate.trimmed() != null;
            if (id == null) {
                return entered
                        ? FormValidation.ok()
                        : FormValidation.error(Messages.AzureAdClientCertificateCredentials_certificate_missing());
            }
            if (entered) {
                return FormValidation.error(Messages.AzureAdClientCertificateCredentials_certificate_twice());
            }
            return ReferencedCredentialsField.isMissing(item, id, CERTIFICATE_TYPES)
                    ? FormValidation.error(Messages.AzureAdClientCertificateCredentials_certificateId_unknown())
                    : FormValidation.ok();
        }

        /**
         * Validates an entered certificate. Skips a stored one: the form contains it in encrypted form, and users who
         * obtained a ciphertext must not learn anything about its content. Requires the permission to select
         * credentials, because a small file with a high iteration count can occupy a processor for many seconds.
         */
        @POST
        public FormValidation doCheckCertificate(
                @AncestorInPath Item item, @QueryParameter RawParameter value, @QueryParameter RawParameter password) {
            String certificate = value.orEmpty().trim();
            if (!CredentialsListBox.mayChoose(item)
                    || certificate.isEmpty()
                    || isEncrypted(certificate)
                    || isEncrypted(password.orEmpty())) {
                return FormValidation.ok();
            }
            try {
                parse(certificate, password.orEmpty());
                return FormValidation.ok();
            } catch (AuthenticationException e) {
                return FormValidation.error(
                        Messages.AzureAdClientCertificateCredentials_certificate_bad(e.getMessage()));
            }
        }

        private static boolean isEncrypted(String secret) {
            return secret.startsWith("{");
        }
    }
}
