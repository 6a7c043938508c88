/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.credentials;

import com.azure.core.management.AzureEnvironment;
import com.microsoft.azure.util.AzureBaseCredentials;
import com.microsoft.azure.util.AzureCredentials;
import com.microsoft.azure.util.AzureImdsCredentials;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import io.jenkins.plugins.ams.auth.AuthenticationException;
import io.jenkins.plugins.ams.auth.ClientCredential;
import io.jenkins.plugins.ams.auth.ClientSecret;
import io.jenkins.plugins.ams.auth.Identity;
import io.jenkins.plugins.ams.auth.ManagedIdentity.IdType;
import io.jenkins.plugins.ams.auth.PlainText;
import io.jenkins.plugins.ams.auth.TokenAudience;
import java.util.List;
import java.util.Locale;

/**
 * The credentials of the plugin Azure Credentials: service principals, which are applications of a tenant, and managed
 * identities of the controller's machine. The dependency on that plugin is optional; this class is the only one that
 * knows it, and {@link SupportedCredentials#all} loads it only where that plugin is active.
 *
 * <p>By that plugin Jenkins' class loaders show ours the MSAL4J of the plugin Azure SDK too, and before our own. {@code
 * Mask-Classes} in this plugin's manifest hides it, so that ours is the one in use with and without that plugin.
 *
 * <p>Such credentials name a cloud, or an authority of their own. Theirs is never asked: a folder's owner writes it, and
 * the authority is sent the secret. It has to be the one that the administrator gave the account.
 */
final class AzureCredentialsPlugin {

    private AzureCredentialsPlugin() {}

    @NonNull
    static List<SupportedCredentials<?>> kinds() {
        return List.of(
                new SupportedCredentials<>(
                        AzureCredentials.class, found -> (audience, context) -> identity(found, audience, context)),
                new SupportedCredentials<>(
                        AzureImdsCredentials.class, found -> (audience, context) -> identity(found, audience)));
    }

    private static Identity identity(AzureCredentials credentials, TokenAudience audience, CredentialsContext context)
            throws UnusableCredentialsException, AuthenticationException {
        checkCloud(credentials, audience);
        return AzureAdApplicationCredentials.principal(
                credentials.getId(),
                credentials.getTenant().trim(),
                credentials.getClientId().trim(),
                audience,
                () -> clientCredential(credentials, context));
    }

    /** As that plugin does: the certificate counts where there is no secret. */
    private static ClientCredential clientCredential(AzureCredentials credentials, CredentialsContext context)
            throws UnusableCredentialsException, AuthenticationException {
        String secret = credentials.getPlainClientSecret();
        if (!secret.isEmpty()) {
            return new ClientSecret(secret);
        }
        String certificateId = Util.fixEmptyAndTrim(credentials.getCertificateId());
        if (certificateId == null) {
            throw new UnusableCredentialsException(
                    Messages.AzureCredentialsPlugin_noProof(PlainText.quoted(credentials.getId())));
        }
        return AzureAdClientCertificateCredentials.named(credentials.getId(), certificateId, context);
    }

    /** Others than administrators make them too, so it is the more important that they work in the global store alone. */
    private static Identity identity(AzureImdsCredentials credentials, TokenAudience audience)
            throws UnusableCredentialsException {
        ControllerCredentialsGuard.checkUse(credentials);
        checkCloud(credentials, audience);
        String clientId = Util.fixEmptyAndTrim(credentials.getClientId());
        return AzureAdManagedIdentityCredentials.identity(
                credentials.getId(), clientId == null ? IdType.SYSTEM_ASSIGNED : IdType.CLIENT_ID, clientId, audience);
    }

    /**
     * The public cloud is what these credentials say unless somebody chooses another, so they go with an authority that
     * the administrator added; one that says another cloud was meant for that.
     */
    private static void checkCloud(AzureBaseCredentials credentials, TokenAudience audience)
            throws UnusableCredentialsException {
        AzureEnvironment environment = credentials.getAzureEnvironment();
        String publicCloud = normal(AzureEnvironment.AZURE.getActiveDirectoryEndpoint());
        String named = environment == null ? publicCloud : normal(environment.getActiveDirectoryEndpoint());
        boolean addedByAdministrator = !audience.instanceDiscovery();
        if (!named.equals(normal(audience.authority().toString()))
                && !(addedByAdministrator && named.equals(publicCloud))) {
            throw new UnusableCredentialsException(Messages.AzureCredentialsPlugin_otherCloud(
                    PlainText.quoted(credentials.getId()), PlainText.quoted(named), audience.authority()));
        }
    }

    private static String normal(String authority) {
        return authority.trim().toLowerCase(Locale.ROOT).replaceFirst("/+$", "");
    }
}
