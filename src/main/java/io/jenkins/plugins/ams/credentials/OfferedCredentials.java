package io.jenkins.plugins.ams.credentials;

import com.cloudbees.plugins.credentials.CredentialsMatcher;
import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Item;
import jenkins.model.Jenkins;

/** Which credentials forms offer, and to whom: one rule for all of the plugin's forms. */
public final class OfferedCredentials {

    /** Builds look credentials up in their own context, where those of scope System are not found. */
    public static final CredentialsMatcher VISIBLE_TO_BUILDS =
            CredentialsMatchers.not(CredentialsMatchers.withScope(CredentialsScope.SYSTEM));

    private OfferedCredentials() {}

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
}
