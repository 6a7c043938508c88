/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.wait;

import io.jenkins.plugins.ams.console.ConsoleLog;
import io.jenkins.plugins.ams.console.ErrorMessages;
import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.page.JobPage;
import io.jenkins.plugins.ams.polling.JobProgress;
import io.jenkins.plugins.ams.polling.JobWaitListener;
import io.jenkins.plugins.ams.polling.WaitOutcome;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.MediaTask;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Tells a build's console and its page what the watcher sees, and its door how it ended. */
@Restricted(NoExternalUse.class)
public final class ReportingListener implements JobWaitListener {

    private final JobId job;
    private final ConsoleLog log;
    private final JobPage page;
    private final Consumer<MediaJob> stateChanged;
    private final Owner owner;
    private final Consumer<WaitOutcome> done;
    private String stateText; // null as long as nothing was seen

    /**
     * @param page where the build keeps what is known of the job
     * @param stateChanged gets the job after it was first seen in another State
     * @param owner asked once a minute whether it has ended without canceling the wait
     * @param done called at the end, after the console and the page have told it
     */
    public ReportingListener(
            JobId job,
            ConsoleLog log,
            JobPage page,
            Consumer<MediaJob> stateChanged,
            Owner owner,
            Consumer<WaitOutcome> done) {
        this.job = job;
        this.log = log;
        this.page = page;
        this.stateChanged = stateChanged;
        this.owner = owner;
        this.done = done;
    }

    @Override
    public void onPolled(MediaJob seen, List<MediaTask> tasks, JobProgress progress) {
        log.onPolled(seen, tasks, progress);
        page.onPolled(seen, tasks, progress);
        if (!seen.stateText().equals(stateText)) {
            stateText = seen.stateText();
            stateChanged.accept(seen);
        }
    }

    @Override
    public void onError(AmsException fault, Duration pause) {
        log.onError(fault, pause);
        page.onError(ErrorMessages.transientError(fault));
    }

    @Override
    public void rejected(AmsException error, Duration retryDelay, Duration patience) {
        log.rejected(error, retryDelay, patience);
        page.onError(ErrorMessages.transientError(error));
    }

    @Override
    public boolean isAbandoned() {
        return owner.hasEnded();
    }

    @Override
    public void onAbandoned() {
        owner.onAbandoned();
    }

    @Override
    public void onRecovered(Duration after) {
        log.onRecovered(after);
        page.onError(null);
    }

    @Override
    public void onHeartbeat(AmsException fault, Duration troubledFor, Duration untilLook) {
        log.onHeartbeat(fault, troubledFor, untilLook);
    }

    @Override
    public void onEnded(WaitOutcome outcome) {
        try {
            log.onEnded(job, outcome);
            page.onEnded(outcome);
        } finally {
            done.accept(outcome); // whatever happens to what people see, the build is not left waiting
        }
    }

    /** The build or step that waits. */
    @FunctionalInterface
    public interface Owner {

        /** Whether it has ended, so that nobody waits for the outcome any more. */
        boolean hasEnded();

        /** Its wait was canceled, because it had ended without doing so. */
        default void onAbandoned() {}
    }
}
