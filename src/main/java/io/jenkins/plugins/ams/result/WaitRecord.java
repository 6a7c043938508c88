/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.result;

import static io.jenkins.plugins.ams.result.StoredValues.instant;
import static io.jenkins.plugins.ams.result.StoredValues.millis;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.ams.console.ConsoleLog;
import io.jenkins.plugins.ams.console.ErrorMessages;
import io.jenkins.plugins.ams.console.Messages;
import io.jenkins.plugins.ams.polling.JobProgress;
import io.jenkins.plugins.ams.polling.WaitOutcome;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.MediaTask;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/**
 * What a build knows of its wait for one job: how the wait is, and the job as it was last polled. Immutable: each poll
 * makes another record, so that a page can be rendered and a file be written at any time.
 *
 * @since TODO
 */
@ExportedBean(defaultVisibility = 2)
@Restricted(NoExternalUse.class)
public final class WaitRecord {

    private AmsJobResult job;
    private WaitStatus status;
    private String error;
    private CancelStatus cancelStatus;
    private String cancelError;

    /** Milliseconds since the epoch, as are all times; null if the job was never polled. */
    private Long polledAt;

    private Long estimatedEnd;
    private Long scheduledSeen;
    private ConsoleLog.Shown shown;

    /** Not stored: a wait that resumes after a restart meets the same error again, or does not. */
    private transient String warning;

    private transient Instant warningSince;

    /** Used to read stored data. */
    private WaitRecord() {}

    private WaitRecord(WaitRecord other) {
        job = other.job;
        status = other.status;
        error = other.error;
        cancelStatus = other.cancelStatus;
        cancelError = other.cancelError;
        polledAt = other.polledAt;
        estimatedEnd = other.estimatedEnd;
        scheduledSeen = other.scheduledSeen;
        shown = other.shown;
        warning = other.warning;
        warningSince = other.warningSince;
    }

    /** Returns the record of a wait that begins. */
    public static WaitRecord waiting(JobId id, @CheckForNull String account) {
        WaitRecord waiting = new WaitRecord();
        waiting.job = AmsJobResult.notPolled(id, account);
        waiting.status = WaitStatus.WAITING;
        return waiting;
    }

    /** Returns whether stored data has what is needed to show it. */
    @Restricted(NoExternalUse.class)
    public boolean isComplete() {
        return job != null && !job.getId().isEmpty();
    }

    /**
     * Returns whether this is the record of a job. IDs of AMS v2 are unique in the world, those of other APIs in their
     * account.
     */
    @Restricted(NoExternalUse.class)
    public boolean isOf(JobId id, @CheckForNull String account) {
        boolean unique = !hasPath();
        return id.value().equals(job.getId())
                && (unique || account == null || job.getAccount() == null || account.equals(job.getAccount()));
    }

    /** Returns the record after the build waits for the job again: after a restart, or by another step. */
    @Restricted(NoExternalUse.class)
    public WaitRecord waitingAgain(@CheckForNull String account) {
        WaitRecord next = new WaitRecord(this);
        if (account != null) {
            next.job = job.withAccount(account);
        }
        next.status = WaitStatus.WAITING;
        next.error = null;
        next.cancelStatus = null;
        next.cancelError = null;
        return next;
    }

    /** Returns the record after a poll of a job that has not ended. */
    @Restricted(NoExternalUse.class)
    public WaitRecord polled(MediaJob polled, List<MediaTask> tasks, JobProgress progress, Instant now) {
        WaitRecord next = new WaitRecord(this);
        next.job = job.polled(polled, tasks, progress);
        next.setPolled(polled, now);
        next.estimatedEnd = millis(progress.end());
        next.status = WaitStatus.WAITING;
        next.error = null;
        next.setWarning(null, null);
        return next;
    }

    /**
     * Returns the record after a transient error begins, changes or ends.
     *
     * @param text null when it has ended
     */
    @Restricted(NoExternalUse.class)
    public WaitRecord failing(@CheckForNull String text, Instant now) {
        WaitRecord next = new WaitRecord(this);
        next.setWarning(text, now);
        return next;
    }

    /** Returns the record after the end of the wait. */
    @Restricted(NoExternalUse.class)
    public WaitRecord ended(WaitOutcome outcome, Instant now) {
        WaitRecord next = new WaitRecord(this);
        next.setWarning(null, null);
        next.estimatedEnd = null;
        next.status = WaitStatus.of(outcome);
        next.error = null;
        if (outcome instanceof WaitOutcome.Completed completed) {
            next.job = job.completed(completed, now);
            next.setPolled(completed.job(), now);
            if (completed.detailsError() != null) {
                next.error = Messages.ConsoleLog_noDetails(ErrorMessages.of(completed.detailsError()));
            }
        } else if (outcome instanceof WaitOutcome.JobNotFound missing) {
            next.error = ConsoleLog.jobNotFound(new JobId(job.getId()), missing);
        } else if (outcome instanceof WaitOutcome.Failed failed) {
            next.error = ErrorMessages.failure(failed.cause());
        }
        return next;
    }

