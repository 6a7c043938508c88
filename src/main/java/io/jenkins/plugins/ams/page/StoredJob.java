/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.page;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/**
 * What a build knows of one AMS job that it waits for, or waited for, at one moment. Never changes: every look makes
 * another one, so that a page can be rendered and the build be saved at any time. Names and messages are on one line and
 * without control characters, which also are what XML cannot hold; they are escaped where they are shown.
 *
 * @since TODO
 */
@ExportedBean(defaultVisibility = 2)
@Restricted(NoExternalUse.class)
public final class StoredJob {

    /** What became of the build's wait, which is not the same as what became of the job. */
    public enum WaitStatus {
        /** The build waits, or was cut off while it did. */
        WAITING,
        /** The job reached a terminal state. */
        ENDED,
        /** The wait's own time limit passed. */
        TIMED_OUT,
        /** The service does not know the job. */
        JOB_NOT_FOUND,
        /** The job could not be looked at. */
        FAILED,
        /** The build, or the branch of it that waited, was aborted. */
        ABORTED
    }

    /** What became of the build's request to cancel the job, by what the service said or a poll showed. */
    public enum CancelStatus {
        /** The outcome is not known yet. */
        REQUESTED,
        /** The service cancels the job. */
        ACCEPTED,
        /** The job had ended, or was being canceled already. */
        NOT_NEEDED,
        /** The job could not be canceled. */
        FAILED
    }

    /** Times beyond are no times, and would overflow what is reckoned with them. */
    private static final Instant MAX_INSTANT = Instant.parse("9999-12-31T23:59:59Z");

    private final String id;
    private String account;
    private String name = "";
    private Integer stateNumber = JobState.UNKNOWN.ordinal();

    /** The service's own word for a state that is not documented; null for one that is. */
    private String stateText;

    private double progress;
    /** Milliseconds since the epoch, as are all times: Jenkins persists no {@code Instant}. Null for none. */
    private Long created;

    private Long scheduledSeen;
    private Long startTime;
    private Long endTime;
    private long runningDuration;

    /** When the job was last looked at; null if it never was. */
    private Long polledAt;

    private Long estimatedEnd;
    private List<StoredTask> tasks = new ArrayList<>();
    private List<StoredAsset> outputAssets = new ArrayList<>();
    private WaitStatus waitStatus = WaitStatus.WAITING;
    private String error;

    /** Null as long as the service was not asked. */
    private CancelStatus cancelStatus;

    /** Why the job could not be canceled, or not yet; null if there is nothing to say. */
    private String cancelError;

    /** Not persisted: a wait that goes on after a restart meets the fault anew, or does not. */
    private transient String warning;

    private transient Instant warningSince;

    private StoredJob(String id) {
        this.id = text(id);
    }

    /** Keeps what can be shown of data that was cut off, edited or written by another version. */
    private Object readResolve() {
        StoredJob read = copy();
        read.name = text(name);
        read.progress = percent(progress);
        read.runningDuration = Math.max(0, runningDuration);
        read.tasks = present(tasks, StoredTask.class);
        read.outputAssets = present(outputAssets, StoredAsset.class);
        read.waitStatus = waitStatus == null ? WaitStatus.WAITING : waitStatus;
        return read;
    }

    /** Returns the elements of a stored list that are there and of the right type; a list that is missing is empty. */
    static <T> ArrayList<T> present(List<?> stored, Class<T> type) {
        ArrayList<T> present = new ArrayList<>();
        if (stored != null) {
            stored.stream().filter(type::isInstance).map(type::cast).forEach(present::add);
        }
        return present;
    }

    /** Returns a stored text; one that is missing is empty. */
    static String text(String stored) {
        return stored == null ? "" : stored;
    }

    /** Returns the state of a stored number; one that is missing is unknown. */
    static JobState state(Integer stored) {
        JobState[] states = JobState.values();
        return stored == null || stored < 0 || stored >= states.length ? JobState.UNKNOWN : states[stored];
    }

    /** Returns a stored percentage between 0 and 100; what is no number is 0. */
    static double percent(double stored) {
        return Double.isNaN(stored) ? 0 : Math.max(0, Math.min(100, stored));
    }

    /** @param account null if it is not known */
    static StoredJob waiting(JobId id, String account) {
        StoredJob job = new StoredJob(id.value());
        job.account = account;
        return job;
    }

    /**
     * Whether this is the job of an id and an account. Ids of AMS v2 are unique in the world, those of other APIs in their
     * account.
     *
     * @param otherAccount null if it is not known
     */
    boolean is(String otherId, String otherAccount) {
        boolean unique = id.indexOf('/') < 0;
        return id.equals(otherId)
                && (unique || account == null || otherAccount == null || account.equals(otherAccount));
    }

