/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.page;

import io.jenkins.plugins.ams.polling.RetryingExecutor;
import io.jenkins.plugins.ams.polling.Scheduler;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Saves the jobs of builds: changes that come within a second are written together, and what could not be written is
 * tried again. A disk that fails or hangs does not affect a wait.
 *
 * <p>Guarded by this.
 */
final class JobSaver {

    private static final Logger LOGGER = Logger.getLogger(JobSaver.class.getName());

    /** From a change until it is written. A killed process loses no more than the changes of this time. */
    static final Duration SAVE_DELAY = Duration.ofSeconds(1);

    static final Duration RETRY_DELAY = Duration.ofSeconds(30);

    private final Scheduler timer;
    private final RetryingExecutor disk;
    private final Set<BuildJobs> unsaved = new HashSet<>();
    private boolean isScheduled;

    /** Builds whose last attempt failed, which is logged once. */
    private final Set<BuildJobs> failing = new HashSet<>();

    private final Set<BuildJobs> retried = new HashSet<>();

    /** @param disk runs what may take as long as a disk does */
    JobSaver(Scheduler timer, Executor disk) {
        this.timer = timer;
        this.disk = new RetryingExecutor(timer, disk);
    }

    /** Saves the jobs of a build a little later. Returns at once. */
    void saveSoon(BuildJobs jobs) {
        synchronized (this) {
            unsaved.add(jobs);
            if (isScheduled) {
                return;
            }
            isScheduled = true;
        }
        try {
            timer.schedule(SAVE_DELAY, () -> disk.execute(this::saveScheduled));
        } catch (RuntimeException | Error e) { // too early is better than never
            LOGGER.log(Level.WARNING, "Could not schedule a save of AMS jobs, which is done at once", e);
            saveScheduled();
        }
    }

    /** Saves the jobs of a build in this thread, as far as that is possible. */
    void saveNow(BuildJobs jobs) {
        save(jobs, jobs::save);
    }

    /** Saves the jobs of a build that has ended, and makes their file small. Returns at once. */
    void saveEnded(BuildJobs jobs) {
        disk.execute(() -> save(jobs, jobs::compact));
    }

    /** Saves in this thread what is left. */
    void saveAll() {
        List<BuildJobs> left;
        synchronized (this) {
            unsaved.addAll(retried);
            left = List.copyOf(unsaved);
            unsaved.clear();
        }
        left.forEach(this::saveNow);
    }

    private void saveScheduled() {
        synchronized (this) {
            isScheduled = false;
        }
        saveAll();
    }

    private void save(BuildJobs jobs, Write write) {
        try {
            write.run();
            synchronized (this) {
                failing.remove(jobs);
            }
        } catch (IOException | RuntimeException e) {
            onFailed(jobs, e);
        }
    }

    private void onFailed(BuildJobs jobs, Exception error) {
        synchronized (this) {
            if (failing.add(jobs)) {
                LOGGER.log(Level.WARNING, error, () -> "Could not write " + jobs + "; retrying");
            }
            if (!retried.add(jobs)) {
                return;
            }
        }
        timer.schedule(RETRY_DELAY, () -> {
            synchronized (this) {
                retried.remove(jobs);
            }
            saveSoon(jobs);
        });
    }

    /** A write that may fail. */
    private interface Write {
        void run() throws IOException;
    }
}
