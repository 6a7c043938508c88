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
import io.jenkins.plugins.ams.console.JobText;
import io.jenkins.plugins.ams.console.Messages;
import io.jenkins.plugins.ams.http.AmsException;
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
 * A build's record of its wait for one job, with the status of the wait and the job as of its last poll. The record is
 * immutable. Each poll creates a new record, so that pages and files are always consistent.
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

    /**
     * Time of the last successful poll in milliseconds since the epoch, like all times in this class. Null before the
     * first successful poll.
     */
    @CheckForNull
    private Long polledAt;

    @CheckForNull
    private Long estimatedEnd;

    @CheckForNull
    private Long scheduledSeen;

    private ConsoleLog.Shown shown;

    /**
     * The transient error that is being retried, or null if there is none. The error is not stored. If the error
     * persists after a restart, the resumed wait detects it again.
     */
    @CheckForNull
    private transient String warning;

    @CheckForNull
    private transient Instant warningSince;

    /** Creates an empty instance to be filled with stored data or by other methods. */
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

    /** Returns the record of a new wait. */
    public static WaitRecord waiting(JobId id, @CheckForNull String account) {
        WaitRecord waiting = new WaitRecord();
        waiting.job = AmsJobResult.notPolled(id, account);
        waiting.status = WaitStatus.WAITING;
        return waiting;
    }

    /** Returns whether a stored record contains a job ID. A record without a job ID cannot be shown. */
    public boolean isComplete() {
        return job != null && !job.getId().isEmpty();
    }

    /**
     * Returns whether this record is for the given job. AMS v2 IDs are globally unique. The IDs of other APIs are
     * unique only within an account.
     */
    public boolean isOf(JobId id, @CheckForNull String account) {
        boolean unique = !hasPath();
        return id.value().equals(job.getId())
                && (unique || account == null || job.getAccount() == null || account.equals(job.getAccount()));
    }

    /** Returns this record, updated when the build waits for the job again after a restart or in another step. */
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

    /** Returns this record, updated after a poll of a job that has not ended. */
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
     * Returns this record, updated after a transient error begins, changes, or ends.
     *
     * @param text the error message, or null if the error has ended
     */
    public WaitRecord failing(@CheckForNull String text, Instant now) {
        WaitRecord next = new WaitRecord(this);
        next.setWarning(text, now);
        return next;
    }

    /** Returns this record, updated after the wait has ended. */
    public WaitRecord ended(WaitOutcome outcome, Instant now) {
        WaitRecord next = new WaitRecord(this);
        next.setWarning(null, null);
        next.estimatedEnd = null;
        next.status = WaitStatus.of(outcome);
        next.error = null;
        if (outcome instanceof WaitOutcome.Completed completed) {
            next.job = job.completed(completed, now);
            next.setPolled(completed.job(), now);
            AmsException detailsError = completed.detailsError();
            if (detailsError != null) {
                next.error = Messages.ConsoleLog_noDetails(ErrorMessages.of(detailsError));
            }
        } else if (outcome instanceof WaitOutcome.JobNotFound missing) {
            next.error = JobText.notFound(new JobId(job.getId()), missing);
        } else if (outcome instanceof WaitOutcome.Failed failed) {
            next.error = ErrorMessages.failure(failed.cause());
        }
        return next;
    }

    /** Returns this record, updated after the build or the waiting Pipeline branch was aborted. */
    public WaitRecord aborted() {
        WaitRecord next = new WaitRecord(this);
        next.status = WaitStatus.ABORTED;
        next.setWarning(null, null);
        next.estimatedEnd = null;
        return next;
    }

    /**
     * Returns this record, updated after the status of the build's cancellation request has changed.
     *
     * @param reason why the job could not be canceled or has not been canceled yet, or null if there is no error
     */
    public WaitRecord canceling(CancelStatus newStatus, @CheckForNull String reason) {
        WaitRecord next = new WaitRecord(this);
        next.cancelStatus = newStatus;
        next.cancelError = reason;
        return next;
    }

    /**
     * Returns this record, updated after a poll that followed the build's cancellation request. If another wait for the
     * same job is in progress, that wait polls the job, and this record is returned unchanged.
     */
    public WaitRecord polledAfterCancel(MediaJob polled, Instant now) {
        if (getStatus() == WaitStatus.WAITING) {
            return this;
        }
        WaitRecord next = new WaitRecord(this);
        next.job = job.polled(polled);
        next.setPolled(polled, now);
        return next;
    }

    /** Returns this record, updated with the information that the console shows. */
    public WaitRecord showing(ConsoleLog.Shown nowShown) {
        WaitRecord next = new WaitRecord(this);
        next.shown = nowShown;
        return next;
    }

    /**
     * Returns whether the records differ only in progress, times, and the transient error. A record is not saved if
     * only these values have changed.
     */
    public boolean isInSameStatesAs(WaitRecord other) {
        return job.isInSameStatesAs(other.job)
                && isPolled() == other.isPolled()
                && getStatus() == other.getStatus()
                && cancelStatus == other.cancelStatus
                && Objects.equals(error, other.error)
                && Objects.equals(cancelError, other.cancelError);
    }

    /** Returns the job as of its last poll. */
    @Exported(merge = true, visibility = 3)
    public AmsJobResult getJob() {
        return job;
    }

    /** Returns the ID that identifies the job on the build page and in its URLs. */
    @Exported
    public String getGuid() {
        String id = job.getId();
        // job IDs of APIs other than AMS v2 contain a slash, which is not allowed in a segment of a URL path
        return hasPath()
                ? UUID.nameUUIDFromBytes((job.getAccount() + ' ' + id).getBytes(StandardCharsets.UTF_8))
                        .toString()
                : id.substring(id.lastIndexOf(':') + 1);
    }

    /** Returns the status of the wait. */
    @Exported(name = "waitStatus")
    public WaitStatus getStatus() {
        return WaitStatus.orWaiting(status);
    }

    /**
     * Returns the status of the build's cancellation request, or null if the build has not requested a cancellation.
     */
    @Exported
    @CheckForNull
    public CancelStatus getCancelStatus() {
        return cancelStatus;
    }

    /** Returns why the job could not be canceled or has not been canceled yet, or null if there is no error. */
    @Exported
    @CheckForNull
    public String getCancelError() {
        return cancelError;
    }

    /** Returns why the wait failed or why details of the job are missing, or null if neither applies. */
    @Exported
    @CheckForNull
    public String getError() {
        return error;
    }

    /** Returns the transient error that is being retried, or null if there is none. */
    @Exported
    @CheckForNull
    public String getWarning() {
        return warning;
    }

    /** Returns the time when the transient error began, or null if there is none. */
    @CheckForNull
    public Instant warningSince() {
        return warningSince;
    }

    /** Returns whether the job has been polled successfully at least once. */
    public boolean isPolled() {
        return polledAt != null;
    }

    /** Returns the time when the job was last polled successfully, or null if no poll has succeeded. */
    @CheckForNull
    public Instant polledAt() {
        return instant(polledAt);
    }

    /** Returns the time when the job is expected to end, or null if there is no estimate. */
    @CheckForNull
    public Instant estimatedEnd() {
        return instant(estimatedEnd);
    }

    /**
     * Returns the time when a poll first found the job in the Scheduled state, or null if no poll has found the job in
     * this state. The service itself records this time only for tasks.
     */
    @CheckForNull
    public Instant scheduledSeen() {
        return instant(scheduledSeen);
    }

    /** Returns the information that the console has shown so far. */
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
