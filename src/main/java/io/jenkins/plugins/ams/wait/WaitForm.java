/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.wait;

import com.cloudbees.plugins.credentials.common.StandardListBoxModel;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import hudson.AbortException;
import hudson.Util;
import hudson.model.Item;
import hudson.model.Queue;
import hudson.model.queue.Tasks;
import hudson.security.ACL;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.ams.config.AmsAccount;
import io.jenkins.plugins.ams.config.AmsConfigurationException;
import io.jenkins.plugins.ams.config.AmsGlobalConfiguration;
import io.jenkins.plugins.ams.credentials.CredentialsListBox;
import io.jenkins.plugins.ams.credentials.TokenOrigin;
import io.jenkins.plugins.ams.http.PlainText;
import java.util.List;
import java.util.Optional;
import org.springframework.security.core.Authentication;

/**
 * The parameters of a wait as both doors ask for them: one rule each, told while a form is filled in and again when a
 * build runs.
 */
public final class WaitForm {

    /** Seconds. */
    public static final int DEFAULT_POLL_INTERVAL = 60;

    private static final int MIN_POLL_INTERVAL = 2;
    private static final int MAX_POLL_INTERVAL = 3600;

    private WaitForm() {}

    /**
     * Checks a job id that is taken literally: as the account's API reads it, for those who may know the account; as any
     * API does for others.
     *
     * @param account name of the account; null or empty for the default one
     */
    public static FormValidation checkJobId(Item item, String value, String account) {
        Optional<AmsAccount> used = CredentialsListBox.mayChoose(item) ? account(account) : Optional.empty();
        if (used.isEmpty()) {
            return AmsGlobalConfiguration.isJobIdOfAnyApi(value)
                    ? FormValidation.ok()
                    : FormValidation.error(Messages.WaitForm_notAJobId());
        }
        try {
            used.get().jobId(value);
            return FormValidation.ok();
        } catch (AmsConfigurationException e) {
            return FormValidation.error(e.getMessage());
        }
    }

    /** Whether variables in it are expanded when a freestyle build runs, so that it cannot be checked before. */
    public static boolean isExpandable(String value) {
        return value != null && value.indexOf('$') >= 0;
    }

    /** Checks the name of an account, for those who may see which there are. */
    public static FormValidation checkAccount(Item item, String value) {
        if (!CredentialsListBox.mayChoose(item)) {
            return FormValidation.ok();
        }
        try {
            AmsGlobalConfiguration.get().account(value);
            return FormValidation.ok();
        } catch (AmsConfigurationException e) {
            return FormValidation.error(e.getMessage());
        }
    }

    /**
     * Checks that builds of the job will find the credentials, for those who may see which there are.
     *
     * @param account name of the account that they are for; null or empty for the default one
     */
    public static FormValidation checkCredentialsId(Item item, String value, String account) {
        if (!CredentialsListBox.mayChoose(item)) {
            return FormValidation.ok();
        }
        Optional<AmsAccount> used = account(account);
        String id = Util.fixEmptyAndTrim(value);
        if (id == null) {
            boolean none = used.isPresent() && used.get().getCredentialsId() == null;
            return none
                    ? FormValidation.error(Messages.WaitForm_noCredentials(
                            PlainText.quoted(used.get().getName())))
                    : FormValidation.ok();
        }
        return CredentialsListBox.isOffered(id, authentication(item), item, requirements(used), use(used))
                ? FormValidation.ok()
                : FormValidation.error(
                        use(used) == TokenOrigin.SECRET_TEXT
                                ? Messages.WaitForm_secretTextNotFound()
                                : Messages.WaitForm_credentialsNotFound());
    }

    /** Checks a time limit in minutes. */
    public static FormValidation checkTimeout(String value) {
        if (Util.fixEmptyAndTrim(value) == null) {
            return FormValidation.ok();
        }
        return FormValidation.validateNonNegativeInteger(value);
    }

    /** Checks the longest time between two looks, in seconds. */
    public static FormValidation checkPollInterval(String value) {
        if (Util.fixEmptyAndTrim(value) == null) {
            return FormValidation.ok();
        }
        return FormValidation.validateIntegerInRange(value, MIN_POLL_INTERVAL, MAX_POLL_INTERVAL);
    }

    static void requireTimeout(int minutes) throws AbortException {
        refuse(minutes < 0 ? Messages.WaitForm_timeout(Integer.toString(minutes)) : null);
    }

    static void requirePollInterval(int seconds) throws AbortException {
        boolean right = seconds >= MIN_POLL_INTERVAL && seconds <= MAX_POLL_INTERVAL;
        refuse(right ? null : Messages.WaitForm_pollInterval(Integer.toString(seconds)));
    }

    /**
     * Lists the accounts of this controller, the default one first, for users who may see the job's configuration. Others
     * get the default one without its name, and nothing of what they sent.
     */
    public static ListBoxModel fillAccountItems(Item item, String current) {
        ListBoxModel items = new ListBoxModel();
        if (!CredentialsListBox.mayChoose(item)) {
            items.add(Messages.WaitForm_defaultAccount(), "");
            return items;
        }
        List<AmsAccount> accounts = AmsGlobalConfiguration.get().getAccounts();
        items.add(
                accounts.isEmpty()
                        ? Messages.WaitForm_defaultAccount()
                        : Messages.WaitForm_defaultAccountNamed(accounts.get(0).getName()),
                "");
        boolean listed = Util.fixEmpty(current) == null;
        for (AmsAccount account : accounts) {
            items.add(account.getName(), account.getName());
            listed |= account.getName().equals(current);
        }
        if (!listed) {
            items.add(current, current); // an account that was removed or renamed; saving the form must not drop it
        }
        return items;
    }

    /**
     * Lists the credentials that a build of this job could use, for users who may see the job's configuration. Others get
     * the choice of the account's credentials, and nothing of what they sent.
     *
     * @param account name of the account that they are for; null or empty for the default one
     */
    public static ListBoxModel fillCredentialsIdItems(Item item, String current, String account) {
        StandardListBoxModel items = new StandardListBoxModel();
        items.add(Messages.WaitForm_accountCredentials(), "");
        if (!CredentialsListBox.mayChoose(item)) {
            return items;
        }
        Optional<AmsAccount> used = account(account);
        CredentialsListBox.include(items, authentication(item), item, requirements(used), use(used));
        return items.includeCurrentValue(Util.fixNull(current));
    }

    private static Authentication authentication(Item item) {
        return item instanceof Queue.Task task ? Tasks.getAuthenticationOf2(task) : ACL.SYSTEM2;
    }

    /** The account, if there is one of this name already. */
    private static Optional<AmsAccount> account(String name) {
        try {
            return Optional.of(AmsGlobalConfiguration.get().account(name));
        } catch (AmsConfigurationException e) {
            return Optional.empty(); // the field of the account says so
        }
    }

    /** Those of the build's own look-up; any will do while the account is not known. */
    private static List<DomainRequirement> requirements(Optional<AmsAccount> account) {
        return account.map(AmsAccount::domainRequirements).orElseGet(List::of);
    }

    /** What the account's API takes; Azure AD's while the account is not known. */
    private static TokenOrigin use(Optional<AmsAccount> account) {
        return account.map(AmsAccount::credentialsUse).orElse(TokenOrigin.AZURE_AD);
    }

    private static void refuse(String problem) throws AbortException {
        if (problem != null) {
            throw new AbortException(problem);
        }
    }
}
