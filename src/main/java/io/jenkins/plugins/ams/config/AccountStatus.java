/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import io.jenkins.plugins.ams.console.ErrorMessages;
import io.jenkins.plugins.ams.http.PlainText;
import io.jenkins.plugins.ams.polling.AccountHealth;
import io.jenkins.plugins.ams.polling.AccountHealth.Problem;
import io.jenkins.plugins.ams.runtime.AmsRuntime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/**
 * The health of an account with one application identity, as shown to administrators. Times are in ISO 8601 format, in
 * UTC, and truncated to seconds.
 *
 * @since TODO
 */
@ExportedBean(defaultVisibility = 2)
@Restricted(NoExternalUse.class)
public final class AccountStatus {

    /** Sorts accounts with problems first, then accounts whose service has responded, and then all others. */
    private static final Comparator<AccountStatus> BY_URGENCY = Comparator.comparing(
                    (AccountStatus status) -> status.getProblemSince() == null)
            .thenComparing(status -> status.health.responses().last() == null)
            .thenComparing(AccountStatus::getAccount, String.CASE_INSENSITIVE_ORDER);

    private final AccountHealth health;
    private final String account;
    private final boolean showsCredentials;
    private final Instant now;

    private AccountStatus(AccountHealth health, String account, boolean showsCredentials, Instant now) {
        this.health = health;
        this.account = account;
        this.showsCredentials = showsCredentials;
        this.now = now;
    }

    /** Returns whether the user may see the health of the accounts. */
    public static boolean isVisible() {
        return Jenkins.get().hasAnyPermission(Jenkins.MANAGE, Jenkins.SYSTEM_READ);
    }

    /**
     * Returns the health of the accounts that builds use or have recently used, and of the other configured accounts.
     * Returns an empty list if the user must not see it. Does not send a request.
     */
    public static List<AccountStatus> all() {
        if (!isVisible()) {
            return List.of();
        }
        boolean showsCredentials = Jenkins.get().hasPermission(Jenkins.SYSTEM_READ); // as in the account form
        Instant now = AmsRuntime.get().clock().instant();
        List<AccountStatus> all = new ArrayList<>();
        Set<Object> used = new HashSet<>();
        for (AccountHealth health : AmsRuntime.get().poller().accounts()) {
            used.add(health.origin().account());
            String names = ServiceSettings.accountNames(health.origin());
            if (names != null || health.waits() > 0) {
                String name = names == null ? removedName(health) : names;
                all.add(new AccountStatus(health, name, showsCredentials, now));
            }
        }
        for (AmsAccount account : AmsGlobalConfiguration.get().getAccounts()) {
            ServiceSettings.of(account)
                    .filter(used::add)
                    .map(settings -> AccountHealth.unused(settings.origin(Util.fixNull(account.getCredentialsId()))))
                    .ifPresent(health -> all.add(new AccountStatus(
                            health, ServiceSettings.accountNames(health.origin()), showsCredentials, now)));
        }
        all.sort(BY_URGENCY);
        return all;
    }

    private static String removedName(AccountHealth health) {
        String host = ((ServiceSettings) health.origin().account()).endpoint().getHost();
        return Messages.AccountStatus_removed(PlainText.quoted(host));
    }

    /**
     * Returns the account's name, or a localized description if the account was removed or its endpoint was changed
     * while builds were waiting.
     */
    @Exported
    public String getAccount() {
        return account;
    }

    /** Returns the credentials ID. Returns null if there is none, or if the user must not see it. */
    @Exported
    @CheckForNull
    public String getCredentialsId() {
        String id = health.origin().credentialsId();
        return showsCredentials && !id.isEmpty() ? PlainText.quoted(id) : null;
    }

    /** Returns the number of waits. */
    @Exported
    public int getWaits() {
        return health.waits();
    }

    /** Returns the number of builds that are waiting. */
    @Exported
    public int getBuilds() {
        return health.builds();
    }

    /** Returns the number of requests in the last minute. */
    @Exported
    public int getRequestsPerMinute() {
        return health.requestsPerMinute();
    }

    @Exported
    public int getRequestsInFlight() {
        return health.inFlight();
    }

    /** Returns the maximum number of jobs per request, or 0 if it is unknown. */
    @Exported
    public int getJobsPerRequest() {
        return health.jobsPerRequest();
    }

    /** Returns the time until which requests are held back, or null if they are not held back. */
    @Exported
    @CheckForNull
    public String getHeldBackUntil() {
        return text(health.heldBackUntil());
    }

    /** Returns the time when the service last responded, even with an error, or null if it has not responded. */
    @Exported
    @CheckForNull
    public String getLastResponse() {
        return text(health.responses().last());
    }

    /** Returns the time when the credentials were first rejected, or null if they are not rejected. */
    @Exported
    @CheckForNull
    public String getRejectedSince() {
        return since(health.responses().rejection());
    }

    /**
     * Returns the time of the first transient error since the last usable response, or null if there was no such error.
     */
    @Exported
    @CheckForNull
    public String getFailingSince() {
        return since(health.responses().outage());
    }

    /** Returns the last error, which may already be resolved, or null if there was no error. */
    @Exported
    @CheckForNull
    public String getLastError() {
        Problem last = health.responses().lastError();
        return last == null ? null : ErrorMessages.of(last.error());
    }

    /** Returns the time of the last error, or null if there was no error. */
    @Exported
    @CheckForNull
    public String getLastErrorTime() {
        Problem last = health.responses().lastError();
        return last == null ? null : text(last.last());
    }

    /**
     * Returns the time when the current token expires. Returns null if there is no valid token, its expiry is unknown,
     * or the credentials are rejected.
     */
    @Exported
    @CheckForNull
    public String getTokenExpiry() {
        Instant expiry = health.token().tokenExpiry();
        boolean isValid = expiry != null && expiry.isAfter(now) && getRejectedSince() == null;
        return isValid ? text(expiry) : null;
    }

    /** Returns the time when the client certificate expires. Returns null if there is none or it has not been read. */
    @Exported
    @CheckForNull
    public String getCertificateExpiry() {
        return text(health.token().certificateExpiry());
    }

    /** Returns the localized status. */
    public String getText() {
        if (getRejectedSince() != null) {
            return Messages.AccountStatus_rejected();
        } else if (getFailingSince() != null) {
            return Messages.AccountStatus_failing();
        } else if (health.responses().last() == null) {
            return health.waits() > 0 ? Messages.AccountStatus_noResponse() : Messages.AccountStatus_unused();
        }
        return Messages.AccountStatus_working();
    }

    /** Returns the time when the account's current problem began, or null if there is no problem. */
    @CheckForNull
    public String getProblemSince() {
        return getRejectedSince() == null ? getFailingSince() : getRejectedSince();
    }

    /** Converts one of this object's times to a date, which the view formats for the user. */
    public Date toDate(String time) {
        return Date.from(Instant.parse(time));
    }

    @CheckForNull
    private static String since(@CheckForNull Problem problem) {
        return problem == null ? null : text(problem.since());
    }

    @CheckForNull
    private static String text(@CheckForNull Instant time) {
        return time == null ? null : time.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
