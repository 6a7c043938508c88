/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.config;

import hudson.Extension;
import hudson.model.AdministrativeMonitor;
import io.jenkins.plugins.ams.runtime.AmsRuntime;
import java.util.ArrayList;
import java.util.List;
import jenkins.model.Jenkins;
import org.jenkinsci.Symbol;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Warns administrators about accounts that builds cannot use or may soon be unable to use: the credentials are
 * rejected, the client certificate expires soon, or the service has been failing for an hour while builds wait. The
 * monitor evaluates only what the poller has recorded; it sends no requests and looks up no credentials.
 *
 * @since TODO
 */
@Extension
@Symbol("amsAccounts")
@Restricted(NoExternalUse.class)
public final class AmsAccountsMonitor extends AdministrativeMonitor {

    @Override
    public String getDisplayName() {
        return Messages.AmsAccountsMonitor_displayName();
    }

    @Override
    public boolean isActivated() {
        return !getProblems().isEmpty();
    }

    /** Returns the problems of the configured accounts, beginning with rejected credentials. */
    public List<ReportedProblem> getProblems() {
        List<ReportedProblem> reported = new ArrayList<>();
        AmsRuntime.get().poller().problems().forEach(problem -> {
            String names = ServiceSettings.accountNames(problem.origin());
            if (names != null) { // otherwise, the account no longer exists
                reported.add(new ReportedProblem(problem, names));
            }
        });
        return reported;
    }

    /** Returns whether any of the problems already affects builds. */
    public boolean isSevere(List<ReportedProblem> problems) {
        return problems.stream().anyMatch(ReportedProblem::isSevere);
    }

    /** Returns whether the user may see the form with the accounts. */
    public boolean isLinked() {
        return Jenkins.get().hasPermission(Jenkins.SYSTEM_READ);
    }

    @Override
    public void checkRequiredPermission() {
        Jenkins.get().checkAnyPermission(Jenkins.MANAGE, Jenkins.SYSTEM_READ);
    }

    @Override
    public boolean hasRequiredPermission() {
        return AccountStatus.isVisible();
    }
}
