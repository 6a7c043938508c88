/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.page;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.ams.result.WaitRecord;
import io.jenkins.plugins.ams.service.JobId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The jobs of one build, in the order in which the build first waited for them. They are stored in a {@link JobFile}
 * and kept in memory with the build. The number of jobs is not limited.
 *
 * <p>The lock on this object guards the records. A separate lock, {@link #writing}, guards the file, so that pages can
 * be rendered while the file is being written.
 */
final class BuildJobs {

    private static final Logger LOGGER = Logger.getLogger(BuildJobs.class.getName());

    /**
     * Maximum average number of lines per job. A file with more lines is compacted, so that the file size does not
     * depend on how long waits take.
     */
    private static final int MAX_LINES_PER_JOB = 8;

    /** Files with this many lines or fewer are not compacted while the build is running. */
    private static final int MIN_LINES_TO_COMPACT = 1000;

    private final JobFile file;
    private final Object writing = new Object();
    private final List<Slot> slots = new CopyOnWriteArrayList<>();

    /** The slots by job ID. In APIs other than AMS v2, several accounts can have a job with the same ID. */
    private final Map<String, List<Slot>> slotsById = new HashMap<>();

    /** Slots whose current record is not yet in the file, in the order of their changes. */
    private Set<Slot> unsaved = new LinkedHashSet<>();

    /**
     * The revision of the jobs, which is incremented with each change. The initial value is the load time in
     * milliseconds since the epoch, so that pages that were rendered before a restart are recognized as outdated.
     */
    private long revision;

    private int linesInFile;

    /**
     * Whether the build has ended. If so, the file is compacted after every save, for example when the outcome of a
     * cancellation is saved.
     */
    private boolean isEnded;

    /** Whether the file contains unreadable lines, which must not be overwritten. */
    private boolean isDamaged;

    /** Holds the record of one job. All of the build's waits for this job share the record, even if they overlap. */
    static final class Slot {
        private final int index;
        private volatile WaitRecord record;
        private volatile long revision;

        private Slot(int index, WaitRecord record) {
            this.index = index;
            this.record = record;
        }

        /** Returns the position of the job in the build, which never changes. */
        int index() {
            return index;
        }

        WaitRecord record() {
            return record;
        }

        /** Returns the {@link BuildJobs#revision} that resulted from the last change to this record. */
        long revision() {
            return revision;
        }
    }

    private BuildJobs(JobFile file, long revision) {
        this.file = file;
        this.revision = revision;
    }

    /**
     * Loads a build's jobs. Lines that cannot be read are skipped and logged.
     *
     * @param isExpected whether the build has already waited for jobs, in which case a missing file is logged
     * @param now the current time in milliseconds since the epoch
     */
    static BuildJobs load(JobFile file, boolean isExpected, long now) {
        BuildJobs jobs = new BuildJobs(file, now);
        try {
            JobFile.Content content = file.read();
            if (content != null) {
                content.records().forEach(jobs::add);
                jobs.linesInFile = content.lines();
                jobs.isDamaged = content.damagedLines() > 0;
                if (jobs.isDamaged) {
                    LOGGER.log(
                            Level.WARNING,
                            "Could not read {0} of {1} lines of {2}; the build page may be incomplete",
                            new Object[] {content.damagedLines(), content.lines(), file.path()});
                }
            } else if (isExpected) {
                LOGGER.log(Level.WARNING, "{0} is missing; the build page shows no AMS jobs", file.path());
            }
        } catch (IOException e) {
            jobs.isDamaged = true;
            LOGGER.log(Level.WARNING, e, () -> "Could not read " + file.path() + "; the build page shows no AMS jobs");
        }
        return jobs;
    }

    List<Slot> slots() {
        return slots;
    }

    List<WaitRecord> records() {
        return slots.stream().map(Slot::record).toList();
    }

    synchronized long revision() {
        return revision;
    }

    /** Returns a job's slot, adding the slot if necessary. */
    synchronized Slot slot(JobId job, @CheckForNull String account) {
        return find(job, account).orElseGet(() -> add(WaitRecord.waiting(job, account)));
    }

    /**
     * Returns the slot of a job; empty if the build has never waited for the job.
     *
     * @param account the account's name, or null if it is unknown
     */
    synchronized Optional<Slot> find(JobId job, @CheckForNull String account) {
        return slotsById.getOrDefault(job.value(), List.of()).stream()
                .filter(slot -> slot.record.isOf(job, account))
                .findFirst();
    }

    /**
     * Changes a record.
     *
     * @return whether a save must be scheduled. False if the change does not require a save or if the slot is already
     *     waiting to be saved
     */
    synchronized boolean change(Slot slot, UnaryOperator<WaitRecord> change) {
        WaitRecord before = slot.record;
        WaitRecord after = change.apply(before);
        if (after == before) {
            return false;
        }
        slot.record = after;
        slot.revision = ++revision;
        if (after.isInSameStatesAs(before) && after.shown() == before.shown()) {
            return false;
        }
        return unsaved.add(slot);
    }

    /**
     * Appends the unsaved records to the file. May block if the disk is slow.
     *
     * @throws IOException if the file could not be written; the records remain unsaved
     */
    void save() throws IOException {
        synchronized (writing) {
            Set<Slot> taken;
            synchronized (this) {
                if (unsaved.isEmpty()) {
                    return;
                }
                taken = unsaved;
                unsaved = new LinkedHashSet<>();
            }
            boolean isSaved = false;
            try {
                file.append(taken.stream().map(Slot::record).toList());
                linesInFile += taken.size();
                isSaved = true;
            } finally {
                if (!isSaved) {
                    putBack(taken);
                }
            }
            if (isEnded || linesInFile > Math.max(MIN_LINES_TO_COMPACT, MAX_LINES_PER_JOB * slots.size())) {
                compact();
            }
        }
    }

    /** Saves the jobs of a build that has ended, and compacts the file. */
    void end() throws IOException {
        synchronized (writing) {
            isEnded = true;
            compact();
        }
    }

    /** Rewrites the file with one line for each job, unless unreadable lines would be lost. */
    private void compact() throws IOException {
        synchronized (writing) {
            save();
            if (linesInFile > slots.size() && !isDamaged) {
                file.replace(records());
                linesInFile = slots.size();
            }
        }
    }

    /** Returns the file's path, for log messages. */
    @Override
    public String toString() {
        return file.path().toString();
    }

    private synchronized void putBack(Set<Slot> taken) {
        taken.addAll(unsaved);
        unsaved = taken;
    }

    private Slot add(WaitRecord record) {
        Slot slot = new Slot(slots.size(), record);
        slots.add(slot);
        slotsById
                .computeIfAbsent(record.getJob().getId(), id -> new ArrayList<>(1))
                .add(slot);
        return slot;
    }
}
