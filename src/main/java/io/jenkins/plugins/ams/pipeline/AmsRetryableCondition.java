/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.pipeline;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import io.jenkins.plugins.ams.wait.AmsJobFailureCause;
import org.jenkinsci.Symbol;
import org.jenkinsci.plugins.workflow.flow.ErrorCondition;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.kohsuke.stapler.DataBoundConstructor;

/**
 * The {@code amsRetryable()} condition of the {@code retry} step, as in {@code retry(count: 3, conditions:
 * [amsRetryable()])}. With this condition, the step retries its block if {@code waitForAmsJob} failed and the service
 * reports that another attempt may succeed. A job that has ended cannot be restarted, so the block must submit a new
 * job.
 *
 * @since TODO
 */
public final class AmsRetryableCondition extends ErrorCondition {

    private static final long serialVersionUID = 1L;

    @DataBoundConstructor
    public AmsRetryableCondition() {
        // this condition has no settings
    }

    @Override
    public boolean test(Throwable error, StepContext context) {
        return error instanceof FlowInterruptedException failed
                && failed.getCauses().stream()
                        .anyMatch(cause -> cause instanceof AmsJobFailureCause failure && failure.isRetryable());
    }

    @Extension
    @Symbol("amsRetryable")
    public static final class DescriptorImpl extends ErrorConditionDescriptor {

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.AmsRetryableCondition_displayName();
        }
    }
}
