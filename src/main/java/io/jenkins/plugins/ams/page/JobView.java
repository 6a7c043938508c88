/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.page;

import io.jenkins.plugins.ams.console.DurationText;
import io.jenkins.plugins.ams.service.JobState;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** One job as a page shows it now, in the reader's language. Texts are plain: views escape them. */
@Restricted(NoExternalUse.class)
public final class JobView {

    private final StoredJob job;
    private final boolean live;
    private final Instant now;
    private final boolean open;

    /**
     * @param building whether the build runs
     * @param open whether all is shown, and not the head alone
     */
    JobView(StoredJob job, boolean building, Instant now, boolean open) {
        this.job = job;
        this.live = building && job.waitStatus() == StoredJob.WaitStatus.WAITING;
        this.now = now;
        this.open = open || isInNeed();
    }

    public StoredJob getJob() {
        return job;
    }

    /** What tells the job apart on this page and in its URLs. */
    public String getGuid() {
        return job.getGuid();
    }

    /** The job's name; its id where there is none. */
    public String getName() {
        return job.getName().isEmpty() ? job.getId() : job.getName();
    }

    /** The state in the service's word; a word of ours before the job was seen. */
    public String getState() {
        if (job.getState() != null) {
            return job.getState();
        }
        if (live) {
            return Messages.JobView_notPolled();
        }
        return job.waitStatus() == StoredJob.WaitStatus.JOB_NOT_FOUND
                ? Messages.JobView_notFound()
                : Messages.JobView_stateUnknown();
    }

    /** Whether the build waits for it now. */
    public boolean isLive() {
        return live;
    }

    public boolean isOpen() {
        return open;
    }

    /** Whole percents. */
    public int getPercent() {
        return (int) job.getProgress();
    }

    /** The whole percents in words. */
    public String getPercentText() {
        return Messages.JobView_percent(getPercent());
    }

    /** The picture of the job's time. */
    public Timeline getTimeline() {
        return Timeline.of(job, live ? now : job.polledAt());
    }

    public Date getCreated() {
        return date(job.created());
    }

    public Date getStarted() {
        return date(job.started());
    }

    public Date getEnded() {
        return date(job.ended());
    }

    /** From its creation until the job's first task started; null while that is not known. */
    public String getQueuedFor() {
        return span(job.created(), job.started() == null ? end() : job.started());
    }

    /** From the start of its first task until the job ended or until now; null if it did not start. */
    public String getRunningFor() {
        return span(job.started(), end());
    }

    /** From its creation until the job ended or until now. */
    public String getWhole() {
        return span(job.created(), end());
    }

    /** Execution time in words; null until it is known. */
    public String getExecution() {
        return job.getRunningDuration() == 0 ? null : DurationText.of(Duration.ofMillis(job.getRunningDuration()));
    }

    /** An estimate of the time until the job ends, in words; null if there is none. */
    public String getRemaining() {
        Instant end = job.estimatedEnd();
        return live && end != null ? Messages.JobView_remaining(DurationText.about(Duration.between(now, end))) : null;
    }

    /** Why the build does not wait any longer for a job that had not ended; null if it does, or if the job had. */
    public String getProblem() {
        return switch (job.waitStatus()) {
            case ENDED -> null;
            case WAITING -> live ? null : Messages.JobView_buildEnded();
            case TIMED_OUT -> withCancel(Messages.JobView_timedOut());
            case ABORTED -> withCancel(Messages.JobView_aborted());
            case JOB_NOT_FOUND, FAILED -> job.getError();
        };
    }

    /** What is amiss without being the end: trouble of the service, details that could not be had; null if nothing is. */
    public String getWarning() {
        if (live) {
            return job.getWarning();
        }
        return job.waitStatus() == StoredJob.WaitStatus.ENDED ? job.getError() : null;
    }

    /** When the trouble of the service began; null if there is none. */
    public Date getWarningSince() {
        return live ? date(job.warningSince()) : null;
    }

    /** What the build's own page says of these, where core tells why a build failed; null if there is nothing to say. */
    public String getNotice() {
        return switch (job.waitStatus()) {
            case JOB_NOT_FOUND, FAILED -> null;
            case WAITING, ENDED, TIMED_OUT, ABORTED -> getProblem() == null ? getWarning() : getProblem();
        };
    }

    /** For sorting: what somebody has to look at before what goes its way, and that before what went well. */
    int urgency() {
        if (isInNeed()) {
            return 0;
        }
        return live ? 1 : 2;
    }

    /** How many jobs there are in each state, in words. */
    static String counts(List<JobView> views) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (JobState state : JobState.values()) {
            views.stream()
                    .filter(view -> view.job.getState() != null && view.job.state() == state)
                    .forEach(view -> counts.merge(view.getState(), 1, Integer::sum));
        }
        views.stream()
                .filter(view -> view.job.getState() == null)
                .forEach(view -> counts.merge(view.getState(), 1, Integer::sum));
        return counts.entrySet().stream()
                .map(count -> Messages.JobView_count(count.getValue(), count.getKey()))
                .collect(Collectors.joining(", "));
    }

    /** Adds what became of the build's request to cancel the job, and of the job since. */
    private String withCancel(String problem) {
        if (job.cancelStatus() == null) {
            return problem;
        }
        String error = job.getCancelError();
        String cancel =
                switch (job.cancelStatus()) {
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

    /** A sentence without its full stop, which another text adds. */
    private static String clause(String sentence) {
        return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
    }

    private boolean isInNeed() {
        return getProblem() != null
                || job.waitStatus() == StoredJob.WaitStatus.ENDED && job.state() != JobState.FINISHED;
    }

    /** Until when times run: now while the build waits, the last look if it does not. */
    private Instant end() {
        if (job.ended() != null) {
            return job.ended();
        }
        return live ? now : job.polledAt();
    }

    private static String span(Instant from, Instant until) {
        return from == null || until == null ? null : DurationText.of(Duration.between(from, until));
    }

    private static Date date(Instant time) {
        return time == null ? null : Date.from(time);
    }
}
