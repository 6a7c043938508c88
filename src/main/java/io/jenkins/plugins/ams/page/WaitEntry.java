/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.page;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.ams.console.ConsoleLog;
import io.jenkins.plugins.ams.polling.JobProgress;
import io.jenkins.plugins.ams.polling.Scheduler;
import io.jenkins.plugins.ams.polling.WaitOutcome;
import io.jenkins.plugins.ams.result.CancelStatus;
import io.jenkins.plugins.ams.result.WaitRecord;
import io.jenkins.plugins.ams.result.WaitStatus;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.MediaTask;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Records one wait of a build. All of the build's waits for the same job share one record, even if the waits overlap.
 *
 * <p>Thread-safe. The object's own lock guards its state.
 */
@Restricted(NoExternalUse.class)
public final class WaitEntry implements JobPage {

    private final BuildJobs jobs;
    private final BuildJobs.Slot slot;
    private final JobSaver saver;
    private final Clock clock;

    /** Whether the wait has been aborted. If so, the response to a poll in flight must not change the record. */
    private boolean isClosed;

    WaitEntry(BuildJobs jobs, BuildJobs.Slot slot, JobSaver saver, Clock clock) {
        this.jobs = jobs;
        this.slot = slot;
        this.saver = saver;
        this.clock = clock;
    }

    /** Returns the wait's current record. */
    public WaitRecord record() {
        return slot.record();
    }

    /**
     * Returns a console log that does not repeat the information that the console has already shown. Information that
     * the log shows is recorded in this entry.
     *
     * @param lines receives one line at a time, without a line separator
     * @param timer measures durations
     */
    public ConsoleLog log(Consumer<String> lines, Scheduler timer) {
        return new ConsoleLog(lines, clock, timer, record().shown(), this::onShown);
    }

    /** Records the start of the wait. */
    void begin(@CheckForNull String account) {
        change(before -> before.waitingAgain(account).showing(ConsoleLog.Shown.since(clock.millis())));
    }

    /**
     * Records that the wait resumes after a restart. The status of a requested cancellation is kept, because the
     * cancellation continues as well.
     */
    public void resume(@CheckForNull String account) {
        change(before -> before.waitingAgain(account).canceling(before.getCancelStatus(), before.getCancelError()));
    }

    /** Returns the job's position in the build. */
    int index() {
        return slot.index();
    }

    /** Returns the time when the wait began, possibly before a restart. */
    Instant since() {
        long since = record().shown().waitingSince();
        return since == 0 ? clock.instant() : Instant.ofEpochMilli(since);
    }

    /**
     * Returns whether users can cancel the job: a wait is in progress, and no cancellation has been requested, or the
     * last one has failed.
     */
    static boolean isCancelable(WaitRecord record) {
        CancelStatus status = record.getCancelStatus();
        return record.getStatus() == WaitStatus.WAITING && (status == null || status == CancelStatus.FAILED);
    }

    /**
     * Records that a user has requested the cancellation of the job.
     *
     * @return false if this was not possible because the wait has ended or a cancellation has already been requested
     */
    boolean requestCancellation() {
        AtomicBoolean isRequested = new AtomicBoolean();
        change(before -> {
            if (!isCancelable(before)) {
                return before;
            }
            isRequested.set(true);
            return before.canceling(CancelStatus.REQUESTED, null);
        });
        return isRequested.get();
    }

    @Override
    public void onPolled(MediaJob job, List<MediaTask> tasks, JobProgress progress) {
        change(before -> before.polled(job, tasks, progress, clock.instant()));
    }

    @Override
    public void onShown(ConsoleLog.Shown shown) {
        update(before -> before.showing(shown));
        saver.saveNow(jobs);
    }

    @Override
    public void onError(@CheckForNull String text) {
        change(before -> before.failing(text, clock.instant()));
    }

    @Override
    public void onEnded(WaitOutcome outcome) {
        change(before -> before.ended(outcome, clock.instant()));
    }

    /** Records that the wait was aborted. */
    public synchronized void aborted() {
        change(WaitRecord::aborted);
        isClosed = true;
    }

    private void change(UnaryOperator<WaitRecord> change) {
        if (update(change)) {
            saver.saveSoon(jobs);
        }
    }

    /** Changes the record, and returns whether a save must be scheduled. */
    private synchronized boolean update(UnaryOperator<WaitRecord> change) {
        return !isClosed && jobs.change(slot, change);
    }
}
