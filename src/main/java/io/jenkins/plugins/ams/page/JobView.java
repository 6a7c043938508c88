/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.page;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.ams.console.DurationText;
import io.jenkins.plugins.ams.console.ErrorMessages;
import io.jenkins.plugins.ams.console.JobText;
import io.jenkins.plugins.ams.result.AmsAssetResult;
import io.jenkins.plugins.ams.result.AmsErrorResult;
import io.jenkins.plugins.ams.result.AmsJobResult;
import io.jenkins.plugins.ams.result.CancelStatus;
import io.jenkins.plugins.ams.result.WaitRecord;
import io.jenkins.plugins.ams.result.WaitStatus;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * A job as shown on a page, at a point in time and in the user's language. Strings are not escaped; the views escape
 * them.
 */
@Restricted(NoExternalUse.class)
public final class JobView {

    private final WaitRecord wait;
    private final AmsJobResult job;
    private final int index;
    private final boolean live;
    private final Instant now;
    private boolean open;
    private boolean cancelable;

    /**
     * Creates the view of a job at a point in time.
     *
     * @param index the job's position in the build
     * @param building whether the build is running
     */
    JobView(WaitRecord wait, int index, boolean building, Instant now) {
        this.wait = wait;
        this.job = wait.getJob();
        this.index = index;
        this.live = building && wait.getStatus() == WaitStatus.WAITING;
        this.now = now;
    }

    /** Expands the job's details when the page is loaded. */
    void open() {
        open = true;
    }

    /**
     * Shows the button that cancels the job, if the job can be canceled. The caller must check that the user may cancel
     * the build.
     */
    void offerCancellation() {
        cancelable = live && WaitEntry.isCancelable(wait);
    }

    /** Returns whether the user can cancel the job. */
    public boolean isCancelable() {
        return cancelable;
    }

    public String getCancelText() {
        return Messages.JobView_cancel();
    }

    /** Returns the title of the confirmation dialog, which also shows the job's name. */
    public String getCancelQuestion() {
        return Messages.JobView_cancelQuestion();
    }

    public AmsJobResult getJob() {
        return job;
    }

    public WaitRecord getWait() {
        return wait;
    }

    /** Returns the URL of the web page that shows the job outside Jenkins, or null if the account has no such pages. */
    @CheckForNull
    public String getJobPageUrl() {
        return LinkedJob.urlOf(job);
    }

    /** Returns the ID that identifies the job on this page and in its URLs. */
    public String getGuid() {
        return wait.getGuid();
    }

    /** Returns the job's position in the build. */
    public int getIndex() {
        return index;
    }

    /** Returns the job's name, or its ID if it has no name. */
    public String getName() {
        return job.getName().isEmpty() ? job.getId() : job.getName();
    }

    /** Returns the service's name for the state, or a localized description if the job has never been polled. */
    public String getState() {
        if (job.getState() != null) {
            return job.getState();
        } else if (live) {
            return Messages.JobView_notPolled();
        }
        return wait.getStatus() == WaitStatus.JOB_NOT_FOUND
                ? Messages.JobView_notFound()
                : Messages.JobView_stateUnknown();
    }

    /** Returns the key that identifies the state in URLs. The key does not depend on the language. */
    String getStateKey() {
        if (job.getState() != null) {
            return job.getState();
        } else if (live) {
            return "notPolled";
        }
        return wait.getStatus() == WaitStatus.JOB_NOT_FOUND ? "notFound" : "unknown";
    }

    /** Returns the position of the job's state in the list of states. Jobs that have never been polled come last. */
    int stateOrder() {
        return job.getState() == null ? Integer.MAX_VALUE : job.state().ordinal();
    }

    /** Returns whether the build is still waiting for the job. */
    public boolean isLive() {
        return live;
    }

    /** Returns whether the details are expanded when the page is loaded. */
    public boolean isOpen() {
        return open;
    }

    /** Returns the progress in percent, rounded down. */
    public int getPercent() {
        return (int) job.getProgress();
    }

    /** Returns the localized progress. */
    public String getPercentText() {
        return Messages.JobView_percent(getPercent());
    }

    public Timeline getTimeline() {
        return Timeline.of(wait, live ? now : wait.polledAt());
    }

    @CheckForNull
    public Date getCreated() {
        return date(job.created());
    }

    @CheckForNull
    public Date getStarted() {
        return date(job.started());
    }

    @CheckForNull
    public Date getEnded() {
        return date(job.ended());
    }

    /**
     * Returns the localized duration from the job's creation to the start of its first task, or until now if no task
     * has started. Returns null if the duration is unknown.
     */
    @CheckForNull
    public String getQueuedFor() {
        return span(job.created(), job.started() == null ? end() : job.started());
    }

    /**
     * Returns the localized duration from the start of the first task to the job's end, or until now if the job has not
     * ended. Returns null if no task has started.
     */
    @CheckForNull
    public String getRunningFor() {
        return span(job.started(), end());
    }

    /**
     * Returns the localized duration from the job's creation to its end, or until now if the job has not ended. Returns
     * null if the duration is unknown.
     */
    @CheckForNull
    public String getWhole() {
        return span(job.created(), end());
    }

    /** Returns the localized execution time, or null if it is unknown. */
    @CheckForNull
    public String getExecution() {
        return job.getRunningDuration() == 0 ? null : DurationText.of(Duration.ofMillis(job.getRunningDuration()));
    }

