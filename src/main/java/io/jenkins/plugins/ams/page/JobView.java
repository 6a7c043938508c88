/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.page;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.ams.console.DurationText;
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
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** A job as a page shows it at one moment, in the reader's language. Texts are plain; the views escape them. */
@Restricted(NoExternalUse.class)
public final class JobView {

    private final WaitRecord wait;
    private final AmsJobResult job;
    private final int index;
    private final boolean live;
    private final Instant now;
    private boolean open;

    /**
     * Creates the view of a job.
     *
     * @param index the position among the jobs of the build
     * @param building whether the build runs
     */
    JobView(WaitRecord wait, int index, boolean building, Instant now) {
        this.wait = wait;
        this.job = wait.getJob();
        this.index = index;
        this.live = building && wait.getStatus() == WaitStatus.WAITING;
        this.now = now;
    }

    /** Shows the details without a click. */
    void open() {
        open = true;
    }

    public AmsJobResult getJob() {
        return job;
    }

    public WaitRecord getWait() {
        return wait;
    }

    /** Returns what identifies the job on this page and in its URLs. */
    public String getGuid() {
        return wait.getGuid();
    }

    /** Returns the position among the jobs of the build. */
    public int getIndex() {
        return index;
    }

    /** Returns the job's name, or its ID if it has none. */
    public String getName() {
        return job.getName().isEmpty() ? job.getId() : job.getName();
    }

    /** Returns the state in the service's word, or a word of the plugin for a job that was never polled. */
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

    /** Returns the state as it is used in URLs, which is the same in every language. */
    String getStateKey() {
        if (job.getState() != null) {
            return job.getState();
        } else if (live) {
            return "notPolled";
        }
        return wait.getStatus() == WaitStatus.JOB_NOT_FOUND ? "notFound" : "unknown";
    }

    /** Returns the place of the state among all states, for sorting. */
    int stateOrder() {
        return job.getState() == null ? Integer.MAX_VALUE : job.state().ordinal();
    }

    /** Returns whether the build is waiting for the job. */
    public boolean isLive() {
        return live;
    }

    /** Returns whether the details are shown without a click. */
    public boolean isOpen() {
        return open;
    }

    /** Returns the progress in whole percent. */
    public int getPercent() {
        return (int) job.getProgress();
    }

    /** Returns the progress in words. */
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

    /** Returns the time from the job's creation until its first task started; null while that is not known. */
    @CheckForNull
    public String getQueuedFor() {
        return span(job.created(), job.started() == null ? end() : job.started());
    }

    /** Returns the time from the start of the first task until the job ended, or until now; null if it did not start. */
    @CheckForNull
    public String getRunningFor() {
        return span(job.started(), end());
    }

    /** Returns the time from the job's creation until it ended, or until now. */
    @CheckForNull
    public String getWhole() {
        return span(job.created(), end());
    }

    /** Returns the execution time in words; null until it is known. */
    @CheckForNull
    public String getExecution() {
        return job.getRunningDuration() == 0 ? null : DurationText.of(Duration.ofMillis(job.getRunningDuration()));
    }

    /** Returns an estimate of the time until the job ends, in words; null if there is none. */
    @CheckForNull
    public String getRemaining() {
        Instant end = wait.estimatedEnd();
        return live && end != null ? Messages.JobView_remaining(DurationText.about(Duration.between(now, end))) : null;
    }

    /** Returns why the wait ended although the job had not; null if the build still waits, or if the job had ended. */
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

    /** Returns the transient error of a wait that continues, or which details of an ended job are missing; may be null. */
    @CheckForNull
    public String getWarning() {
        if (live) {
            return wait.getWarning();
        }
        return wait.getStatus().isJobEnded() ? wait.getError() : null;
    }

    /** Returns when the transient error began; null if there is none. */
    @CheckForNull
    public Date getWarningSince() {
        return live ? date(wait.warningSince()) : null;
    }

    /** Returns the problem or warning for the build's own page, where core itself shows why a build failed; may be null. */
    @CheckForNull
    public String getNotice() {
        boolean isShownByCore = wait.getStatus() == WaitStatus.JOB_NOT_FOUND || wait.getStatus() == WaitStatus.FAILED;
        if (isShownByCore) {
            return null;
        }
        String problem = getProblem();
        return problem == null ? getWarning() : problem;
    }

    /** Returns the category and the advice of an error in parentheses, as they follow its message; may be empty. */
    public String more(AmsErrorResult error) {
        String more = Stream.of(error.getCategory(), error.getRetry())
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(", "));
        return more.isEmpty() ? "" : " (" + more + ")";
    }

    /**
     * Returns the address of an asset if a page may link to it; null otherwise. The address comes from the service, so
     * only plain https is a link: {@code javascript:} would run in the reader's session, and an address with a user name
     * looks like another host.
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

    /** Returns the order of the jobs on a page: first those that need attention, then those that run. */
    int urgency() {
        if (isInNeed()) {
            return 0;
        }
        return live ? 1 : 2;
    }

    /** Returns whether somebody has to look at the job: it failed, or the wait ended without it. */
    boolean isInNeed() {
        return wait.getStatus() != WaitStatus.FINISHED && !live;
    }

    /** Adds what became of the build's request to cancel the job, and the state in which the job has ended since. */
    private String withCancel(String problem) {
        CancelStatus status = wait.getCancelStatus();
        if (status == null) {
            return problem;
        }
        String error = wait.getCancelError();
        String cancel =
                switch (status) {
                    case REQUESTED ->
                        error == null
                                ? Messages.JobView_cancelRequested()
                                : Messages.JobView_cancelRetried(clause(error));
                    case ACCEPTED -> Messages.JobView_cancelAccepted();
                    case NOT_NEEDED -> Messages.JobView_cancelNotNeeded();
                    case FAILED ->
                        error == null
                                ? Messages.JobView_cancelFailed()
                                : Messages.JobView_cancelFailedBecause(clause(error));
                };
        String end = job.state().isTerminal() ? ' ' + Messages.JobView_endedSince(job.getState()) : "";
        return problem + ' ' + cancel + end;
    }

    /** Returns a sentence without its full stop, which the surrounding text adds. */
    private static String clause(String sentence) {
        return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
    }

    /** Returns when durations end: when the job ended, now while the build waits, or at the last poll. */
    private Instant end() {
        if (job.ended() != null) {
            return job.ended();
        }
        return live ? now : wait.polledAt();
    }

    private static String span(Instant from, Instant until) {
        return from == null || until == null ? null : DurationText.of(Duration.between(from, until));
    }

    private static Date date(Instant time) {
        return time == null ? null : Date.from(time);
    }
}