    /** The build waits for it again: after a restart, or by another step. */
    StoredJob waitingAgain(String otherAccount) {
        StoredJob next = copy();
        next.account = otherAccount == null ? account : otherAccount;
        next.waitStatus = WaitStatus.WAITING;
        next.error = null;
        next.cancelStatus = null;
        next.cancelError = null;
        return next;
    }

    /** A look at the job brought this. */
    StoredJob polled(MediaJob seen, List<MediaTask> seenTasks, JobProgress reached, Instant now) {
        StoredJob next = copy();
        next.see(seen, seenTasks, reached, now);
        next.waitStatus = WaitStatus.WAITING;
        next.error = null;
        next.setWarning(null, null);
        return next;
    }

    /** The service is in trouble, and the wait rides it through. */
    StoredJob failing(String text, Instant now) {
        StoredJob next = copy();
        next.setWarning(text, now);
        return next;
    }

    /** The wait is over. */
    StoredJob ended(WaitOutcome outcome, Instant now) {
        StoredJob next = copy();
        next.setWarning(null, null);
        next.estimatedEnd = null;
        if (outcome instanceof WaitOutcome.Completed ended) {
            next.see(ended.job(), ended.tasks(), JobProgress.of(ended.job(), ended.tasks(), now), now);
            next.outputAssets = new ArrayList<>();
            ended.outputAssets().forEach(asset -> next.outputAssets.add(new StoredAsset(asset)));
            next.waitStatus = WaitStatus.ENDED;
            next.error = ended.detailsError() == null
                    ? null
                    : Messages.ConsoleLog_noDetails(ErrorMessages.of(ended.detailsError()));
        } else if (outcome instanceof WaitOutcome.JobNotFound unknown) {
            next.waitStatus = WaitStatus.JOB_NOT_FOUND;
            next.error = ConsoleLog.jobNotFound(new JobId(id), unknown);
        } else if (outcome instanceof WaitOutcome.Failed refused) {
            next.waitStatus = WaitStatus.FAILED;
            next.error = ErrorMessages.failure(refused.cause());
        } else {
            next.waitStatus = WaitStatus.TIMED_OUT;
        }
        return next;
    }

    /** The build was aborted. */
    StoredJob aborted() {
        StoredJob next = copy();
        next.waitStatus = WaitStatus.ABORTED;
        next.setWarning(null, null);
        next.estimatedEnd = null;
        return next;
    }

    /**
     * Something is known of the build's request to cancel the job.
     *
     * @param error why the job could not be canceled, or not yet; null if there is nothing to say
     */
    public StoredJob canceling(CancelStatus status, String error) {
        StoredJob next = copy();
        next.cancelStatus = status;
        next.cancelError = error;
        return next;
    }

    /** The job was polled after the build's request to cancel it; another wait for it, if there is one, polls itself. */
    public StoredJob polledAfterwards(MediaJob seen, Instant now) {
        if (waitStatus == WaitStatus.WAITING) {
            return this;
        }
        StoredJob next = copy();
        next.see(seen, now);
        return next;
    }

    /** Whether nothing but progress and times is different: nothing that is worth saving the build for. */
    boolean isInSameStatesAs(StoredJob other) {
        boolean same = state() == other.state()
                && Objects.equals(stateText, other.stateText)
                && (polledAt == null) == (other.polledAt == null)
                && waitStatus == other.waitStatus
                && cancelStatus == other.cancelStatus
                && Objects.equals(cancelError, other.cancelError)
                && tasks.size() == other.tasks.size()
                && outputAssets.size() == other.outputAssets.size();
        for (int i = 0; same && i < tasks.size(); i++) {
            same = tasks.get(i).state() == other.tasks.get(i).state();
        }
        return same;
    }

    /** {@code nb:jid:UUID:<guid>} of AMS v2, {@code transform/job} of the other APIs. */
    @Exported(visibility = 3)
    public String getId() {
        return id;
    }

    /** What tells the job apart on the build's page and in the addresses below that. */
    @Exported
    public String getGuid() {
        // what another API calls a job fits into no URL
        return id.indexOf('/') < 0
                ? id.substring(id.lastIndexOf(':') + 1)
                : UUID.nameUUIDFromBytes((account + ' ' + id).getBytes(StandardCharsets.UTF_8))
                        .toString();
    }

    /** The job's name; empty before the first look, and if it has none. */
    @Exported(visibility = 3)
    public String getName() {
        return name;
    }

    /** The job's state, in the service's word; null before the first look. */
    @Exported(visibility = 3)
    public String getState() {
        if (polledAt == null) {
            return null;
        }
        return stateText == null ? state().label() : stateText;
    }

    /** 0 to 100 over all tasks. */
    @Exported(visibility = 3)
    public double getProgress() {
        return progress;
    }

    /** The name of the AMS account. */
    @Exported
    public String getAccount() {
        return account;
    }

    /** When the job was created, ISO 8601 in UTC; null if the service did not say. */
    @Exported
    public String getCreated() {
        return iso(instant(created));
    }

