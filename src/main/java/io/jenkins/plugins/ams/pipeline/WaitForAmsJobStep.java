/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.pipeline;

import hudson.Extension;
import hudson.Util;
import hudson.model.Item;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.ams.credentials.RawParameter;
import io.jenkins.plugins.ams.report.WaitForm;
import java.util.Map;
import java.util.Set;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * The Pipeline step {@code waitForAmsJob}: waits until an Azure Media Services job has ended, holding neither a thread
 * nor an executor, and over restarts of Jenkins.
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
    private int pollInterval = WaitForm.DEFAULT_POLL_INTERVAL;

    /** @param jobId {@code nb:jid:UUID:<guid>}, the bare GUID or the percent-encoded form */
    @DataBoundConstructor
    public WaitForAmsJobStep(String jobId) {
        this.jobId = Util.fixEmptyAndTrim(jobId);
    }

    public String getJobId() {
        return jobId;
    }

    public String getAccount() {
        return account;
    }

    /** @param account name of an AMS account; null for the default one */
    @DataBoundSetter
    public void setAccount(String account) {
        this.account = Util.fixEmptyAndTrim(account);
    }

    public String getCredentialsId() {
        return credentialsId;
    }

    /** @param credentialsId Azure AD credentials; null for the account's */
    @DataBoundSetter
    public void setCredentialsId(String credentialsId) {
        this.credentialsId = Util.fixEmptyAndTrim(credentialsId);
    }

    public boolean isPropagate() {
        return propagate;
    }

    /** @param propagate whether a job that ended in Error or Canceled fails the step */
    @DataBoundSetter
    public void setPropagate(boolean propagate) {
        this.propagate = propagate;
    }

    public int getTimeout() {
        return timeout;
    }

    /** @param timeout minutes; 0 for none */
    @DataBoundSetter
    public void setTimeout(int timeout) {
        this.timeout = timeout;
    }

    public boolean isCancelOnAbort() {
        return cancelOnAbort;
    }

    /** @param cancelOnAbort whether an aborted or timed-out wait cancels the job */
    @DataBoundSetter
    public void setCancelOnAbort(boolean cancelOnAbort) {
        this.cancelOnAbort = cancelOnAbort;
    }

    public int getPollInterval() {
        return pollInterval;
    }

    /** @param pollInterval longest time between two looks at the job, seconds; 0, as an emptied field is read, for 60 */
    @DataBoundSetter
    public void setPollInterval(int pollInterval) {
        this.pollInterval = pollInterval == 0 ? WaitForm.DEFAULT_POLL_INTERVAL : pollInterval;
    }

    @Override
    public StepExecution start(StepContext context) throws Exception {
        return new WaitForAmsJobStepExecution(this, context);
    }

    /** Describes the step to Jenkins. */
    @Extension
    public static final class DescriptorImpl extends StepDescriptor {

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

        @POST
        public ListBoxModel doFillAccountItems(@AncestorInPath Item item, @QueryParameter RawParameter account) {
            return WaitForm.fillAccountItems(item, account.text());
        }

        @POST
        public ListBoxModel doFillCredentialsIdItems(
                @AncestorInPath Item item,
                @QueryParameter RawParameter credentialsId,
                @QueryParameter RawParameter account) {
            return WaitForm.fillCredentialsIdItems(item, credentialsId.text(), account.text());
        }

        @POST
        public FormValidation doCheckAccount(@AncestorInPath Item item, @QueryParameter RawParameter value) {
            return WaitForm.checkAccount(item, value.text());
        }

        @POST
        public FormValidation doCheckCredentialsId(
                @AncestorInPath Item item, @QueryParameter RawParameter value, @QueryParameter RawParameter account) {
            return WaitForm.checkCredentialsId(item, value.text(), account.text());
        }

        @POST
        public FormValidation doCheckJobId(
                @AncestorInPath Item item, @QueryParameter RawParameter value, @QueryParameter RawParameter account) {
            return WaitForm.checkJobId(item, value.text(), account.text());
        }

        @POST
        public FormValidation doCheckTimeout(@QueryParameter RawParameter value) {
            return WaitForm.checkTimeout(value.text());
        }

        @POST
        public FormValidation doCheckPollInterval(@QueryParameter RawParameter value) {
            return WaitForm.checkPollInterval(value.text());
        }
    }
}
