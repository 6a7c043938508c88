/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.credentials;

import com.cloudbees.plugins.credentials.CredentialsMatcher;
import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.common.StandardListBoxModel;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Item;
import java.util.List;
import jenkins.model.Jenkins;
import org.springframework.security.core.Authentication;

/** Fills the lists of credentials in the plugin's forms and decides which users may see them. */
public final class CredentialsListBox {

    /** Matches the credentials that builds can find: all except those with scope System. */
    public static final CredentialsMatcher VISIBLE_TO_BUILDS =
            CredentialsMatchers.not(CredentialsMatchers.withScope(CredentialsScope.SYSTEM));

    private CredentialsListBox() {}

    /**
     * Returns whether the current user may see the available credentials, by the rule in the consumer guide of the
     * Credentials plugin.
     *
     * @param item the item that the form configures or belongs to; null for the global configuration
     */
    public static boolean mayChoose(@CheckForNull Item item) {
        if (item == null) {
            return Jenkins.get().hasPermission(Jenkins.ADMINISTER);
        }
        return item.hasPermission(Item.EXTENDED_READ) || item.hasPermission(CredentialsProvider.USE_ITEM);
    }

    /**
     * Adds the available credentials to a list. Callers check {@link #mayChoose} first.
     *
     * @param authentication the authentication under which the credentials are used
     * @param item the item that uses the credentials; null for the global context
     * @param requirements the domain requirements of the credentials
     * @param origin the origin of the tokens, which determines the types of credentials
     */
    public static void include(
            @NonNull StandardListBoxModel items,
            @NonNull Authentication authentication,
            @CheckForNull Item item,
            @NonNull List<DomainRequirement> requirements,
            @NonNull TokenOrigin origin) {
        for (SupportedCredentials<?> supported : origin.credentialsTypes()) {
            items.includeMatchingAs(authentication, item, supported.type(), requirements, VISIBLE_TO_BUILDS);
        }
    }

    /** Returns whether {@link #include} would add credentials with this ID. */
    public static boolean isOffered(
            @NonNull String id,
            @NonNull Authentication authentication,
            @CheckForNull Item item,
            @NonNull List<DomainRequirement> requirements,
            @NonNull TokenOrigin origin) {
        CredentialsMatcher matcher = CredentialsMatchers.allOf(VISIBLE_TO_BUILDS, CredentialsMatchers.withId(id));
        return origin.credentialsTypes().stream()
                .anyMatch(supported -> !CredentialsProvider.listCredentialsInItem(
                                supported.type(), item, authentication, requirements, matcher)
                        .isEmpty());
    }
}
