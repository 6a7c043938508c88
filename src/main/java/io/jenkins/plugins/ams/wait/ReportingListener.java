/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.wait;

import edu.umd.cs.findbugs.annotations.CheckForNull;
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

/** Reports the events of one wait to the build's console and page. Reports the outcome to the wait's entry point. */
@Restricted(NoExternalUse.class)
public final class ReportingListener implements JobWaitListener {

    private final JobId job;
    private final ConsoleLog log;
    private final JobPage page;
    private final Consumer<MediaJob> stateChanged;
    private final Owner owner;
    private final Consumer<WaitOutcome> done;

    /** The state at the last poll, as returned by the service, or null before the first poll. */
    @CheckForNull
    private String stateText;

    /**
     * Creates the listener of one wait.
     *
     * @param page the build's record of the wait
     * @param stateChanged receives the job when a poll finds it in a new state
     * @param owner the build or step that waits. Once a minute, the wait checks whether its owner has ended without
     *     canceling the wait
     * @param done receives the outcome after it has been reported to the console and the page
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
    public void onPolled(MediaJob polled, List<MediaTask> tasks, JobProgress progress) {
        page.onPolled(polled, tasks, progress); // first, because the log then saves the updated record
        log.onPolled(polled, tasks, progress);
        if (!polled.stateText().equals(stateText)) {
            stateText = polled.stateText();
            stateChanged.accept(polled);
        }
    }

    @Override
    public void onError(AmsException error, Duration retryDelay) {
        log.onError(error, retryDelay);
        page.onError(ErrorMessages.transientError(error));
    }

    @Override
    public void onRejected(AmsException error, Duration retryDelay, Duration retryPeriod) {
        log.onRejected(error, retryDelay, retryPeriod);
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
    public void onHeartbeat(AmsException error, Duration failingFor, Duration untilPoll) {
        log.onHeartbeat(error, failingFor, untilPoll);
    }

    @Override
    public void onEnded(WaitOutcome outcome) {
        try {
            page.onEnded(outcome);
            log.onEnded(job, outcome);
        } finally {
            done.accept(outcome); // the build must end even if the console or the page fails
        }
    }

    /** The build or step that the wait belongs to. If it has ended, the outcome of the wait is no longer needed. */
    @FunctionalInterface
    public interface Owner {

        /** Returns whether the build or step has ended. If so, the wait is abandoned. */
        boolean hasEnded();

        /** Called after the wait was canceled because its build or step had ended. */
        default void onAbandoned() {}
    }
}
