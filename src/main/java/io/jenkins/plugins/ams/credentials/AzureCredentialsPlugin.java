/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.credentials;

import com.azure.core.management.AzureEnvironment;
import com.microsoft.azure.util.AzureBaseCredentials;
import com.microsoft.azure.util.AzureCredentials;
import com.microsoft.azure.util.AzureImdsCredentials;
import hudson.Extension;
import hudson.Util;
import io.jenkins.plugins.ams.auth.ClientCredential;
import io.jenkins.plugins.ams.auth.ClientSecret;
import io.jenkins.plugins.ams.auth.Identity;
import io.jenkins.plugins.ams.auth.ManagedIdentity.IdType;
import io.jenkins.plugins.ams.auth.TokenAudience;
import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.http.PlainText;
import java.util.Locale;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Supports credentials of the Azure Credentials plugin: service principals, and managed identities of the controller's
 * machine. The dependency on that plugin is optional, and only this class uses it. If that plugin is not active,
 * Jenkins cannot load the extensions in this class, and skips them because they are marked as optional.
 *
 * <p>The dependency also makes the Azure SDK plugin's MSAL4J library visible to this plugin's class loader, where it
 * would take precedence over the bundled library. {@code Mask-Classes} in this plugin's manifest hides the Azure SDK
 * plugin's library, so that the bundled library is always used.
 *
 * <p>These credentials specify a cloud or a token authority, but requests are never sent there. Otherwise, users who
 * can edit a folder's credentials could choose where the secret is sent. Instead, requests are sent to the account's
 * token authority, and credentials that specify a different token authority are rejected.
 */
final class AzureCredentialsPlugin {

    private AzureCredentialsPlugin() {}

    /** Service principals that have a client secret or a certificate. */
    @Extension(ordinal = 1, optional = true)
    @SuppressWarnings("deprecation") // @OptionalExtension would require the Variant plugin
    @Restricted(NoExternalUse.class)
    public static final class ServicePrincipals extends SupportedCredentials<AzureCredentials> {

        public ServicePrincipals() {
            super(AzureCredentials.class, TokenOrigin.AZURE_AD);
        }

        @Override
        Identity identity(AzureCredentials credentials, TokenAudience audience, CredentialsLookup lookup)
                throws AmsException {
            checkCloud(credentials, audience);
            return AzureAdApplicationCredentials.applicationIdentity(
                    credentials.getId(),
                    credentials.getTenant().trim(),
                    credentials.getClientId().trim(),
                    audience,
                    () -> clientCredential(credentials, lookup));
        }

        /**
         * Returns the client secret if it is set, or the certificate otherwise. The Azure Credentials plugin uses the
         * same order.
         */
        private static ClientCredential clientCredential(AzureCredentials credentials, CredentialsLookup lookup)
                throws AmsException {
            String secret = credentials.getPlainClientSecret();
            if (!secret.isEmpty()) {
                return new ClientSecret(secret);
            }
            String certificateId = Util.fixEmptyAndTrim(credentials.getCertificateId());
            if (certificateId == null) {
                throw AmsException.configurationError(
                        Messages.AzureCredentialsPlugin_noCredential(PlainText.quoted(credentials.getId())));
            }
            return AzureAdClientCertificateCredentials.certificate(credentials.getId(), certificateId, lookup);
        }
    }

    /**
     * Managed identities of the controller's machine. Checking that the credentials are in the global store is
     * essential here, because the Azure Credentials plugin does not limit the creation of managed identity credentials
     * to administrators.
     */
    @Extension(optional = true)
    @SuppressWarnings("deprecation") // @OptionalExtension would require the Variant plugin
    @Restricted(NoExternalUse.class)
    public static final class ManagedIdentities extends SupportedCredentials<AzureImdsCredentials> {

        public ManagedIdentities() {
            super(AzureImdsCredentials.class, TokenOrigin.AZURE_AD);
        }

        @Override
        Identity identity(AzureImdsCredentials credentials, TokenAudience audience, CredentialsLookup lookup)
                throws AmsException {
            ControllerCredentialsGuard.checkUse(credentials);
            checkCloud(credentials, audience);
            String clientId = Util.fixEmptyAndTrim(credentials.getClientId());
            return AzureAdManagedIdentityCredentials.identity(
                    credentials.getId(),
                    clientId == null ? IdType.SYSTEM_ASSIGNED : IdType.CLIENT_ID,
                    clientId,
                    audience);
        }
    }

    /**
     * Checks that the credentials' cloud and the account have the same token authority. The public cloud is the default
     * for these credentials, so it is accepted even if the account specifies a custom token authority.
     */
    private static void checkCloud(AzureBaseCredentials credentials, TokenAudience audience) throws AmsException {
        AzureEnvironment environment = credentials.getAzureEnvironment();
        String publicCloud = normalize(AzureEnvironment.AZURE.getActiveDirectoryEndpoint());
        String cloud = environment == null ? publicCloud : normalize(environment.getActiveDirectoryEndpoint());
        boolean addedByAdministrator = !audience.instanceDiscovery();
        if (!cloud.equals(normalize(audience.authority().toString()))
                && !(addedByAdministrator && cloud.equals(publicCloud))) {
            throw AmsException.configurationError(Messages.AzureCredentialsPlugin_otherCloud(
                    PlainText.quoted(credentials.getId()), PlainText.quoted(cloud), audience.authority()));
        }
    }

    private static String normalize(String authority) {
        return authority.trim().toLowerCase(Locale.ROOT).replaceFirst("/+$", "");
    }
}