    /** When its first task started; null before. */
    @Exported
    public String getStartTime() {
        return iso(instant(startTime));
    }

    /** When it ended; null before. */
    @Exported
    public String getEndTime() {
        return iso(instant(endTime));
    }

    /** Execution time in milliseconds; 0 until it is known. */
    @Exported
    public long getRunningDuration() {
        return runningDuration;
    }

    /** The tasks, in the service's order; empty before the job was first seen Processing. */
    @Exported
    public List<StoredTask> getTasks() {
        return List.copyOf(tasks);
    }

    /** Why tasks failed, over all tasks. */
    @Exported
    public List<StoredError> getErrors() {
        return tasks.stream().flatMap(task -> task.getErrors().stream()).toList();
    }

    /** What the job wrote; known once it has ended. */
    @Exported
    public List<StoredAsset> getOutputAssets() {
        return List.copyOf(outputAssets);
    }

    /** What became of the build's wait. */
    @Exported
    public String getWaitStatus() {
        return waitStatus.name();
    }

    /** What became of the request to cancel the job; null if there was none. */
    @Exported
    public String getCancelStatus() {
        return cancelStatus == null ? null : cancelStatus.name();
    }

    /** Why the job could not be canceled, or not yet; null if there is nothing to say. */
    @Exported
    public String getCancelError() {
        return cancelError;
    }

    /** Why the wait ended without the job, or why not all is known of the job; null if there is nothing to say. */
    @Exported
    public String getError() {
        return error;
    }

    /** The trouble of the service that the wait rides through at the moment; null if there is none. */
    @Exported
    public String getWarning() {
        return warning;
    }

    JobState state() {
        return state(stateNumber);
    }

    WaitStatus waitStatus() {
        return waitStatus;
    }

    CancelStatus cancelStatus() {
        return cancelStatus;
    }

    /** When the trouble began; null if there is none. */
    Instant warningSince() {
        return warningSince;
    }

    Instant created() {
        return instant(created);
    }

    /** When a look first found the job Scheduled: the service keeps that of tasks only. */
    Instant scheduledSeen() {
        return instant(scheduledSeen);
    }

    Instant started() {
        return instant(startTime);
    }

    Instant ended() {
        return instant(endTime);
    }

    Instant polledAt() {
        return instant(polledAt);
    }

    Instant estimatedEnd() {
        return instant(estimatedEnd);
    }

    /** The time in milliseconds if it is one that can be reckoned with; null otherwise. */
    static Long millis(Instant time) {
        return isPlausible(time) ? time.toEpochMilli() : null;
    }

    static Instant instant(Long millis) {
        Instant time = millis == null ? null : Instant.ofEpochMilli(millis);
        return isPlausible(time) ? time : null;
    }

    private static boolean isPlausible(Instant time) {
        return time != null && !time.isAfter(MAX_INSTANT) && !time.isBefore(Instant.EPOCH);
    }

    static String iso(Instant time) {
        return time == null ? null : time.toString();
    }

    private void see(MediaJob seen, List<MediaTask> seenTasks, JobProgress reached, Instant now) {
        see(seen, now);
        progress = seen.state() == JobState.FINISHED ? 100 : reached.percent();
        estimatedEnd = millis(reached.end());
        tasks = new ArrayList<>();
        seenTasks.forEach(task -> tasks.add(new StoredTask(task)));
    }

    private void see(MediaJob seen, Instant now) {
        name = ConsoleLog.plain(seen.name());
        stateNumber = seen.state().ordinal();
        stateText = seen.state() == JobState.UNKNOWN ? ConsoleLog.plain(seen.stateLabel()) : null;
        created = millis(seen.created());
        if (scheduledSeen == null && seen.state() == JobState.SCHEDULED) {
            scheduledSeen = millis(now);
        }
        startTime = millis(seen.startTime());
        endTime = millis(seen.endTime());
        runningDuration = seen.runningDuration().toMillis();
        polledAt = millis(now);
    }

    private void setWarning(String text, Instant now) {
        if (text == null) {
            warningSince = null;
        } else if (warning == null) {
            warningSince = now;
        }
        warning = text;
    }

    private StoredJob copy() {
        StoredJob copy = new StoredJob(id);
        copy.account = account;
        copy.name = name;
        copy.stateNumber = stateNumber;
        copy.stateText = stateText;
        copy.progress = progress;
        copy.created = created;
        copy.scheduledSeen = scheduledSeen;
        copy.startTime = startTime;
        copy.endTime = endTime;
        copy.runningDuration = runningDuration;
        copy.polledAt = polledAt;
        copy.estimatedEnd = estimatedEnd;
        copy.tasks = tasks;
        copy.outputAssets = outputAssets;
        copy.waitStatus = waitStatus;
        copy.error = error;
        copy.cancelStatus = cancelStatus;
        copy.cancelError = cancelError;
        copy.warning = warning;
        copy.warningSince = warningSince;
        return copy;
    }
}
