package io.jenkins.plugins.ams.credentials;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.impl.BaseStandardCredentials;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.util.FormValidation;
import hudson.util.Secret;
import io.jenkins.plugins.ams.auth.ClientCredential;
import io.jenkins.plugins.ams.auth.ClientSecret;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** An Azure AD application that proves itself with a client secret (application password). */
public class AzureAdClientSecretCredentials extends BaseStandardCredentials implements AzureAdCredentials {

    private static final long serialVersionUID = 1L;

    @NonNull
    private final String tenantId;

    @NonNull
    private final String clientId;

    @NonNull
    private final Secret clientSecret;

    /**
     * @param scope where the credentials may be used
     * @param id the id; one is made up if it is null or empty
     * @param description for people; may be null
     * @param tenantId directory (tenant) id or domain
     * @param clientId application (client) id
     * @param clientSecret the secret's value, not its id
     */
    @DataBoundConstructor
    public AzureAdClientSecretCredentials(
            @CheckForNull CredentialsScope scope,
            @CheckForNull String id,
            @CheckForNull String description,
            @CheckForNull String tenantId,
            @CheckForNull String clientId,
            @NonNull Secret clientSecret) {
        super(scope, id, description);
        this.tenantId = Util.fixNull(tenantId).trim();
        this.clientId = Util.fixNull(clientId).trim();
        this.clientSecret = clientSecret;
    }

    @NonNull
    @Override
    public String getTenantId() {
        return tenantId;
    }

    @NonNull
    @Override
    public String getClientId() {
        return clientId;
    }

    @NonNull
    public Secret getClientSecret() {
        return clientSecret;
    }

    @NonNull
    @Override
    public ClientCredential clientCredential() {
        return new ClientSecret(clientSecret.getPlainText());
    }

    /**
     * The checks look at nothing but what they are given, so whoever may fill in the form may call them: which permission
     * that takes is the business of the store that the form belongs to.
     */
    @Extension
    @Symbol("azureAdClientSecret")
    public static class DescriptorImpl extends BaseStandardCredentialsDescriptor {

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.AzureAdClientSecretCredentials_displayName();
        }

        @Override
        public String getIconClassName() {
            return "symbol-key";
        }

        @POST
        public FormValidation doCheckTenantId(@QueryParameter String value) {
            String tenantId = Util.fixEmptyAndTrim(value);
            if (tenantId == null) {
                return FormValidation.error(Messages.AzureAdClientSecretCredentials_tenantId_missing());
            }
            return AzureAdNames.isTenant(tenantId)
                    ? FormValidation.ok()
                    : FormValidation.error(Messages.AzureAdClientSecretCredentials_tenantId_malformed());
        }

        @POST
        public FormValidation doCheckClientId(@QueryParameter String value) {
            String clientId = Util.fixEmptyAndTrim(value);
            if (clientId == null) {
                return FormValidation.error(Messages.AzureAdClientSecretCredentials_clientId_missing());
            }
            return AzureAdNames.isGuid(clientId)
                    ? FormValidation.ok()
                    : FormValidation.error(Messages.AzureAdClientSecretCredentials_clientId_malformed());
        }

        /** @param value the secret, encrypted by Jenkins while it is the stored one */
        @POST
        public FormValidation doCheckClientSecret(@QueryParameter String value) {
            String clientSecret = Util.fixEmptyAndTrim(value);
            if (clientSecret == null) {
                return FormValidation.error(Messages.AzureAdClientSecretCredentials_clientSecret_missing());
            }
            // the portal shows both side by side; no secret that Azure AD made up is a GUID
            return AzureAdNames.isGuid(clientSecret)
                    ? FormValidation.warning(Messages.AzureAdClientSecretCredentials_clientSecret_isAnId())
                    : FormValidation.ok();
        }
    }
}
