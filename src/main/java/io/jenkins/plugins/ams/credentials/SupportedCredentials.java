/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.credentials;

import com.cloudbees.plugins.credentials.common.StandardCredentials;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.PluginWrapper;
import io.jenkins.plugins.ams.auth.ClientSecret;
import io.jenkins.plugins.ams.auth.StaticTokenIdentity;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;

/**
 * A supported type of credentials.
 *
 * @param type the type that is listed and looked up
 * @param source converts credentials to a source of identities, without reading a secret
 */
record SupportedCredentials<C extends StandardCredentials>(Class<C> type, Function<C, IdentitySource> source) {

    private static final List<SupportedCredentials<?>> OWN =
            List.of(new SupportedCredentials<>(AzureAdCredentials.class, own -> own));

    /** Secret texts. They do not depend on the audience, because the account's API defines how the text is used. */
    static final List<SupportedCredentials<?>> SECRET_TEXTS = List.of(new SupportedCredentials<>(
            StringCredentials.class,
            text -> (audience, context) ->
                    new StaticTokenIdentity(new ClientSecret(text.getSecret().getPlainText()))));

    /**
     * Returns all types for Microsoft Entra ID: the plugin's own types, followed by those of the Azure Credentials
     * plugin if it is active. If two credentials have the same ID, those of the plugin's own types are used. The class
     * that depends on the other plugin is loaded only if that plugin is active.
     */
    @NonNull
    static List<SupportedCredentials<?>> all() {
        PluginWrapper plugin = Jenkins.get().getPluginManager().getPlugin("azure-credentials");
        return plugin != null && plugin.isActive()
                ? Stream.concat(OWN.stream(), AzureCredentialsPlugin.types().stream())
                        .toList()
                : OWN;
    }
}
