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
 * A type of credentials that can be used, and what makes identities of them.
 *
 * @param type the type that is listed and looked up
 * @param source turns credentials into a source of identities; reads no secret yet
 */
record SupportedCredentials<C extends StandardCredentials>(Class<C> type, Function<C, IdentitySource> source) {

    private static final List<SupportedCredentials<?>> OWN =
            List.of(new SupportedCredentials<>(AzureAdCredentials.class, own -> own));

    /** The text alone says who it is; what it is good for the API of the account knows. */
    static final List<SupportedCredentials<?>> SECRET_TEXTS = List.of(new SupportedCredentials<>(
            StringCredentials.class,
            text -> (audience, context) ->
                    new StaticTokenIdentity(new ClientSecret(text.getSecret().getPlainText()))));

    /**
     * All kinds that are for Azure AD, of this controller: the plugin's own first, so that these are used where another plugin's have the same
     * id, then those of the plugin Azure Credentials while it is active. A class that knows that plugin's is loaded in no
     * other case.
     */
    @NonNull
    static List<SupportedCredentials<?>> all() {
        PluginWrapper plugin = Jenkins.get().getPluginManager().getPlugin("azure-credentials");
        return plugin != null && plugin.isActive()
                ? Stream.concat(OWN.stream(), AzureCredentialsPlugin.kinds().stream())
                        .toList()
                : OWN;
    }
}
