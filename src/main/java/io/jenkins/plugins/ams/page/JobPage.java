/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.page;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.ams.console.ConsoleLog;
import io.jenkins.plugins.ams.polling.JobProgress;
import io.jenkins.plugins.ams.polling.WaitOutcome;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.MediaTask;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Records one wait of a build, so that the build's pages can show the wait and the wait can resume after a restart. */
@Restricted(NoExternalUse.class)
public interface JobPage {

    /** Called after a successful poll of a job that has not ended. */
    void onPolled(MediaJob job, List<MediaTask> tasks, JobProgress progress);

    /**
     * Called before lines are written to the console. Stores the information in these lines, so that it is not shown
     * again after a restart or a crash. This method returns when the write to disk has succeeded or failed.
     */
    void onShown(ConsoleLog.Shown shown);

    /**
     * Called when a transient error begins, changes, or ends.
     *
     * @param text the error message, or null if the error has ended
     */
    void onError(@CheckForNull String text);

    /** Called once, when the wait ends. */
    void onEnded(WaitOutcome outcome);
}
