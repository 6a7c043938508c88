/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.wait;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.console.HyperlinkNote;
import hudson.model.Run;
import io.jenkins.plugins.ams.config.AmsAccount;
import io.jenkins.plugins.ams.config.AmsGlobalConfiguration;
import io.jenkins.plugins.ams.config.BuildTargets;
import io.jenkins.plugins.ams.console.ConsoleLog;
import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.polling.PollTarget;
import io.jenkins.plugins.ams.service.JobId;
import java.io.Serializable;
import java.time.Duration;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** The parameters of a wait, as stored by the Pipeline step and the freestyle build step. */
@Restricted(NoExternalUse.class)
public final class WaitParameters implements Serializable {

    /** Default maximum polling interval in seconds. */
    public static final int DEFAULT_POLL_INTERVAL = 60;

    static final int MIN_POLL_INTERVAL = 2;
    static final int MAX_POLL_INTERVAL = 3600;

    private static final long serialVersionUID = 1L;

    private final String jobId;
    private final String account;
    private final String credentialsId;
    private final boolean propagate;
    private final int timeout;
    private final boolean cancelOnAbort;
    private final int pollInterval;

    /** The name of the account that the wait started with. */
    private String accountAtStart;

    /**
     * @param jobId the job ID in any supported format
     * @param account the account's name, or null for the default account
     * @param credentialsId the credentials ID, or null for the account's credentials
     * @param propagate whether the build fails if the job ends in Error or Canceled
     * @param timeout the maximum duration of the wait in minutes, or 0 for no limit
     * @param cancelOnAbort whether to cancel the job when the wait is aborted or times out
     * @param pollInterval the maximum polling interval in seconds
     */
    public WaitParameters(
            String jobId,
            @CheckForNull String account,
            @CheckForNull String credentialsId,
            boolean propagate,
            int timeout,
            boolean cancelOnAbort,
            int pollInterval) {
        this.jobId = jobId;
        this.account = account;
        this.credentialsId = credentialsId;
        this.propagate = propagate;
        this.timeout = timeout;
        this.cancelOnAbort = cancelOnAbort;
        this.pollInterval = pollInterval;
    }

    /**
     * Validates the parameters before the wait starts.
     *
     * @return the parameters with the job ID in the format of the account's API, so that the ID keeps its meaning
     *     across restarts even if the account changes
     * @throws AbortException if a parameter is invalid; the message names the parameter and the valid values
     */
    public WaitParameters checked() throws AbortException {
        if (timeout < 0) {
            throw new AbortException(Messages.WaitParameters_timeout(Integer.toString(timeout)));
        }
        if (pollInterval < MIN_POLL_INTERVAL || pollInterval > MAX_POLL_INTERVAL) {
            throw new AbortException(Messages.WaitParameters_pollInterval(Integer.toString(pollInterval)));
        }
        AmsAccount used;
        String canonical;
        try {
            used = AmsGlobalConfiguration.get().account(account);
            canonical = used.jobId(jobId).value();
        } catch (AmsException e) {
            throw new AbortException(e.getMessage()); // Jenkins shows the message without a stack trace
        }
        WaitParameters checked = new WaitParameters(
                canonical.equals(jobId) ? jobId : canonical, // reuse the string, so that Pipeline stores it once
                account,
                credentialsId,
                propagate,
                timeout,
                cancelOnAbort,
                pollInterval);
        checked.accountAtStart = used.getName();
        return checked;
    }

    /**
     * Writes the first line of the wait to the console. If the account has a job page URL, the job ID is a link.
     * Must be called only on {@link #checked} parameters.
     */
    public void logStart(ConsoleLog log) throws AmsException {
        AmsAccount used = AmsGlobalConfiguration.get().account(accountAtStart);
        log.onStarted(
                jobId(),
                accountAtStart,
                credentialsId == null ? used.getCredentialsId() : credentialsId,
                id -> used.jobPage(id)
                        .map(url -> HyperlinkNote.encodeTo(url, id))
                        .orElse(id));
    }

    /**
     * Returns the name of the account with which the wait started, even if it is the default account. Must be called
     * only on {@link #checked} parameters.
     */
    public String accountName() {
        return accountAtStart;
    }

    /** Returns the job ID. Must be called only on {@link #checked} parameters. */
    public JobId jobId() {
        return new JobId(jobId);
    }

    /** Returns the job ID as entered. For {@link #checked} parameters, the ID is in the format of the account's API. */
    public String rawJobId() {
        return jobId;
    }

    /**
     * Returns the account's name, or null for the default account. After a restart, a different account, which does not
     * contain the job, may be the default. Therefore, a wait continues to use the account that it started with as long
     * as an account with that name exists.
     */
    @CheckForNull
    public String account() {
        boolean kept = account == null
                && AmsGlobalConfiguration.get().getAccounts().stream()
                        .anyMatch(known -> known.getName().equals(accountAtStart));
        return kept ? accountAtStart : account;
    }

    /** Returns the source of the target that a build polls. */
    public PollTarget.Source targets(Run<?, ?> build) {
        return BuildTargets.get().source(build, jobId(), account(), credentialsId);
    }

    @CheckForNull
    public String credentialsId() {
        return credentialsId;
    }

    public boolean propagate() {
        return propagate;
    }

    public boolean cancelOnAbort() {
        return cancelOnAbort;
    }

    public Duration pollIntervalDuration() {
        return Duration.ofSeconds(pollInterval);
    }

    /** Returns the maximum duration of the wait, or null if there is no limit. */
    @CheckForNull
    public Duration timeLimit() {
        return timeout == 0 ? null : Duration.ofMinutes(timeout);
    }
}
