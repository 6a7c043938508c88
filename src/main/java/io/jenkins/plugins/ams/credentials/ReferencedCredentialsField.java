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
 * The form's side of a field that names other credentials by their id. Ids are told to those alone who may use or read
 * the item whose store the form belongs to, or to administrators where it belongs to none.
 */
final class ReferencedCredentialsField {

    private ReferencedCredentialsField() {}

    /**
     * Returns the credentials that can be named. Users who may save the form but not see the list get the current value
     * alone, or saving would drop it; users who may do neither get nothing.
     *
     * @param store the folder, user or Jenkins whose store the form belongs to
     * @param item the folder of the store; null for that of all of Jenkins or of a user
     * @param current what is named now, which is kept also if it cannot be seen
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

    /** Whether credentials are known to be missing; false also for those who may not know. */
    static boolean isMissing(
            @CheckForNull Item item, @NonNull String id, @NonNull List<Class<? extends StandardCredentials>> types) {
        return CredentialsListBox.mayChoose(item) && types.stream().allMatch(type -> isMissing(item, id, type));
    }

    private static boolean isMissing(Item item, String id, Class<? extends StandardCredentials> type) {
        CredentialsMatcher wanted =
                CredentialsMatchers.allOf(CredentialsListBox.VISIBLE_TO_BUILDS, CredentialsMatchers.withId(id));
        ListBoxModel found = item == null
                ? CredentialsProvider.listCredentialsInItemGroup(type, Jenkins.get(), ACL.SYSTEM2, List.of(), wanted)
                : CredentialsProvider.listCredentialsInItem(type, item, ACL.SYSTEM2, List.of(), wanted);
        return found.isEmpty();
    }
}
