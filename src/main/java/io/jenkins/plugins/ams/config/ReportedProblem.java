/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.ams.console.DurationText;
import io.jenkins.plugins.ams.console.ErrorMessages;
import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.http.PlainText;
import io.jenkins.plugins.ams.polling.AccountProblem;
import io.jenkins.plugins.ams.runtime.AmsRuntime;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** A problem with an account, with the texts that {@link AmsAccountsMonitor} shows. */
@Restricted(NoExternalUse.class)
public final class ReportedProblem {

    private final AccountProblem problem;
    private final String accountNames;

    ReportedProblem(AccountProblem problem, String accountNames) {
        this.problem = problem;
        this.accountNames = accountNames;
    }

    /** Returns the localized title, which names the account. */
    public String getTitle() {
        String quoted = PlainText.quoted(accountNames);
        return switch (problem.kind()) {
            case REJECTED -> Messages.AmsAccountsMonitor_rejected(quoted);
            case NOT_RESPONDING ->
                Messages.AmsAccountsMonitor_failing(quoted, DurationText.of(Duration.between(problem.since(), now())));
            case CERTIFICATE_EXPIRES ->
                isExpired()
                        ? Messages.AmsAccountsMonitor_certificateExpired(quoted)
                        : Messages.AmsAccountsMonitor_certificateExpires(quoted);
        };
    }

    /** Returns the message that the console of a waiting build shows, or advice for a certificate that expires. */
    public String getText() {
        AmsException error = problem.error();
        return error == null ? Messages.AmsAccountsMonitor_renewCertificate() : ErrorMessages.of(error);
    }

    /** Returns the time when the problem began or, if the problem is a certificate, the time when it expires. */
    public Date getSince() {
        return Date.from(problem.since());
    }

    public int getBuilds() {
        return problem.builds();
    }

    /**
     * Returns the credentials ID, or null if the user must not see it. Only users who can see the ID in the account
     * form may see it here.
     */
    @CheckForNull
    public String getCredentialsId() {
        return Jenkins.get().hasPermission(Jenkins.SYSTEM_READ)
                ? PlainText.quoted(problem.origin().credentialsId())
                : null;
    }

    public boolean isOfCertificate() {
        return problem.kind() == AccountProblem.Kind.CERTIFICATE_EXPIRES;
    }

    boolean isSevere() {
        return !isOfCertificate() || isExpired();
    }

    private boolean isExpired() {
        return !now().isBefore(problem.since());
    }

    private static Instant now() {
        return AmsRuntime.get().clock().instant();
    }
}
