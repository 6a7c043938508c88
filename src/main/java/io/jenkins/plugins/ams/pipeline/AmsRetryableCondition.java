/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.pipeline;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import io.jenkins.plugins.ams.report.AmsJobFailureCause;
import org.jenkinsci.Symbol;
import org.jenkinsci.plugins.workflow.flow.ErrorCondition;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.kohsuke.stapler.DataBoundConstructor;

/**
 * {@code retry(count: 3, conditions: [amsRetryable()])}: runs a block again if {@code waitForAmsJob} failed it and the
 * service says that the same job may succeed another time. An id stands for one job that has ended, so the block has to
 * submit the job as well.
 *
 * @since TODO
 */
public final class AmsRetryableCondition extends ErrorCondition {

    private static final long serialVersionUID = 1L;

    @DataBoundConstructor
    public AmsRetryableCondition() {
        // there is nothing to choose
    }

    @Override
    public boolean test(Throwable error, StepContext context) {
        return error instanceof FlowInterruptedException failed
                && failed.getCauses().stream()
                        .anyMatch(cause -> cause instanceof AmsJobFailureCause failure && failure.isRetryable());
    }

    /** Describes the condition to Jenkins. */
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
