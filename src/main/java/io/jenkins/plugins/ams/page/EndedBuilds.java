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

/** Saves the jobs of builds that end, and those of all builds when Jenkins is stopped. */
@Extension
@Restricted(NoExternalUse.class)
public final class EndedBuilds extends RunListener<Run<?, ?>> {

    /** Created when it is first needed: an extension that looks up another one while it is created may find none. */
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
