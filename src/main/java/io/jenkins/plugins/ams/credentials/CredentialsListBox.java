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

/** Which credentials forms offer, and to whom: one rule for all of the plugin's forms. */
public final class CredentialsListBox {

    /** Builds look credentials up in their own context, where those of scope System are not found. */
    public static final CredentialsMatcher VISIBLE_TO_BUILDS =
            CredentialsMatchers.not(CredentialsMatchers.withScope(CredentialsScope.SYSTEM));

    private CredentialsListBox() {}

    /**
     * Whether somebody who fills in a form may see what there is to choose from: the rule of the Credentials plugin's
     * consumer guide.
     *
     * @param item what the form configures or stands below; null for all of Jenkins
     */
    public static boolean mayChoose(@CheckForNull Item item) {
        if (item == null) {
            return Jenkins.get().hasPermission(Jenkins.ADMINISTER);
        }
        return item.hasPermission(Item.EXTENDED_READ) || item.hasPermission(CredentialsProvider.USE_ITEM);
    }

    /**
     * Adds those that there are to choose from; whoever calls this has asked {@link #mayChoose}.
     *
     * @param as in whose name they are used
     * @param item where they are used; null for right below Jenkins
     * @param requirements what they have to be good for
     * @param use of which kinds they are
     */
    public static void include(
            @NonNull StandardListBoxModel items,
            @NonNull Authentication as,
            @CheckForNull Item item,
            @NonNull List<DomainRequirement> requirements,
            @NonNull TokenOrigin use) {
        for (SupportedCredentials<?> kind : use.kinds()) {
            items.includeMatchingAs(as, item, kind.type(), requirements, VISIBLE_TO_BUILDS);
        }
    }

    /** Whether there are such credentials of any kind, by the same rules. */
    public static boolean isOffered(
            @NonNull String id,
            @NonNull Authentication as,
            @CheckForNull Item item,
            @NonNull List<DomainRequirement> requirements,
            @NonNull TokenOrigin use) {
        CredentialsMatcher wanted = CredentialsMatchers.allOf(VISIBLE_TO_BUILDS, CredentialsMatchers.withId(id));
        return use.kinds().stream()
                .anyMatch(
                        kind -> !CredentialsProvider.listCredentialsInItem(kind.type(), item, as, requirements, wanted)
                                .isEmpty());
    }
}
