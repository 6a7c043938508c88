/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.pipeline;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.ams.wait.WaitForm;
import io.jenkins.plugins.ams.wait.WaitParameters;
import java.util.Map;
import java.util.Set;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/**
 * The Pipeline step {@code waitForAmsJob}, which waits until an Azure Media Services job has ended. It occupies neither
 * a thread nor an executor, and continues across Jenkins restarts.
 *
 * @since TODO
 */
public final class WaitForAmsJobStep extends Step {

    private final String jobId;
    private String account;
    private String credentialsId;
    private boolean propagate = true;
    private int timeout;
    private boolean cancelOnAbort;
    private int pollInterval = WaitParameters.DEFAULT_POLL_INTERVAL;

    /**
     * @param jobId the job ID in the format of the account's API. For AMS v2, this is {@code nb:jid:UUID:<guid>} or
     *     only the GUID
     */
    @DataBoundConstructor
    public WaitForAmsJobStep(String jobId) {
        this.jobId = Util.fixEmptyAndTrim(jobId);
    }

    public String getJobId() {
        return jobId;
    }

    @CheckForNull
    public String getAccount() {
        return account;
    }

    /** @param account the name of an AMS account, or null for the default account */
    @DataBoundSetter
    public void setAccount(@CheckForNull String account) {
        this.account = Util.fixEmptyAndTrim(account);
    }

    @CheckForNull
    public String getCredentialsId() {
        return credentialsId;
    }

    /** @param credentialsId the credentials ID, or null for the account's credentials */
    @DataBoundSetter
    public void setCredentialsId(@CheckForNull String credentialsId) {
        this.credentialsId = Util.fixEmptyAndTrim(credentialsId);
    }

    public boolean isPropagate() {
        return propagate;
    }

    /** @param propagate whether the step fails if the job ends in Error or Canceled */
    @DataBoundSetter
    public void setPropagate(boolean propagate) {
        this.propagate = propagate;
    }

    public int getTimeout() {
        return timeout;
    }

    /** @param timeout the maximum duration of the wait in minutes, or 0 for no limit */
    @DataBoundSetter
    public void setTimeout(int timeout) {
        this.timeout = timeout;
    }

    public boolean isCancelOnAbort() {
        return cancelOnAbort;
    }

    /** @param cancelOnAbort whether to cancel the job when the wait is aborted or times out */
    @DataBoundSetter
    public void setCancelOnAbort(boolean cancelOnAbort) {
        this.cancelOnAbort = cancelOnAbort;
    }

    public int getPollInterval() {
        return pollInterval;
    }

    /**
     * @param pollInterval the maximum polling interval in seconds. Zero, the value of an empty field, selects the
     *     default
     */
    @DataBoundSetter
    public void setPollInterval(int pollInterval) {
        this.pollInterval = pollInterval == 0 ? WaitParameters.DEFAULT_POLL_INTERVAL : pollInterval;
    }

    @Override
    public StepExecution start(StepContext context) throws Exception {
        return new WaitForAmsJobStepExecution(this, context);
    }

    @Extension
    public static final class DescriptorImpl extends StepDescriptor implements WaitForm {

        @Override
        public String getFunctionName() {
            return "waitForAmsJob";
        }

        @Override
        public String getDisplayName() {
            return Messages.WaitForAmsJobStep_displayName();
        }

        @Override
        public Set<? extends Class<?>> getRequiredContext() {
            return Set.of(Run.class, TaskListener.class, FlowNode.class);
        }

        @Override
        public String argumentsToString(Map<String, Object> namedArgs) {
            Object jobId = namedArgs.get("jobId");
            return jobId == null ? null : jobId.toString();
        }

        @Override
        public boolean isExpandingVariables() {
            return false;
        }
    }
}
