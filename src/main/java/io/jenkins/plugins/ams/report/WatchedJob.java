/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.report;

import io.jenkins.plugins.ams.account.FaultText;
import io.jenkins.plugins.ams.service.Job;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.Task;
import io.jenkins.plugins.ams.watch.Outcome;
import io.jenkins.plugins.ams.watch.Progress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
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
public final class WatchedJob {

    /** What became of the build's wait, which is not the same as what became of the job. */
    public enum Wait {
        /** The build waits, or was cut off while it did. */
        WAITING,
        /** The job reached a terminal state. */
        ENDED,
        /** The wait's own time limit passed. */
        TIMED_OUT,
        /** The service does not know the job. */
        UNKNOWN_JOB,
        /** The job could not be looked at. */
        REFUSED,
        /** The build, or the branch of it that waited, was aborted. */
        ABORTED
    }

    /** What became of the build's request to cancel the job, by what the service said or a poll showed. */
    public enum Cancel {
        /** The outcome is not known yet. */
        ASKED,
        /** The service cancels the job. */
        ACCEPTED,
        /** The job had ended, or was being canceled already. */
        NEEDLESS,
        /** The job could not be canceled. */
        FAILED
    }

    /** Times beyond are no times, and would overflow what is reckoned with them. */
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    private final String id;
    private String account;
    private String name = "";
    private Integer stateNumber = JobState.UNKNOWN.number();

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
    private Long lookedAt;

    private Long estimatedEnd;
    private List<WatchedTask> tasks = new ArrayList<>();
    private List<WatchedAsset> outputAssets = new ArrayList<>();
    private Wait wait = Wait.WAITING;
    private String fault;

    /** Null as long as the service was not asked. */
    private Cancel cancel;

    /** Why the job could not be canceled, or not yet; null if there is nothing to say. */
    private String cancelError;

    /** Not persisted: a wait that goes on after a restart meets the fault anew, or does not. */
    private transient String trouble;

    private transient Instant troubledSince;

    private WatchedJob(String id) {
        this.id = text(id);
    }

    /** Keeps what can be shown of data that was cut off, edited or written by another version. */
    private Object readResolve() {
        WatchedJob read = copy();
        read.name = text(name);
        read.progress = percent(progress);
        read.runningDuration = Math.max(0, runningDuration);
        read.tasks = present(tasks, WatchedTask.class);
        read.outputAssets = present(outputAssets, WatchedAsset.class);
        read.wait = wait == null ? Wait.WAITING : wait;
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
        return stored == null ? JobState.UNKNOWN : JobState.of(stored);
    }

    /** Returns a stored percentage between 0 and 100; what is no number is 0. */
    static double percent(double stored) {
        return Double.isNaN(stored) ? 0 : Math.max(0, Math.min(100, stored));
    }

