/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.page;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.init.Terminator;
import hudson.model.Run;
import hudson.model.listeners.RunListener;
import io.jenkins.plugins.ams.runtime.AmsRuntime;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Saves the jobs of a build when the build ends, and the jobs of all builds when Jenkins shuts down. */
@Extension
@Restricted(NoExternalUse.class)
public final class EndedBuilds extends RunListener<Run<?, ?>> {

    /** Created on first use, because other extensions might not be available while this extension is being created. */
    private JobSaver saver;

    static JobSaver saver() {
        return ExtensionList.lookupSingleton(EndedBuilds.class).getSaver();
    }

    @Override
    public void onFinalized(Run<?, ?> build) {
        AmsJobsAction action = build.getAction(AmsJobsAction.class);
        if (action != null) {
            action.onBuildEnded();
        }
    }

    @Terminator
    public static void saveAll() {
        saver().saveAll();
    }

    private synchronized JobSaver getSaver() {
        if (saver == null) {
            AmsRuntime runtime = AmsRuntime.get();
            saver = new JobSaver(runtime.timer(), runtime.diskExecutor());
        }
        return saver;
    }
}
