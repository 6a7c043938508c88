/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.credentials;

import com.cloudbees.plugins.credentials.CredentialsMatcher;
import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.common.StandardListBoxModel;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Item;
import hudson.security.ACL;
import hudson.security.AccessControlled;
import hudson.util.ListBoxModel;
import java.util.List;
import jenkins.model.Jenkins;

/**
 * Fills and validates a form field that refers to other credentials by their ID. It reveals IDs only to users who may
 * use credentials in the form's item or read its configuration, or to administrators if the form belongs to no item.
 */
final class ReferencedCredentialsField {

    private ReferencedCredentialsField() {}

    /**
     * Returns the credentials that can be selected. Users who may save the form but not see the list get only the
     * current value, because saving the form would otherwise remove it. All other users get an empty list.
     *
     * @param store the folder, the user or Jenkins, whose credentials store the form belongs to
     * @param item the folder of the store; null for the store of Jenkins or of a user
     * @param current the current value, which is listed even if its credentials cannot be found
     * @param types the types of credentials that can be selected
     */
    @NonNull
    static ListBoxModel fill(
            @NonNull AccessControlled store,
            @CheckForNull Item item,
            @NonNull RawParameter current,
            @NonNull List<Class<? extends StandardCredentials>> types) {
        StandardListBoxModel items = new StandardListBoxModel();
        if (!CredentialsListBox.mayChoose(item)) {
            return maySave(store) ? items.includeCurrentValue(current.orEmpty()) : items;
        }
        items.includeEmptyValue();
        for (Class<? extends StandardCredentials> type : types) {
            if (item == null) {
                items.includeMatchingAs(
                        ACL.SYSTEM2, Jenkins.get(), type, List.of(), CredentialsListBox.VISIBLE_TO_BUILDS);
            } else {
                items.includeMatchingAs(ACL.SYSTEM2, item, type, List.of(), CredentialsListBox.VISIBLE_TO_BUILDS);
            }
        }
        return items.includeCurrentValue(current.orEmpty());
    }

    private static boolean maySave(AccessControlled store) {
        return store.hasPermission(CredentialsProvider.CREATE) || store.hasPermission(CredentialsProvider.UPDATE);
    }

    /** Returns whether credentials do not exist. Returns false for users who may not see the list. */
    static boolean isMissing(
            @CheckForNull Item item, @NonNull String id, @NonNull List<Class<? extends StandardCredentials>> types) {
        return CredentialsListBox.mayChoose(item) && types.stream().allMatch(type -> isMissing(item, id, type));
    }

    private static boolean isMissing(Item item, String id, Class<? extends StandardCredentials> type) {
        CredentialsMatcher matcher =
                CredentialsMatchers.allOf(CredentialsListBox.VISIBLE_TO_BUILDS, CredentialsMatchers.withId(id));
        ListBoxModel found = item == null
                ? CredentialsProvider.listCredentialsInItemGroup(type, Jenkins.get(), ACL.SYSTEM2, List.of(), matcher)
                : CredentialsProvider.listCredentialsInItem(type, item, ACL.SYSTEM2, List.of(), matcher);
        return found.isEmpty();
    }
}
