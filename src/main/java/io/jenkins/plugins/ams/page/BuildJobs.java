/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.page;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.ams.result.WaitRecord;
import io.jenkins.plugins.ams.service.JobId;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The jobs of one build, in the order in which the build first waited for them: in memory while the build is, and in a
 * {@link JobFile}. Has no limit.
 *
 * <p>Records are guarded by this, the file by {@link #writing}, so that a page never waits for a disk.
 */
final class BuildJobs {

    private static final Logger LOGGER = Logger.getLogger(BuildJobs.class.getName());

    /** The file is rewritten when it has this many lines for each job, so that it does not grow with the time waited. */
    private static final int MAX_LINES_PER_JOB = 8;

    /** Smaller files are not rewritten while the build runs. */
    private static final int MIN_LINES_TO_COMPACT = 1000;

    private final JobFile file;
    private final Object writing = new Object();
    private final List<Slot> slots = new CopyOnWriteArrayList<>();

    /** Slots whose record is not in the file, in the order of their changes. */
    private Set<Slot> unsaved = new LinkedHashSet<>();

    /** Counts the changes. Begins at the time of loading, so that a page that was loaded before is out of date. */
    private long revision;

    private int linesInFile;

    /** Whether the file has lines that could not be read, and that must not be overwritten. */
    private boolean isDamaged;

    /** The place of one job, which several waits can share, one after the other or at the same time. */
    static final class Slot {
        private final int index;
        private volatile WaitRecord record;
        private volatile long revision;

        private Slot(int index, WaitRecord record) {
            this.index = index;
            this.record = record;
        }

        /** Returns the position among the jobs of the build, which never changes. */
        int index() {
            return index;
        }

        WaitRecord record() {
            return record;
        }

        /** Returns the build's revision at the last change. */
        long revision() {
            return revision;
        }
    }

    private BuildJobs(JobFile file, long revision) {
        this.file = file;
        this.revision = revision;
    }

    /**
     * Reads the jobs of a build, as far as that is possible.
     *
     * @param isExpected whether the build has waited for jobs before, so that a missing file is worth a line in the log
     * @param now milliseconds since the epoch
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
                            "{0} of {1} lines of {2} could not be read; the page of the build shows the rest",
                            new Object[] {content.damagedLines(), content.lines(), file.path()});
                }
            } else if (isExpected) {
                LOGGER.log(Level.WARNING, "{0} is missing, so the page of the build shows no AMS jobs", file.path());
            }
        } catch (IOException e) {
            jobs.isDamaged = true;
            LOGGER.log(Level.WARNING, e, () -> "Could not read " + file.path() + "; its AMS jobs are not shown");
        }
        return jobs;
    }

    /** Returns the places of all jobs. */
    List<Slot> slots() {
        return slots;
    }

    /** Returns the records of all jobs. */
    List<WaitRecord> records() {
        return slots.stream().map(Slot::record).toList();
    }

    synchronized long revision() {
        return revision;
    }

    /** Returns the place of a job, which is added if necessary. */
    synchronized Slot slot(JobId job, @CheckForNull String account) {
        for (Slot slot : slots) {
            if (slot.record.isOf(job, account)) {
                return slot;
            }
        }
        return add(WaitRecord.waiting(job, account));
    }

    /**
     * Changes a record.
     *
     * @return whether it has to be saved
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

    /** Makes sure that the record of a slot is saved, even if it is like the one before. */
    synchronized void markUnsaved(Slot slot) {
        unsaved.add(slot);
    }

    /**
     * Writes what has changed. May take as long as a disk does.
     *
     * @throws IOException if the file could not be written; what has changed is still to be saved
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
            if (linesInFile > Math.max(MIN_LINES_TO_COMPACT, MAX_LINES_PER_JOB * slots.size())) {
                compact();
            }
        }
    }

    /** Writes the file again with one line for each job, unless lines that could not be read would be lost. */
    void compact() throws IOException {
        synchronized (writing) {
            save();
            if (linesInFile > slots.size() && !isDamaged) {
                file.replace(records());
                linesInFile = slots.size();
            }
        }
    }

    /** Returns the path of the file, for log messages. */
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
        return slot;
    }
}
