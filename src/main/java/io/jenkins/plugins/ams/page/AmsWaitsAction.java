/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.page;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.model.AbstractProject;
import hudson.model.Api;
import hudson.model.Item;
import hudson.model.RootAction;
import hudson.model.Run;
import hudson.security.AccessControlled;
import io.jenkins.plugins.ams.config.AccountStatus;
import io.jenkins.plugins.ams.config.AmsGlobalConfiguration;
import io.jenkins.plugins.ams.runtime.AmsRuntime;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jenkins.model.Jenkins;
import jenkins.security.stapler.StaplerDispatchable;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/**
 * The page of all waits in progress, and its REST API. Users see only the waits of builds that they can read. Other
 * waits do not affect the page, not even its counts.
 *
 * @since TODO
 */
@Extension
@ExportedBean
@Restricted(NoExternalUse.class)
public final class AmsWaitsAction implements RootAction {

    /**
     * Returns the icon. Returns null, which removes this page from Jenkins' menus, if no account is configured or the
     * user cannot read Jenkins. Jenkins calls this method whenever it shows a page.
     */
    @Override
    @CheckForNull
    public String getIconFileName() {
        boolean isUseful = !AmsGlobalConfiguration.get().getAccounts().isEmpty()
                && Jenkins.get().hasPermission(Jenkins.READ);
        return isUseful ? "symbol-film plugin-azure-media-services" : null;
    }

    @Override
    public String getDisplayName() {
        return Messages.AmsWaitsAction_displayName();
    }

    @Override
    public String getUrlName() {
        return "ams-waits";
    }

    /** Returns this page's REST API. */
    public Api getApi() {
        return new Api(this);
    }

    /** Returns the waits that the user can see, in the order of the page. */
    @Exported(visibility = 2)
    public List<WaitView> getWaits() {
        return visible().stream().sorted(WaitView.BY_URGENCY).toList();
    }

    /** Returns the health of the accounts, or an empty list if the user must not see it. */
    @Exported(visibility = 2)
    public List<AccountStatus> getAccounts() {
        return AccountStatus.all();
    }

    /**
     * Returns one page of waits.
     *
     * @param account the account by which the waits are filtered, or null for all accounts
     * @param state the key of the state by which the waits are filtered, or null for all states
     * @param page the page number, starting at 1, or null for the first page
     */
    public WaitList list(@CheckForNull String account, @CheckForNull String state, @CheckForNull String page) {
        return list(WaitList.Selection.of(account, state, page));
    }

    /**
     * Returns the current content of a page that is open in a browser, for the URL {@code changes/<since>/api/json}
     * below this page.
     *
     * @param since the page's token, a hyphen, and the positions of its rows, which are ignored
     * @return the content, or null if the token is invalid
     */
    @StaplerDispatchable
    @CheckForNull
    public WaitList getChanges(String since) {
        WaitList.Selection selection =
                WaitList.Selection.parse(since.substring(0, Math.max(0, since.lastIndexOf('-'))));
        return selection == null ? null : list(selection);
    }

    private static WaitList list(WaitList.Selection selection) {
        WaitList list = new WaitList(visible(), selection);
        Map<Run<?, ?>, Boolean> cancelable = new HashMap<>();
        list.getRows().stream()
                .filter(row -> cancelable.computeIfAbsent(row.run(), run -> run.hasPermission(Item.CANCEL)))
                .forEach(row -> row.getJob().offerCancellation());
        return list;
    }

    private static List<WaitView> visible() {
        ReachableItems<AccessControlled> reachable =
                new ReachableItems<>(item -> item.hasPermission(Item.READ), AmsWaitsAction::parent);
        Instant now = AmsRuntime.get().clock().instant();
        return RunningWaits.get().all().stream()
                .filter(wait -> reachable.contains(wait.run()))
                .map(wait -> new WaitView(wait, now))
                .toList();
    }

    /** Returns what contains a build, a project, or a folder, or null if this is Jenkins itself. */
    @CheckForNull
    static AccessControlled parent(AccessControlled item) {
        if (item instanceof Run<?, ?> run) {
            return run.getParent();
        }
        if (((Item) item).getParent() instanceof Item up) {
            return up;
        }
        // a project can belong to another project's property, as a promotion does
        return item instanceof AbstractProject<?, ?> project && project.getRootProject() != project
                ? project.getRootProject()
                : null;
    }
}
