/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.wait;

import hudson.AbortException;
import io.jenkins.plugins.ams.config.AmsAccount;
import io.jenkins.plugins.ams.config.AmsGlobalConfiguration;
import io.jenkins.plugins.ams.console.ConsoleLog;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.v2.AmsV2JobId;
import java.io.Serializable;
import java.time.Duration;

/** What a wait was asked to do, as both doors keep it: as it was given, so that a mistake is reported in its own words. */
public final class WaitParameters implements Serializable {

    private static final long serialVersionUID = 1L;

    private final String jobId;
    private final String account;
    private final String credentialsId;
    private final boolean propagate;
    private final int timeout;
    private final boolean cancelOnAbort;
    private final int pollInterval;

    /** What the account was called when the wait began; null in what was stored before this was kept. */
    private String accountAtStart;

    /**
     * @param jobId the job, in any of its spellings
     * @param account null for the default one
     * @param credentialsId null for the account's
     * @param propagate whether Error and Canceled fail the build
     * @param timeout minutes; 0 for none
     * @param cancelOnAbort whether an aborted or timed-out wait cancels the job
     * @param pollInterval longest time between two looks, seconds
     */
    public WaitParameters(
            String jobId,
            String account,
            String credentialsId,
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
     * Makes sure that the wait can begin.
     *
     * @return the same, with the job as the account's API spells it: what is kept over restarts has to mean the same
     *     whatever becomes of the account
     * @throws AbortException if a parameter is wrong; says which and what is right
     */
    public WaitParameters checked() throws AbortException {
        WaitForm.requireTimeout(timeout);
        WaitForm.requirePollInterval(pollInterval);
        AmsAccount used = AmsGlobalConfiguration.get().account(account);
        WaitParameters checked = new WaitParameters(
                used.jobId(jobId).value(), account, credentialsId, propagate, timeout, cancelOnAbort, pollInterval);
        checked.accountAtStart = used.getName();
        return checked;
    }

    /** Writes the first line of the wait's log. */
    public void logStart(ConsoleLog log) throws AbortException {
        AmsAccount used = AmsGlobalConfiguration.get().account(account);
        log.onStarted(jobId(), used.getName(), credentialsId == null ? used.getCredentialsId() : credentialsId);
    }

    /** The name of the account that the wait uses. */
    public String accountName() throws AbortException {
        return AmsGlobalConfiguration.get().account(account).getName();
    }

    /**
     * The job; only after {@link #checked}. Waits that began when there was AMS v2 alone kept the id as it was given, in
     * one of the spellings that only AMS v2 has.
     */
    public JobId jobId() {
        try {
            return AmsV2JobId.parse(jobId);
        } catch (JobId.MalformedJobIdException ofAnotherApi) {
            return new JobId(jobId);
        }
    }

    /** The job as it was given. */
    public String rawJobId() {
        return jobId;
    }

    /**
     * The name of the account; null for the default one. That may be another after a restart, which knows nothing of the
     * job: a wait stays with the account that it began with, as long as there is one of that name.
     */
    public String account() {
        boolean kept = account == null
                && AmsGlobalConfiguration.get().getAccounts().stream()
                        .anyMatch(known -> known.getName().equals(accountAtStart));
        return kept ? accountAtStart : account;
    }

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

    /** The wait's own time limit; null for none. */
    public Duration timeLimit() {
        return timeout == 0 ? null : Duration.ofMinutes(timeout);
    }
}
