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
 * Saves builds' jobs to disk. Changes that occur within one second are written together, and failed writes are retried.
 * A failed write does not affect the wait.
 *
 * <p>Thread-safe. The object's own lock guards its state.
 */
final class JobSaver {

    private static final Logger LOGGER = Logger.getLogger(JobSaver.class.getName());

    /**
     * Time from a change until the change is written to disk. If the Jenkins process is killed, only changes made
     * within this time are lost.
     */
    static final Duration SAVE_DELAY = Duration.ofSeconds(1);

    static final Duration RETRY_DELAY = Duration.ofSeconds(30);

    private final Scheduler timer;
    private final RetryingExecutor disk;
    private final Set<BuildJobs> unsaved = new HashSet<>();
    private boolean isScheduled;

    /**
     * The builds whose jobs could not be written at the last attempt. Only the first of several consecutive failures is
     * logged.
     */
    private final Set<BuildJobs> failing = new HashSet<>();

    private final Set<BuildJobs> retried = new HashSet<>();

    /** @param disk the executor for tasks that can block if the disk is slow */
    JobSaver(Scheduler timer, Executor disk) {
        this.timer = timer;
        this.disk = new RetryingExecutor(timer, disk);
    }

    /** Schedules a save of a build's jobs. */
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
        } catch (RuntimeException | Error e) { // save immediately rather than never
            LOGGER.log(Level.WARNING, "Could not schedule saving AMS jobs; saving them now", e);
            saveScheduled();
        }
    }

    /** Saves a build's jobs in the calling thread. A failed write is logged and retried. */
    void saveNow(BuildJobs jobs) {
        save(jobs, jobs::save);
    }

    /** Saves the jobs of a build that has ended and compacts their file. Does not block. */
    void saveEnded(BuildJobs jobs) {
        disk.execute(() -> save(jobs, jobs::end));
    }

    /** Saves all unsaved jobs in the calling thread. */
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

    private interface Write {
        void run() throws IOException;
    }
}
