/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Computes the state and details of a job at an instant from its script and the overrides of a test. */
final class JobTimeline {

    /** The ways in which a job can end. */
    enum EndKind {
        FINISHED,
        ERROR,
        CANCELED
    }

    /**
     * The end of a job, from the script or from an override.
     *
     * @param at when the job ends, or for CANCELED when the cancellation starts
     * @param task the index of the failing task, or negative for the one in progress
     * @param canceling how long the job is Canceling
     */
    record JobEnd(EndKind kind, Instant at, int task, List<JobSnapshot.Error> errors, Duration canceling) {}

    /** A state and progress from an override. */
    record ManualState(int state, Instant since, Map<Integer, Double> progress) {}

    private static final int QUEUED = 0;
    private static final int SCHEDULED = 1;
    private static final int PROCESSING = 2;
    private static final int FINISHED = 3;
    private static final int ERROR = 4;
    private static final int CANCELED = 5;
    private static final int CANCELING = 6;

    /** Ratio of RunningDuration to the time between StartTime and EndTime in recorded jobs. */
    private static final double EXECUTION_SHARE = 0.9;

    private final String id;
    private final JobScript script;
    private final Instant created;
    private final ManualState manualState;
    private final List<JobScript.TaskScript> tasks;
    private final Instant scheduledAt;
    private final Instant processedAt;
    private final Instant[] starts;
    private final Instant[] ends;
    private final JobEnd jobEnd;

    JobTimeline(String id, JobScript script, Instant created, JobEnd manualEnd, ManualState manualState) {
        this.id = id;
        this.script = script;
        this.created = created;
        this.manualState = manualState;
        this.tasks = script.tasks();
        this.scheduledAt = created.plus(script.queued);
        this.processedAt = scheduledAt.plus(script.scheduled);
        this.starts = new Instant[tasks.size()];
        this.ends = new Instant[tasks.size()];
        Instant last = processedAt;
        Instant start = processedAt;
        for (int i = 0; i < starts.length; i++) {
            starts[i] = start;
            ends[i] = start.plus(tasks.get(i).processing());
            last = later(last, ends[i]);
            start = script.parallel ? start : ends[i];
        }
        this.jobEnd = manualEnd != null ? manualEnd : scriptedEnd(last);
    }

    private JobEnd scriptedEnd(Instant last) {
        return switch (script.ending) {
            case FINISHED -> new JobEnd(EndKind.FINISHED, last, -1, List.of(), Duration.ZERO);
            case ERROR -> {
                int failing = script.failingTask < 0 ? ends.length - 1 : script.failingTask;
                yield new JobEnd(EndKind.ERROR, ends[failing], failing, script.errors, Duration.ZERO);
            }
            case CANCELED -> {
                Duration lastTask = tasks.get(tasks.size() - 1).processing();
                Duration canceling = script.canceling.compareTo(lastTask) < 0 ? script.canceling : lastTask;
                yield new JobEnd(EndKind.CANCELED, last.minus(canceling), -1, List.of(), canceling);
            }
        };
    }

    JobSnapshot at(Instant now) {
        List<JobSnapshot.Task> taskSnapshots = new ArrayList<>();
        int failing = failingTask();
        for (int i = 0; i < starts.length; i++) {
            taskSnapshots.add(manualState != null ? manualTask(i) : task(i, failing, now));
        }
        List<JobSnapshot.Asset> assets = new ArrayList<>();
        for (JobScript.AssetScript asset : script.assets()) {
            assets.add(asset(asset, assets.size()));
        }
        int state = manualState != null ? manualState.state() : state(now);
        Instant startTime = taskSnapshots.stream()
                .map(JobSnapshot.Task::startTime)
                .filter(start -> start != null)
                .min(Instant::compareTo)
                .orElse(null);
        Instant endTime = state >= FINISHED && state <= CANCELED ? jobEnd.at().plus(jobEnd.canceling()) : null;
        long running = endTime == null
                ? 0
                : taskSnapshots.stream()
                        .mapToLong(JobSnapshot.Task::runningMillis)
                        .sum();
        return new JobSnapshot(
                id, script.name, state, created, lastModified(now), startTime, endTime, running, taskSnapshots, assets);
    }

    private JobSnapshot.Asset asset(JobScript.AssetScript asset, int index) {
        String assetId = Ids.derived("cid", id, index);
        String uri = asset.uri() == null
                ? "https://emulatedstorage.blob.core.windows.net/asset-" + Ids.guid(assetId)
                : asset.uri();
        return new JobSnapshot.Asset(assetId, asset.name(), asset.deleted() ? null : uri);
    }

    private int state(Instant now) {
        if (!now.isBefore(jobEnd.at())) {
            return switch (jobEnd.kind()) {
                case FINISHED -> FINISHED;
                case ERROR -> ERROR;
                case CANCELED -> now.isBefore(jobEnd.at().plus(jobEnd.canceling())) ? CANCELING : CANCELED;
            };
        }
        if (now.isBefore(scheduledAt)) {
            return QUEUED;
        }
        return now.isBefore(processedAt) ? SCHEDULED : PROCESSING;
    }