    /** Returns the record after the build, or the branch that waited, was aborted. */
    @Restricted(NoExternalUse.class)
    public WaitRecord aborted() {
        WaitRecord next = new WaitRecord(this);
        next.status = WaitStatus.ABORTED;
        next.setWarning(null, null);
        next.estimatedEnd = null;
        return next;
    }

    /**
     * Returns the record after a change of the build's request to cancel the job.
     *
     * @param reason why the job could not be canceled, or not yet; null if there is nothing to say
     */
    @Restricted(NoExternalUse.class)
    public WaitRecord canceling(CancelStatus newStatus, @CheckForNull String reason) {
        WaitRecord next = new WaitRecord(this);
        next.cancelStatus = newStatus;
        next.cancelError = reason;
        return next;
    }

    /**
     * Returns the record after a poll that followed the build's request to cancel the job. If another wait for the same
     * job is in progress, that one polls, and nothing changes here.
     */
    @Restricted(NoExternalUse.class)
    public WaitRecord polledAfterCancel(MediaJob polled, Instant now) {
        if (getStatus() == WaitStatus.WAITING) {
            return this;
        }
        WaitRecord next = new WaitRecord(this);
        next.job = job.polled(polled);
        next.setPolled(polled, now);
        return next;
    }

    /** Returns the record with what the console shows now. */
    @Restricted(NoExternalUse.class)
    public WaitRecord showing(ConsoleLog.Shown nowShown) {
        WaitRecord next = new WaitRecord(this);
        next.shown = nowShown;
        return next;
    }

    /** Returns whether only progress, times and the current error differ, which are not stored for their own sake. */
    @Restricted(NoExternalUse.class)
    public boolean isInSameStatesAs(WaitRecord other) {
        return job.isInSameStatesAs(other.job)
                && isPolled() == other.isPolled()
                && getStatus() == other.getStatus()
                && cancelStatus == other.cancelStatus
                && Objects.equals(error, other.error)
                && Objects.equals(cancelError, other.cancelError);
    }

    /** Returns the job as it was last polled. */
    @Exported(merge = true, visibility = 3)
    public AmsJobResult getJob() {
        return job;
    }

    /** Returns what identifies the job on the build's page and in the URLs below it. */
    @Exported
    public String getGuid() {
        String id = job.getId();
        // IDs of other APIs contain characters that are not allowed in a part of a URL
        return hasPath()
                ? UUID.nameUUIDFromBytes((job.getAccount() + ' ' + id).getBytes(StandardCharsets.UTF_8))
                        .toString()
                : id.substring(id.lastIndexOf(':') + 1);
    }

    /** Returns how the wait is, or how it ended. */
    @Exported(name = "waitStatus")
    public WaitStatus getStatus() {
        return WaitStatus.orWaiting(status);
    }

    /** Returns what became of the build's request to cancel the job; null if there was none. */
    @Exported
    @CheckForNull
    public CancelStatus getCancelStatus() {
        return cancelStatus;
    }

    /** Returns why the job could not be canceled, or not yet; null if there is nothing to say. */
    @Exported
    @CheckForNull
    public String getCancelError() {
        return cancelError;
    }

    /** Returns why the wait ended without the job, or why not all of the job is known; null if there is nothing to say. */
    @Exported
    @CheckForNull
    public String getError() {
        return error;
    }

    /** Returns the transient error that is being retried; null if there is none. */
    @Exported
    @CheckForNull
    public String getWarning() {
        return warning;
    }

    /** Returns when the transient error began; null if there is none. */
    @CheckForNull
    public Instant warningSince() {
        return warningSince;
    }

    /** Returns whether the job was polled successfully. */
    public boolean isPolled() {
        return polledAt != null;
    }

    /** Returns when the job was last polled; null if it never was. */
    @CheckForNull
    public Instant polledAt() {
        return instant(polledAt);
    }

    /** Returns when the job is expected to end; null if there is no estimate. */
    @CheckForNull
    public Instant estimatedEnd() {
        return instant(estimatedEnd);
    }

    /** Returns when a poll first found the job Scheduled. The service records that for tasks only. */
    @CheckForNull
    public Instant scheduledSeen() {
        return instant(scheduledSeen);
    }

    /** Returns what the console has shown of the wait. */
    @Restricted(NoExternalUse.class)
    public ConsoleLog.Shown shown() {
        return shown == null ? ConsoleLog.Shown.NOTHING : shown;
    }

    private boolean hasPath() {
        return job.getId().indexOf('/') >= 0;
    }

    private void setPolled(MediaJob polled, Instant now) {
        if (scheduledSeen == null && polled.state() == JobState.SCHEDULED) {
            scheduledSeen = millis(now);
        }
        polledAt = millis(now);
    }

    private void setWarning(@CheckForNull String text, @CheckForNull Instant now) {
        if (text == null) {
            warningSince = null;
        } else if (warning == null) {
            warningSince = now;
        }
        warning = text;
    }
}
