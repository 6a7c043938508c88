/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.freestyle;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.EnvVars;
import hudson.model.EnvironmentContributingAction;
import hudson.model.InvisibleAction;
import hudson.model.Run;
import java.util.Map;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Adds the {@linkplain JobVariables variables} of a build's last wait to the build's environment. They are not stored,
 * because only the running build needs them, and a freestyle build does not continue after a restart.
 */
@Restricted(NoExternalUse.class)
public final class JobVariablesAction extends InvisibleAction implements EnvironmentContributingAction {

    /** Null after the build has been loaded from disk. */
    @CheckForNull
    private final transient Map<String, String> variables;

    JobVariablesAction(Map<String, String> variables) {
        this.variables = variables;
    }

    @Override
    public void buildEnvironment(Run<?, ?> run, EnvVars env) {
        if (variables != null) {
            env.putAll(variables);
        }
    }
}