    /** Returns the index of the failing task: the given one, or the first that has not ended when the job fails. */
    private int failingTask() {
        if (jobEnd.kind() != EndKind.ERROR || jobEnd.task() >= 0) {
            return jobEnd.task();
        }
        for (int i = 0; i < ends.length; i++) {
            if (ends[i].isAfter(jobEnd.at())) {
                return i;
            }
        }
        return ends.length - 1;
    }

    private JobSnapshot.Task task(int index, int failing, Instant now) {
        boolean jobEnded = !now.isBefore(jobEnd.at());
        boolean endedBefore = !ends[index].isAfter(jobEnd.at()) && index != failing;
        if (!jobEnded || endedBefore) {
            return scriptedTask(index, now);
        }
        Instant start = earlier(starts[index], jobEnd.at());
        Instant end = jobEnd.at().plus(jobEnd.canceling());
        if (jobEnd.kind() == EndKind.FINISHED) {
            return snapshot(index, FINISHED, 100, start, end, List.of(), now);
        }
        if (index == failing) {
            double progress = progress(index, start, jobEnd.at());
            return snapshot(index, ERROR, progress, start, end, jobEnd.errors(), now);
        }
        Instant startIfAny = starts[index].isBefore(jobEnd.at()) ? starts[index] : null;
        if (now.isBefore(end)) {
            double progress = startIfAny == null ? 0 : progress(index, startIfAny, jobEnd.at());
            return snapshot(index, CANCELING, progress, startIfAny, null, List.of(), now);
        }
        return snapshot(index, CANCELED, 0, startIfAny, end, List.of(), now);
    }

    private JobSnapshot.Task scriptedTask(int index, Instant now) {
        if (now.isBefore(starts[index])) {
            int state = now.isBefore(scheduledAt) || !now.isBefore(processedAt) ? QUEUED : SCHEDULED;
            return snapshot(index, state, 0, null, null, List.of(), now);
        }
        if (now.isBefore(ends[index])) {
            double progress = progress(index, starts[index], now);
            return snapshot(index, PROCESSING, progress, starts[index], null, List.of(), now);
        }
        return snapshot(index, FINISHED, 100, starts[index], ends[index], List.of(), now);
    }

    private JobSnapshot.Task manualTask(int index) {
        double progress = manualState.progress().getOrDefault(index, 0.0);
        boolean waiting = manualState.state() == QUEUED || manualState.state() == SCHEDULED;
        if (!waiting && progress == 100) {
            return snapshot(
                    index, FINISHED, 100, manualState.since(), manualState.since(), List.of(), manualState.since());
        }
        return snapshot(
                index,
                manualState.state(),
                progress,
                waiting ? null : manualState.since(),
                null,
                List.of(),
                manualState.since());
    }

    private JobSnapshot.Task snapshot(
            int index,
            int state,
            double progress,
            Instant start,
            Instant end,
            List<JobSnapshot.Error> errors,
            Instant now) {
        // RunningDuration of a canceled task is always 0
        long running = start == null || end == null || state == CANCELED
                ? 0
                : (long) (Duration.between(start, end).toMillis() * EXECUTION_SHARE);
        return new JobSnapshot.Task(
                Ids.derived("tid", id, index),
                tasks.get(index).name(),
                state,
                progress,
                start,
                end,
                running,
                errors,
                events(state, start, end, now));
    }

    /** Returns events with codes in the order of a recorded task. No events of failed tasks were recorded. */
    private List<JobSnapshot.Event> events(int state, Instant start, Instant end, Instant now) {
        List<JobSnapshot.Event> events = new ArrayList<>();
        events.add(new JobSnapshot.Event("WaitingForFreeResources", null, created));
        if (!now.isBefore(scheduledAt) && state != QUEUED) {
            events.add(new JobSnapshot.Event("Scheduled", "", scheduledAt));
        }
        if (start != null) {
            events.add(new JobSnapshot.Event("Processing", "", start));
        }
        if (end != null && state == FINISHED) {
            events.add(new JobSnapshot.Event("Finished", "", end));
            events.add(new JobSnapshot.Event(
                    "TaskBillingInformationAdded",
                    "{\r\n  \"OutputMinutesProcessed\": 1,\n  \"EncodingMinutes\": 1\r\n}",
                    end.plusMillis(380)));
        } else if (end != null && state == ERROR) {
            events.add(new JobSnapshot.Event("Error", "", end));
        }
        return events;
    }

    /** Returns the progress at the service's last refresh, in whole percent. */
    private double progress(int index, Instant start, Instant now) {
        long total = tasks.get(index).processing().toMillis();
        long elapsed = Duration.between(start, now).toMillis();
        long step = script.refresh.toMillis();
        long refreshed = step == 0 ? elapsed : elapsed / step * step;
        double share = total == 0 ? 1 : Math.min(1, (double) refreshed / total);
        return Math.floor(100 * script.progress.applyAsDouble(share));
    }

    private Instant lastModified(Instant now) {
        if (manualState != null) {
            return manualState.since();
        }
        Instant last = created;
        List<Instant> changes = new ArrayList<>(List.of(scheduledAt, processedAt));
        changes.addAll(List.of(ends));
        changes.removeIf(change -> change.isAfter(jobEnd.at()));
        changes.add(jobEnd.at());
        changes.add(jobEnd.at().plus(jobEnd.canceling()));
        for (Instant change : changes) {
            if (!change.isAfter(now)) {
                last = later(last, change);
            }
        }
        return last;
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }
}
