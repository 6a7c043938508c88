/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.Util;
import hudson.util.FormValidation;
import io.jenkins.plugins.ams.credentials.RawParameter;
import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.http.PlainText;
import io.jenkins.plugins.ams.service.EndpointPolicy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import jenkins.model.GlobalConfiguration;
import jenkins.model.Jenkins;
import net.sf.json.JSONObject;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.verb.POST;

/**
 * The <em>Azure Media Services</em> section of <em>Manage Jenkins &gt; System</em>. It contains the accounts and the
 * additional hosts to which tokens may be sent.
 *
 * @since TODO
 */
@Extension
@Symbol("azureMediaServices")
public class AmsGlobalConfiguration extends GlobalConfiguration {

    // Jenkins persists the lists as ArrayList. Changes replace a list instead of modifying it.
    private volatile List<AmsAccount> accounts = new ArrayList<>();
    private volatile List<String> additionalHosts = new ArrayList<>();

    public AmsGlobalConfiguration() {
        load();
    }

    /** Loads the configuration. Skips null elements, which a manually edited file can contain. */
    @Override
    public synchronized void load() {
        super.load();
        accounts = new ArrayList<>(
                Util.fixNull(accounts).stream().filter(Objects::nonNull).toList());
        additionalHosts = new ArrayList<>(HostsAndUris.hosts(Util.fixNull(additionalHosts)));
    }

    /** Returns the controller's configuration. */
    @NonNull
    public static AmsGlobalConfiguration get() {
        return ExtensionList.lookupSingleton(AmsGlobalConfiguration.class);
    }

    /**
     * Returns the account with the given name.
     *
     * @param name the account name. Null or an empty string selects the default account, which is the first configured
     *     account
     * @throws AmsException if the account does not exist
     */
    @NonNull
    public AmsAccount account(@CheckForNull String name) throws AmsException {
        List<AmsAccount> known = accounts;
        if (known.isEmpty()) {
            throw AmsException.configurationError(Messages.AmsGlobalConfiguration_noAccounts());
        }
        String requestedName = Util.fixEmptyAndTrim(name);
        if (requestedName == null) {
            return known.get(0);
        }
        return known.stream()
                .filter(account -> account.getName().equals(requestedName))
                .findFirst()
                .orElseThrow(() -> AmsException.configurationError(
                        Messages.AmsGlobalConfiguration_unknownAccount(PlainText.quoted(requestedName))));
    }

    /**
     * Returns the URL of the web page that shows a job, according to the current configuration. Returns null if there is
     * no such page or no account with this name.
     *
     * @param accountName the account's name, or null if it is unknown
     */
    @CheckForNull
    public String jobPage(@CheckForNull String accountName, @NonNull String jobId) {
        return accounts.stream()
                .filter(account -> account.getName().equals(accountName))
                .findFirst()
                .flatMap(account -> account.jobPage(jobId))
                .orElse(null);
    }

    /** Returns the policy that defines the hosts to which an API's clients may send tokens. */
    @NonNull
    public EndpointPolicy endpointPolicy(@NonNull AmsApi api) {
        return new EndpointPolicy(api.getDescriptor().hosts(), additionalHosts);
    }

    /** Returns whether a string has the job ID format of at least one API. */
    public static boolean isJobIdOfAnyApi(@CheckForNull String text) {
        return ExtensionList.lookup(AmsApi.AmsApiDescriptor.class).stream().anyMatch(each -> each.isJobId(text));
    }

    /** Returns the accounts. The first account is the default. */
    @NonNull
    public List<AmsAccount> getAccounts() {
        return List.copyOf(accounts);
    }

    /**
     * @throws IllegalArgumentException if an account has no name or an invalid job page URL, or if two accounts have the
     *     same name
     */
    @DataBoundSetter
    public void setAccounts(@CheckForNull List<AmsAccount> accounts) {
        List<AmsAccount> newAccounts = Util.fixNull(accounts);
        Optional<String> problem = problem(newAccounts);
        if (problem.isPresent()) {
            throw new IllegalArgumentException(problem.get());
        }
        this.accounts = new ArrayList<>(newAccounts);
        save();
    }

    /** Returns the names or IP addresses of the additional hosts to which tokens may be sent. */
    @NonNull
    public List<String> getAdditionalHosts() {
        return List.copyOf(additionalHosts);
    }

    @DataBoundSetter
    public void setAdditionalHosts(@CheckForNull List<String> additionalHosts) {
        this.additionalHosts = new ArrayList<>(HostsAndUris.hosts(Util.fixNull(additionalHosts)));
        save();
    }

    /** Returns the additional hosts for the form, one per line. */
    @NonNull
    public String getAdditionalHostsText() {
        return String.join("\n", additionalHosts);
    }

    @NonNull
    @Override
    public String getDisplayName() {
        return Messages.AmsGlobalConfiguration_displayName();
    }

    /**
     * Saves the submitted form. The inherited implementation would not call the setter for a list from which all
     * entries were removed. It would also show a stack trace if an account was invalid.
     */
    @Override
    public boolean configure(StaplerRequest2 req, JSONObject json) throws FormException {
        Object forms = json.opt("accounts");
        moveFieldsToAccounts(forms);
        List<AmsAccount> submitted = req.bindJSONToList(AmsAccount.class, forms);
        Optional<String> problem = problem(submitted);
        if (problem.isPresent()) {
            throw new FormException(problem.get(), "accounts");
        }
        accounts = new ArrayList<>(submitted);
        additionalHosts = new ArrayList<>(HostsAndUris.hosts(json.optString("additionalHosts")));
        save();
        return true;
    }

    /**
     * Moves submitted fields from the API to the account. The form contains these fields in the API's section, because the
     * API determines which values are valid.
     */
    private static void moveFieldsToAccounts(Object forms) {
        if (forms instanceof List<?> list) {
            list.forEach(AmsGlobalConfiguration::moveFieldsToAccounts);
        } else if (forms instanceof JSONObject account) {
            JSONObject api = account.optJSONObject("api");
            for (String field : List.of("credentialsId", "jobPageUrl")) {
                if (api != null && api.has(field)) {
                    account.put(field, api.remove(field));
                }
            }
        }
    }

    @POST
    public FormValidation doCheckAdditionalHosts(@QueryParameter RawParameter value) {
        if (!Jenkins.get().hasPermission(Jenkins.ADMINISTER)) {
            return FormValidation.ok();
        }
        return HostsAndUris.hosts(value.text()).stream()
                .filter(host -> !HostsAndUris.isHost(host))
                .findFirst()
                .map(host -> FormValidation.error(
                        Messages.AmsGlobalConfiguration_additionalHosts_malformed(PlainText.quoted(host))))
                .orElseGet(FormValidation::ok);
    }

    private static Optional<String> problem(List<AmsAccount> accounts) {
        Set<String> names = new HashSet<>();
        for (AmsAccount account : accounts) {
            if (account.getName().isEmpty()) {
                return Optional.of(Messages.AmsGlobalConfiguration_accountWithoutName());
            }
            if (!names.add(account.getName())) {
                return Optional.of(Messages.AmsGlobalConfiguration_accountTwice(PlainText.quoted(account.getName())));
            }
            Optional<String> jobPageProblem = account.jobPageProblem();
            if (jobPageProblem.isPresent()) {
                return Optional.of(Messages.AmsAccount_jobPageUrl_rejected(
                        PlainText.quoted(account.getName()), jobPageProblem.get()));
            }
        }
        return Optional.empty();
    }
}
