/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.credentials;

import com.cloudbees.plugins.credentials.CredentialsMatcher;
import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.common.StandardListBoxModel;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Item;
import hudson.security.ACL;
import hudson.security.AccessControlled;
import hudson.util.ListBoxModel;
import java.util.List;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.springframework.security.core.Authentication;

/**
 * Fills and validates the credentials fields in the plugin's forms, and decides which users may see credentials IDs.
 */
@Restricted(NoExternalUse.class)
public final class CredentialsListBox {

    /** Matches credentials that builds can find. Credentials with the System scope are excluded. */
    static final CredentialsMatcher VISIBLE_TO_BUILDS =
            CredentialsMatchers.not(CredentialsMatchers.withScope(CredentialsScope.SYSTEM));

    private CredentialsListBox() {}

    /**
     * Returns whether the current user may see the available credentials, according to the Credentials plugin's
     * consumer guide.
     *
     * @param item the item that the form configures or belongs to, or null for the global configuration
     */
    public static boolean mayChoose(@CheckForNull Item item) {
        if (item == null) {
            return Jenkins.get().hasPermission(Jenkins.ADMINISTER);
        }
        return item.hasPermission(Item.EXTENDED_READ) || item.hasPermission(CredentialsProvider.USE_ITEM);
    }

    /**
     * Adds the credentials that an account can use to a list. Callers must check {@link #mayChoose} first.
     *
     * @param authentication the authentication to look up the credentials with
     * @param item the item that uses the credentials, or null for the global context
     * @param requirements the domain requirements for the credentials
     * @param origin the origin of the tokens, which determines the types of credentials
     */
    public static void include(
            @NonNull StandardListBoxModel items,
            @NonNull Authentication authentication,
            @CheckForNull Item item,
            @NonNull List<DomainRequirement> requirements,
            @NonNull TokenOrigin origin) {
        for (SupportedCredentials<?> supported : SupportedCredentials.of(origin)) {
            items.includeMatchingAs(authentication, item, supported.type(), requirements, VISIBLE_TO_BUILDS);
        }
    }

    /** Returns whether {@link #include} would add credentials with the given ID. */
    public static boolean isOffered(
            @NonNull String id,
            @NonNull Authentication authentication,
            @CheckForNull Item item,
            @NonNull List<DomainRequirement> requirements,
            @NonNull TokenOrigin origin) {
        return SupportedCredentials.of(origin).stream()
                .anyMatch(supported -> exists(id, supported.type(), authentication, item, requirements));
    }

    /**
     * Returns a list of the credentials that other credentials can refer to. For users who may save the form but not
     * see the available credentials, the list contains only the current value, so that saving the form does not remove
     * that value. For users who may do neither, the list is empty.
     *
     * @param store the owner of the credentials store that the form belongs to: a folder, a user, or Jenkins
     * @param item the folder that owns the store, or null if Jenkins or a user owns the store
     * @param current the current value, which is listed even if its credentials cannot be found
     * @param types the credentials types that can be selected
     */
    @NonNull
    static ListBoxModel references(
            @NonNull AccessControlled store,
            @CheckForNull Item item,
            @NonNull RawParameter current,
            @NonNull List<Class<? extends StandardCredentials>> types) {
        StandardListBoxModel items = new StandardListBoxModel();
        if (!mayChoose(item)) {
            return maySave(store) ? items.includeCurrentValue(current.orEmpty()) : items;
        }
        items.includeEmptyValue();
        for (Class<? extends StandardCredentials> type : types) {
            items.includeMatchingAs(ACL.SYSTEM2, item, type, List.of(), VISIBLE_TO_BUILDS);
        }
        return items.includeCurrentValue(current.orEmpty());
    }

    private static boolean maySave(AccessControlled store) {
        return store.hasPermission(CredentialsProvider.CREATE) || store.hasPermission(CredentialsProvider.UPDATE);
    }

    /**
     * Returns true if there are no credentials with the given ID that other credentials could refer to. Always returns
     * false for users who may not see the available credentials.
     */
    static boolean isMissing(
            @CheckForNull Item item, @NonNull String id, @NonNull List<Class<? extends StandardCredentials>> types) {
        return mayChoose(item) && types.stream().noneMatch(type -> exists(id, type, ACL.SYSTEM2, item, List.of()));
    }

    private static boolean exists(
            String id,
            Class<? extends StandardCredentials> type,
            Authentication authentication,
            @CheckForNull Item item,
            List<DomainRequirement> requirements) {
        CredentialsMatcher matcher = CredentialsMatchers.allOf(VISIBLE_TO_BUILDS, CredentialsMatchers.withId(id));
        return !CredentialsProvider.listCredentialsInItem(type, item, authentication, requirements, matcher)
                .isEmpty();
    }
}
