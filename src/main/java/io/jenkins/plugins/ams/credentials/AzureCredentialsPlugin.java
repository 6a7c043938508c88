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
import io.jenkins.plugins.ams.auth.AuthenticationException;
import io.jenkins.plugins.ams.auth.ClientCredential;
import io.jenkins.plugins.ams.auth.ClientSecret;
import io.jenkins.plugins.ams.auth.Identity;
import io.jenkins.plugins.ams.auth.ManagedIdentity.IdType;
import io.jenkins.plugins.ams.auth.TokenAudience;
import io.jenkins.plugins.ams.http.PlainText;
import java.util.Locale;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Supports the credentials of the Azure Credentials plugin: service principals, and managed identities of the
 * controller's machine. The dependency on that plugin is optional. Only this class uses it, and its extensions are found
 * only if that plugin is active: otherwise, Jenkins cannot load them and skips them because they are optional.
 *
 * <p>The dependency also makes the MSAL4J library of the Azure SDK plugin visible to this plugin's class loader, with
 * precedence over the bundled one. {@code Mask-Classes} in this plugin's manifest hides it, so that the bundled library
 * is used whether or not that plugin is installed.
 *
 * <p>These credentials contain a cloud or an authority. No request is sent there, because users who can edit
 * credentials in a folder could choose where the secret is sent. Requests go to the authority of the account, and the
 * credentials are rejected if theirs differs.
 */
final class AzureCredentialsPlugin {

    private AzureCredentialsPlugin() {}

    /** Service principals, with a client secret or a certificate. */
    @Extension(ordinal = 1, optional = true)
    @SuppressWarnings("deprecation") // no other plugin is needed to skip a class that cannot be loaded
    @Restricted(NoExternalUse.class)
    public static final class ServicePrincipals extends SupportedCredentials<AzureCredentials> {

        public ServicePrincipals() {
            super(AzureCredentials.class, TokenOrigin.AZURE_AD);
        }

        @Override
        Identity identity(AzureCredentials credentials, TokenAudience audience, CredentialsLookup lookup)
                throws UnusableCredentialsException, AuthenticationException {
            checkCloud(credentials, audience);
            return AzureAdApplicationCredentials.applicationIdentity(
                    credentials.getId(),
                    credentials.getTenant().trim(),
                    credentials.getClientId().trim(),
                    audience,
                    () -> clientCredential(credentials, lookup));
        }

        /** Returns the client secret or, without a secret, the certificate; the other plugin uses the same order. */
        private static ClientCredential clientCredential(AzureCredentials credentials, CredentialsLookup lookup)
                throws UnusableCredentialsException {
            String secret = credentials.getPlainClientSecret();
            if (!secret.isEmpty()) {
                return new ClientSecret(secret);
            }
            String certificateId = Util.fixEmptyAndTrim(credentials.getCertificateId());
            if (certificateId == null) {
                throw new UnusableCredentialsException(
                        Messages.AzureCredentialsPlugin_noCredential(PlainText.quoted(credentials.getId())));
            }
            return AzureAdClientCertificateCredentials.certificate(credentials.getId(), certificateId, lookup);
        }
    }

    /**
     * Managed identities. The check that the credentials are in the global store is essential here, because the other
     * plugin does not limit their creation to administrators.
     */
    @Extension(optional = true)
    @SuppressWarnings("deprecation") // as above
    @Restricted(NoExternalUse.class)
    public static final class ManagedIdentities extends SupportedCredentials<AzureImdsCredentials> {

        public ManagedIdentities() {
            super(AzureImdsCredentials.class, TokenOrigin.AZURE_AD);
        }

        @Override
        Identity identity(AzureImdsCredentials credentials, TokenAudience audience, CredentialsLookup lookup)
                throws UnusableCredentialsException {
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
     * Checks that the authority of the credentials' cloud is that of the account. The public cloud is the default of
     * these credentials, so it is also accepted with an authority that the administrator added.
     */
    private static void checkCloud(AzureBaseCredentials credentials, TokenAudience audience)
            throws UnusableCredentialsException {
        AzureEnvironment environment = credentials.getAzureEnvironment();
        String publicCloud = normalize(AzureEnvironment.AZURE.getActiveDirectoryEndpoint());
        String cloud = environment == null ? publicCloud : normalize(environment.getActiveDirectoryEndpoint());
        boolean addedByAdministrator = !audience.instanceDiscovery();
        if (!cloud.equals(normalize(audience.authority().toString()))
                && !(addedByAdministrator && cloud.equals(publicCloud))) {
            throw new UnusableCredentialsException(Messages.AzureCredentialsPlugin_otherCloud(
                    PlainText.quoted(credentials.getId()), PlainText.quoted(cloud), audience.authority()));
        }
    }

    private static String normalize(String authority) {
        return authority.trim().toLowerCase(Locale.ROOT).replaceFirst("/+$", "");
    }
}
