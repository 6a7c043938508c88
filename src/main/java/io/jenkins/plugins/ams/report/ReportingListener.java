/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.report;

import io.jenkins.plugins.ams.account.FaultText;
import io.jenkins.plugins.ams.service.Job;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.Task;
import io.jenkins.plugins.ams.watch.Outcome;
import io.jenkins.plugins.ams.watch.Progress;
import io.jenkins.plugins.ams.watch.WatchListener;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Tells a build's console and its page what the watcher sees, and its door how it ended. */
public final class ReportingListener implements WatchListener {

    private final JobId job;
    private final ConsoleLog log;
    private final Page page;
    private final Consumer<Job> stateChanged;
    private final Owner owner;
    private final Consumer<Outcome> done;
    private String stateText; // null as long as nothing was seen

    /**
     * @param page where the build keeps what is known of the job
     * @param stateChanged gets the job after it was first seen in another State
     * @param owner asked once a minute whether it has ended without canceling the wait
     * @param done called at the end, after the console and the page have told it
     */
    public ReportingListener(
            JobId job, ConsoleLog log, Page page, Consumer<Job> stateChanged, Owner owner, Consumer<Outcome> done) {
        this.job = job;
        this.log = log;
        this.page = page;
        this.stateChanged = stateChanged;
        this.owner = owner;
        this.done = done;
    }

    @Override
    public void looked(Job seen, List<Task> tasks, Progress progress) {
        log.looked(seen, tasks, progress);
        page.looked(seen, tasks, progress);
        if (!seen.stateText().equals(stateText)) {
            stateText = seen.stateText();
            stateChanged.accept(seen);
        }
    }

    @Override
    public void troubled(Exception fault, Duration pause) {
        log.troubled(fault, pause);
        page.troubled(FaultText.transientFault(fault));
    }

    @Override
    public void rejected(Exception error, Duration retryDelay, Duration patience) {
        log.rejected(error, retryDelay, patience);
        page.troubled(FaultText.transientFault(error));
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
    public void recovered(Duration after) {
        log.recovered(after);
        page.troubled(null);
    }

    @Override
    public void waiting(Exception fault, Duration troubledFor, Duration untilLook) {
        log.waiting(fault, troubledFor, untilLook);
    }

    @Override
    public void ended(Outcome outcome) {
        try {
            log.ended(job, outcome);
            page.ended(outcome);
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

    /** What is known of one job, as the build keeps it. */
    public interface Page {

        /** A look succeeded and the job has not ended. */
        void looked(Job seen, List<Task> tasks, Progress progress);

        /** The service is in trouble, which the wait rides through. @param text null if it is no longer */
        void troubled(String text);

        /** The wait is over. */
        void ended(Outcome outcome);
    }
}
