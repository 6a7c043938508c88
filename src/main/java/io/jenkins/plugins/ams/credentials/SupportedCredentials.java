/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.credentials;

import com.cloudbees.plugins.credentials.common.StandardCredentials;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.ExtensionPoint;
import io.jenkins.plugins.ams.auth.ClientSecret;
import io.jenkins.plugins.ams.auth.Identity;
import io.jenkins.plugins.ams.auth.StaticTokenIdentity;
import io.jenkins.plugins.ams.auth.TokenAudience;
import io.jenkins.plugins.ams.http.AmsException;
import java.util.ArrayList;
import java.util.List;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * A type of credentials that accounts can use. This class is an extension point, so support for another plugin's
 * credentials is available only if that plugin is active. If credentials of two types have the same ID, the type with
 * the higher ordinal takes precedence.
 *
 * @param <C> the type of credentials to list and look up
 */
@Restricted(NoExternalUse.class)
public abstract class SupportedCredentials<C extends StandardCredentials> implements ExtensionPoint {

    private final Class<C> type;
    private final TokenOrigin origin;

    SupportedCredentials(Class<C> type, TokenOrigin origin) {
        this.type = type;
        this.origin = origin;
    }

    /** Returns the credentials types for accounts whose tokens have the given origin. */
    @NonNull
    static List<SupportedCredentials<?>> of(@NonNull TokenOrigin origin) {
        List<SupportedCredentials<?>> types = new ArrayList<>();
        for (SupportedCredentials<?> each : ExtensionList.lookup(SupportedCredentials.class)) {
            if (each.origin == origin) {
                types.add(each);
            }
        }
        return types;
    }

    @NonNull
    final Class<C> type() {
        return type;
    }

    /**
     * Returns the identity that the given credentials authenticate. This method may be slow, like {@link
     * AzureAdCredentials#identity}.
     */
    @NonNull
    abstract Identity identity(
            @NonNull C credentials, @NonNull TokenAudience audience, @NonNull CredentialsLookup lookup)
            throws AmsException;

    /** The plugin's own credentials types. They take precedence over other plugins' credentials types. */
    @Extension(ordinal = 2)
    public static final class OwnCredentials extends SupportedCredentials<AzureAdCredentials> {

        public OwnCredentials() {
            super(AzureAdCredentials.class, TokenOrigin.AZURE_AD);
        }

        @Override
        Identity identity(AzureAdCredentials credentials, TokenAudience audience, CredentialsLookup lookup)
                throws AmsException {
            return credentials.identity(audience, lookup);
        }
    }

    /**
     * <em>Secret text</em> credentials. They do not depend on the audience, because the account's API defines how the
     * secret is used.
     */
    @Extension
    public static final class SecretTexts extends SupportedCredentials<StringCredentials> {

        public SecretTexts() {
            super(StringCredentials.class, TokenOrigin.SECRET_TEXT);
        }

        @Override
        Identity identity(StringCredentials credentials, TokenAudience audience, CredentialsLookup lookup) {
            return new StaticTokenIdentity(
                    new ClientSecret(credentials.getSecret().getPlainText()));
        }
    }
}
