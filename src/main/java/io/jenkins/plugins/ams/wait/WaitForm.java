/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.wait;

import com.cloudbees.plugins.credentials.common.StandardListBoxModel;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import hudson.model.Item;
import hudson.model.Queue;
import hudson.model.queue.Tasks;
import hudson.security.ACL;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.ams.config.AmsAccount;
import io.jenkins.plugins.ams.config.AmsGlobalConfiguration;
import io.jenkins.plugins.ams.credentials.CredentialsListBox;
import io.jenkins.plugins.ams.credentials.RawParameter;
import io.jenkins.plugins.ams.credentials.TokenOrigin;
import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.http.PlainText;
import java.util.List;
import java.util.Optional;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;
import org.springframework.security.core.Authentication;

/**
 * Fills and validates the form fields of a wait, for the descriptors of both entry points. When a build runs, {@link
 * WaitParameters#checked} validates the parameters again. Accounts and credentials are shown only to users who can view
 * the job's configuration.
 */
@Restricted(NoExternalUse.class)
public interface WaitForm {

    /**
     * Returns whether variables in fields are expanded when a build runs. If so, fields that contain variables cannot
     * be validated in the form.
     */
    boolean isExpandingVariables();

    /**
     * Lists the accounts, starting with the default account. Users who cannot view accounts see only the default
     * account without its name, and do not see the submitted value.
     */
    @POST
    default ListBoxModel doFillAccountItems(@AncestorInPath Item item, @QueryParameter RawParameter account) {
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
        accounts.forEach(each -> items.add(each.getName(), each.getName()));
        String current = account.orEmpty();
        if (items.stream().noneMatch(option -> option.value.equals(current))) {
            items.add(current, current); // otherwise, saving the form would discard a removed or renamed account
        }
        return items;
    }

    /**
     * Lists the credentials that the job's builds can use. Users who cannot view credentials see only the option for
     * the account's credentials, and do not see the submitted value.
     */
    @POST
    default ListBoxModel doFillCredentialsIdItems(
            @AncestorInPath Item item,
            @QueryParameter RawParameter credentialsId,
            @QueryParameter RawParameter account) {
        StandardListBoxModel items = new StandardListBoxModel();
        items.add(Messages.WaitForm_accountCredentials(), "");
        if (!CredentialsListBox.mayChoose(item)) {
            return items;
        }
        Optional<AmsAccount> used = account(account);
        CredentialsListBox.include(items, authentication(item), item, requirements(used), origin(used));
        return items.includeCurrentValue(credentialsId.orEmpty());
    }

    @POST
    default FormValidation doCheckAccount(@AncestorInPath Item item, @QueryParameter RawParameter value) {
        if (isVariable(value) || !CredentialsListBox.mayChoose(item)) {
            return FormValidation.ok();
        }
        try {
            AmsGlobalConfiguration.get().account(value.text());
            return FormValidation.ok();
        } catch (AmsException e) {
            return FormValidation.error(e.getMessage());
        }
    }

    /** Checks that the job's builds will find the credentials. */
    @POST
    default FormValidation doCheckCredentialsId(
            @AncestorInPath Item item, @QueryParameter RawParameter value, @QueryParameter RawParameter account) {
        if (isVariable(value) || !CredentialsListBox.mayChoose(item)) {
            return FormValidation.ok();
        }
        Optional<AmsAccount> used = account(account);
        String id = value.trimmed();
        if (id == null) {
            return used.isPresent() && used.get().getCredentialsId() == null
                    ? FormValidation.error(Messages.WaitForm_noCredentials(
                            PlainText.quoted(used.get().getName())))
                    : FormValidation.ok();
        }
        return CredentialsListBox.isOffered(id, authentication(item), item, requirements(used), origin(used))
                ? FormValidation.ok()
                : FormValidation.error(
                        origin(used) == TokenOrigin.SECRET_TEXT
                                ? Messages.WaitForm_secretTextNotFound()
                                : Messages.WaitForm_credentialsNotFound());
    }

    /**
     * Checks the job ID against the format of the account's API. If the account is unknown or the user cannot view
     * accounts, the format of any API is valid.
     */
    @POST
    default FormValidation doCheckJobId(
            @AncestorInPath Item item, @QueryParameter RawParameter value, @QueryParameter RawParameter account) {
        if (isVariable(value) || isVariable(account)) {
            return FormValidation.ok();
        }
        Optional<AmsAccount> used = CredentialsListBox.mayChoose(item) ? account(account) : Optional.empty();
        if (used.isEmpty()) {
            return AmsGlobalConfiguration.isJobIdOfAnyApi(value.text())
                    ? FormValidation.ok()
                    : FormValidation.error(Messages.WaitForm_notAJobId());
        }
        try {
            used.get().jobId(value.text());
            return FormValidation.ok();
        } catch (AmsException e) {
            return FormValidation.error(e.getMessage());
        }
    }

    @POST
    default FormValidation doCheckTimeout(@QueryParameter RawParameter value) {
        return value.trimmed() == null ? FormValidation.ok() : FormValidation.validateNonNegativeInteger(value.text());
    }

    @POST
    default FormValidation doCheckPollInterval(@QueryParameter RawParameter value) {
        return value.trimmed() == null
                ? FormValidation.ok()
                : FormValidation.validateIntegerInRange(
                        value.text(), WaitParameters.MIN_POLL_INTERVAL, WaitParameters.MAX_POLL_INTERVAL);
    }

    private boolean isVariable(RawParameter value) {
        return isExpandingVariables() && value.orEmpty().indexOf('$') >= 0;
    }

    private static Authentication authentication(Item item) {
        return item instanceof Queue.Task task ? Tasks.getAuthenticationOf2(task) : ACL.SYSTEM2;
    }

    /**
     * Returns the account with the submitted name, or empty if there is no such account. The account field's validation
     * reports a missing account.
     */
    private static Optional<AmsAccount> account(RawParameter name) {
        try {
            return Optional.of(AmsGlobalConfiguration.get().account(name.text()));
        } catch (AmsException e) {
            return Optional.empty();
        }
    }

    /**
     * Returns the domain requirements that the build uses to look up credentials, or an empty list if the account is
     * unknown.
     */
    private static List<DomainRequirement> requirements(Optional<AmsAccount> account) {
        return account.map(AmsAccount::domainRequirements).orElseGet(List::of);
    }

    /** Returns the origin of the account's tokens, or Microsoft Entra ID if the account is unknown. */
    private static TokenOrigin origin(Optional<AmsAccount> account) {
        return account.map(AmsAccount::credentialsUse).orElse(TokenOrigin.AZURE_AD);
    }
}