    /** @param account null if it is not known */
    static WatchedJob waiting(JobId id, String account) {
        WatchedJob job = new WatchedJob(id.value());
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
    WatchedJob waitingAgain(String otherAccount) {
        WatchedJob next = copy();
        next.account = otherAccount == null ? account : otherAccount;
        next.wait = Wait.WAITING;
        next.fault = null;
        next.cancel = null;
        next.cancelError = null;
        return next;
    }

    /** A look at the job brought this. */
    WatchedJob looked(Job seen, List<Task> seenTasks, Progress reached, Instant now) {
        WatchedJob next = copy();
        next.see(seen, seenTasks, reached, now);
        next.wait = Wait.WAITING;
        next.fault = null;
        next.setTrouble(null, null);
        return next;
    }

    /** The service is in trouble, and the wait rides it through. */
    WatchedJob troubled(String text, Instant now) {
        WatchedJob next = copy();
        next.setTrouble(text, now);
        return next;
    }

    /** The wait is over. */
    WatchedJob ended(Outcome outcome, Instant now) {
        WatchedJob next = copy();
        next.setTrouble(null, null);
        next.estimatedEnd = null;
        if (outcome instanceof Outcome.Ended ended) {
            next.see(ended.job(), ended.tasks(), Progress.of(ended.job(), ended.tasks(), now), now);
            next.outputAssets = new ArrayList<>();
            ended.outputAssets().forEach(asset -> next.outputAssets.add(new WatchedAsset(asset)));
            next.wait = Wait.ENDED;
            next.fault = ended.missing() == null ? null : Messages.ConsoleLog_noDetails(FaultText.of(ended.missing()));
        } else if (outcome instanceof Outcome.Unknown unknown) {
            next.wait = Wait.UNKNOWN_JOB;
            next.fault = Verdict.unknownJob(new JobId(id), unknown);
        } else if (outcome instanceof Outcome.Refused refused) {
            next.wait = Wait.REFUSED;
            next.fault = FaultText.finalFault(refused.cause());
        } else {
            next.wait = Wait.TIMED_OUT;
        }
        return next;
    }

    /** The build was aborted. */
    WatchedJob aborted() {
        WatchedJob next = copy();
        next.wait = Wait.ABORTED;
        next.setTrouble(null, null);
        next.estimatedEnd = null;
        return next;
    }

    /**
     * Something is known of the build's request to cancel the job.
     *
     * @param error why the job could not be canceled, or not yet; null if there is nothing to say
     */
    WatchedJob canceling(Cancel status, String error) {
        WatchedJob next = copy();
        next.cancel = status;
        next.cancelError = error;
        return next;
    }

    /** The job was polled after the build's request to cancel it; another wait for it, if there is one, polls itself. */
    WatchedJob polledAfterwards(Job seen, Instant now) {
        if (wait == Wait.WAITING) {
            return this;
        }
        WatchedJob next = copy();
        next.see(seen, now);
        return next;
    }

    /** Whether nothing but progress and times is different: nothing that is worth saving the build for. */
    boolean isInSameStatesAs(WatchedJob other) {
        boolean same = state() == other.state()
                && Objects.equals(stateText, other.stateText)
                && (lookedAt == null) == (other.lookedAt == null)
                && wait == other.wait
                && cancel == other.cancel
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
        if (lookedAt == null) {
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
    public List<WatchedTask> getTasks() {
        return List.copyOf(tasks);
    }

    /** Why tasks failed, over all tasks. */
    @Exported
    public List<WatchedError> getErrors() {
        return tasks.stream().flatMap(task -> task.getErrors().stream()).toList();
    }

    /** What the job wrote; known once it has ended. */
    @Exported
    public List<WatchedAsset> getOutputAssets() {
        return List.copyOf(outputAssets);
    }

    /** What became of the build's wait. */
    @Exported
    public String getWait() {
        return wait.name();
    }

    /** What became of the request to cancel the job; null if there was none. */
    @Exported
    public String getCancel() {
        return cancel == null ? null : cancel.name();
    }

    /** Why the job could not be canceled, or not yet; null if there is nothing to say. */
    @Exported
    public String getCancelError() {
        return cancelError;
    }

    /** Why the wait ended without the job, or why not all is known of the job; null if there is nothing to say. */
    @Exported
    public String getFault() {
        return fault;
    }

    /** The trouble of the service that the wait rides through at the moment; null if there is none. */
    @Exported
    public String getTrouble() {
        return trouble;
    }

    JobState state() {
        return state(stateNumber);
    }

    Wait waited() {
        return wait;
    }

    Cancel cancel() {
        return cancel;
    }

    /** When the trouble began; null if there is none. */
    Instant troubledSince() {
        return troubledSince;
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

    Instant lookedAt() {
        return instant(lookedAt);
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
        return time != null && !time.isAfter(LATEST) && !time.isBefore(Instant.EPOCH);
    }

    static String iso(Instant time) {
        return time == null ? null : time.toString();
    }

    private void see(Job seen, List<Task> seenTasks, Progress reached, Instant now) {
        see(seen, now);
        progress = seen.state() == JobState.FINISHED ? 100 : reached.percent();
        estimatedEnd = millis(reached.end());
        tasks = new ArrayList<>();
        seenTasks.forEach(task -> tasks.add(new WatchedTask(task)));
    }

    private void see(Job seen, Instant now) {
        name = ConsoleLog.plain(seen.name());
        stateNumber = seen.state().number();
        stateText = seen.state() == JobState.UNKNOWN ? ConsoleLog.plain(seen.stateLabel()) : null;
        created = millis(seen.created());
        if (scheduledSeen == null && seen.state() == JobState.SCHEDULED) {
            scheduledSeen = millis(now);
        }
        startTime = millis(seen.startTime());
        endTime = millis(seen.endTime());
        runningDuration = seen.runningDuration().toMillis();
        lookedAt = millis(now);
    }

    private void setTrouble(String text, Instant now) {
        if (text == null) {
            troubledSince = null;
        } else if (trouble == null) {
            troubledSince = now;
        }
        trouble = text;
    }

    private WatchedJob copy() {
        WatchedJob copy = new WatchedJob(id);
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
        copy.lookedAt = lookedAt;
        copy.estimatedEnd = estimatedEnd;
        copy.tasks = tasks;
        copy.outputAssets = outputAssets;
        copy.wait = wait;
        copy.fault = fault;
        copy.cancel = cancel;
        copy.cancelError = cancelError;
        copy.trouble = trouble;
        copy.troubledSince = troubledSince;
        return copy;
    }
}
