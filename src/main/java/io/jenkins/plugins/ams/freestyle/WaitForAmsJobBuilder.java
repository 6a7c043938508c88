/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.freestyle;

import com.cloudbees.plugins.credentials.CredentialsParameterValue;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.EnvVars;
import hudson.Extension;
import hudson.Launcher;
import hudson.Util;
import hudson.model.AbstractBuild;
import hudson.model.AbstractProject;
import hudson.model.BuildListener;
import hudson.model.ParametersAction;
import hudson.tasks.BuildStepDescriptor;
import hudson.tasks.Builder;
import io.jenkins.plugins.ams.wait.WaitForm;
import io.jenkins.plugins.ams.wait.WaitParameters;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/**
 * The freestyle build step that waits until an Azure Media Services job has ended. As with all freestyle builds, the
 * build occupies its executor while it waits and does not continue across restarts.
 *
 * @since TODO
 */
public final class WaitForAmsJobBuilder extends Builder {

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{?(\\w+)}?");

    private final String jobId;
    private String account;
    private String credentialsId;

    /**
     * Whether the build fails if the job ends in Error or Canceled. Null if the stored configuration does not contain
     * this field, for example because the configuration was written manually. Null means true.
     */
    @CheckForNull
    private Boolean propagate;

    private int timeout;
    private boolean cancelOnAbort;
    private int pollInterval;

    /** @param jobId the job ID; variables such as {@code $AMS_JOB_ID} are expanded when the build runs */
    @DataBoundConstructor
    public WaitForAmsJobBuilder(String jobId) {
        this.jobId = Util.fixEmptyAndTrim(jobId);
    }

    public String getJobId() {
        return jobId;
    }

    @CheckForNull
    public String getAccount() {
        return account;
    }

    /** @param account the name of an AMS account, which can contain variables, or null for the default account */
    @DataBoundSetter
    public void setAccount(@CheckForNull String account) {
        this.account = Util.fixEmptyAndTrim(account);
    }

    @CheckForNull
    public String getCredentialsId() {
        return credentialsId;
    }

    /**
     * @param credentialsId the credentials ID, which can contain variables, or null for the account's credentials
     */
    @DataBoundSetter
    public void setCredentialsId(@CheckForNull String credentialsId) {
        this.credentialsId = Util.fixEmptyAndTrim(credentialsId);
    }

    public boolean isPropagate() {
        return propagate == null || propagate;
    }

    /** @param propagate whether the build fails if the job ends in Error or Canceled */
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
        return pollInterval == 0 ? WaitParameters.DEFAULT_POLL_INTERVAL : pollInterval;
    }

    /**
     * @param pollInterval the maximum polling interval in seconds. Zero, the value of an empty field, selects the
     *     default
     */
    @DataBoundSetter
    public void setPollInterval(int pollInterval) {
        this.pollInterval = pollInterval;
    }

    @Override
    public boolean perform(AbstractBuild<?, ?> build, Launcher launcher, BuildListener listener)
            throws InterruptedException, IOException {
        EnvVars variables = build.getEnvironment(listener);
        variables.overrideAll(build.getBuildVariables());
        WaitParameters parameters = new WaitParameters(
                        expand(jobId, variables),
                        expand(account, variables),
                        expandCredentialsId(build, variables),
                        isPropagate(),
                        timeout,
                        cancelOnAbort,
                        getPollInterval())
                .checked();
        String failure = new BuilderWait(build, listener, parameters).run();
        if (failure != null) {
            throw new AbortException(failure);
        }
        return true;
    }

    /**
     * Returns the credentials ID with expanded variables. A reference to a credentials parameter is not expanded.
     * Instead, the Credentials plugin evaluates the reference with the credentials and permissions of the user who
     * started the build.
     */
    private String expandCredentialsId(AbstractBuild<?, ?> build, EnvVars variables) {
        Matcher variable = VARIABLE.matcher(Util.fixNull(credentialsId));
        boolean parameter = variable.matches()
                && build.getActions(ParametersAction.class).stream()
                        .map(parameters -> parameters.getParameter(variable.group(1)))
                        .anyMatch(CredentialsParameterValue.class::isInstance);
        return parameter ? "${" + variable.group(1) + '}' : expand(credentialsId, variables);
    }

    private static String expand(String text, EnvVars variables) {
        return text == null ? null : Util.fixEmptyAndTrim(variables.expand(text));
    }

    @Extension
    @Symbol("waitForAmsJob")
    public static final class DescriptorImpl extends BuildStepDescriptor<Builder> implements WaitForm {

        private static final String HELP_OF_STEP =
                "/descriptor/io.jenkins.plugins.ams.pipeline.WaitForAmsJobStep/help/";

        @Override
        public String getDisplayName() {
            return Messages.WaitForAmsJobBuilder_displayName();
        }

        @Override
        public boolean isApplicable(Class<? extends AbstractProject> jobType) {
            return true;
        }

        /**
         * Returns the Pipeline step's help, because the fields are the same. The Pipeline Steps Reference requires the
         * help files to belong to the Pipeline step.
         */
        @Override
        public String getHelpFile(String field) {
            return field == null ? super.getHelpFile(null) : HELP_OF_STEP + field;
        }

        @Override
        public boolean isExpandingVariables() {
            return true;
        }
    }
}