    /** Returns the localized estimate of the remaining time, or null if there is no estimate. */
    @CheckForNull
    public String getRemaining() {
        Instant end = wait.estimatedEnd();
        return live && end != null ? Messages.JobView_remaining(DurationText.about(Duration.between(now, end))) : null;
    }

    /** Returns why the wait ended before the job did, or null if the build is still waiting or the job has ended. */
    @CheckForNull
    public String getProblem() {
        return switch (wait.getStatus()) {
            case FINISHED, ERROR, CANCELED -> null;
            case WAITING -> live ? null : Messages.JobView_buildEnded();
            case TIMED_OUT -> withCancel(Messages.JobView_timedOut());
            case ABORTED -> withCancel(Messages.JobView_aborted());
            case JOB_NOT_FOUND, FAILED -> wait.getError();
        };
    }

    /**
     * Returns the transient error of a wait in progress, or why details of an ended job are missing. Returns null if
     * neither applies.
     */
    @CheckForNull
    public String getWarning() {
        if (live) {
            return wait.getWarning();
        }
        return wait.getStatus().isJobEnded() ? wait.getError() : null;
    }

    /** Returns the time when the transient error began, or null if there is none. */
    @CheckForNull
    public Date getWarningSince() {
        return live ? date(wait.warningSince()) : null;
    }

    /**
     * Returns the cancellation status while the build is waiting. Returns null if it is not waiting, or if no
     * cancellation was requested.
     */
    @CheckForNull
    public String getCancelNotice() {
        CancelStatus status = wait.getCancelStatus();
        return live && status != null ? cancelNotice(status) : null;
    }

    /**
     * Returns the problem for the build page or, if there is no problem, the cancellation status and the warning.
     * Returns null if there is nothing to report. The reason for a failed build is omitted, because Jenkins already
     * shows it on that page.
     */
    @CheckForNull
    public String getNotice() {
        boolean isShownByCore = wait.getStatus() == WaitStatus.JOB_NOT_FOUND || wait.getStatus() == WaitStatus.FAILED;
        if (isShownByCore) {
            return null;
        }
        String problem = getProblem();
        if (problem != null) {
            return problem;
        }
        String notices = Stream.of(getCancelNotice(), getWarning())
                .filter(Objects::nonNull)
                .collect(Collectors.joining(" "));
        return notices.isEmpty() ? null : notices;
    }

    /**
     * Returns the error's category and retry advice in parentheses, to be appended to the error's message. Returns an
     * empty string if the service provides neither.
     */
    public String more(AmsErrorResult error) {
        return JobText.advice(error.getCategory(), error.getRetry());
    }

    /**
     * Returns the URI of an asset if a page can safely link to it, or null otherwise. The service supplies the URI, so
     * only plain HTTPS URIs become links. A {@code javascript:} URI would run in the user's session, and a URI with a
     * user name can disguise its host.
     */
    @CheckForNull
    public String link(AmsAssetResult asset) {
        if (asset.getUri() == null) {
            return null;
        }
        try {
            URI uri = new URI(asset.getUri());
            boolean isPlain =
                    "https".equalsIgnoreCase(uri.getScheme()) && uri.getHost() != null && uri.getUserInfo() == null;
            return isPlain ? uri.toASCIIString() : null;
        } catch (URISyntaxException e) {
            return null;
        }
    }

    /** Returns the sort order on a page: jobs that need attention come first, followed by running jobs. */
    int urgency() {
        if (isInNeed()) {
            return 0;
        }
        return live ? 1 : 2;
    }

    /**
     * Returns whether the job needs attention because it failed or was canceled, or because the wait ended before the
     * job did.
     */
    boolean isInNeed() {
        return wait.getStatus() != WaitStatus.FINISHED && !live;
    }

    /**
     * Appends the status of the build's cancellation request, if any, to a description of a problem. If the job has
     * since ended, its final state is also appended.
     */
    private String withCancel(String problem) {
        CancelStatus status = wait.getCancelStatus();
        if (status == null) {
            return problem;
        }
        if (!job.state().isTerminal()) {
            return problem + ' ' + cancelNotice(status);
        }
        String end = Messages.JobView_endedSince(job.getState());
        // the service is no longer canceling a job that has ended
        return problem + ' ' + (status == CancelStatus.ACCEPTED ? end : cancelNotice(status) + ' ' + end);
    }

    private String cancelNotice(CancelStatus status) {
        String error = wait.getCancelError();
        return switch (status) {
            case REQUESTED ->
                error == null
                        ? Messages.JobView_cancelRequested()
                        : Messages.JobView_cancelRetried(ErrorMessages.withoutFullStop(error));
            case ACCEPTED -> Messages.JobView_cancelAccepted();
            case NOT_NEEDED -> Messages.JobView_cancelNotNeeded();
            case FAILED ->
                error == null
                        ? Messages.JobView_cancelFailed()
                        : Messages.JobView_cancelFailedBecause(ErrorMessages.withoutFullStop(error));
        };
    }

    /**
     * Returns the time up to which durations are measured. This is the job's end if the job has ended, the current time
     * if the build is still waiting, and otherwise the time of the last poll.
     */
    private Instant end() {
        if (job.ended() != null) {
            return job.ended();
        }
        return live ? now : wait.polledAt();
    }

    @CheckForNull
    private static String span(@CheckForNull Instant from, @CheckForNull Instant until) {
        return from == null || until == null ? null : DurationText.of(Duration.between(from, until));
    }

    @CheckForNull
    private static Date date(@CheckForNull Instant time) {
        return time == null ? null : Date.from(time);
    }
}
