/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.watch;

import io.jenkins.plugins.ams.service.Job;
import io.jenkins.plugins.ams.service.Task;
import java.time.Duration;
import java.util.List;

/**
 * Hears of one wait. Calls come one after the other, on threads of the watcher's, and none after {@link #ended}.
 * Implementations may write to a log but not block on anything slower.
 */
public interface WatchListener {

    /**
     * A look succeeded and the job has not ended.
     *
     * @param job the job
     * @param tasks its tasks as last seen, which may have been some looks ago; empty before the job was first seen
     *     Processing
     * @param progress what these told then
     */
    void looked(Job job, List<Task> tasks, Progress progress);

    /**
     * The first of a row of transient faults.
     *
     * @param fault a {@link io.jenkins.plugins.ams.service.ServiceException} or an
     *     {@link io.jenkins.plugins.ams.auth.AuthenticationException}
     * @param pause until the next look
     */
    void troubled(Exception fault, Duration pause);

    /**
     * The first look that succeeded after a fault.
     *
     * @param after time since the first of the faults
     */
    void recovered(Duration after);

    /**
     * The wait goes on. Comes once a minute, whatever else is heard.
     *
     * @param fault the last of the faults that are being ridden through; null if there are none
     * @param troubledFor time since the first of them; zero if there are none
     * @param untilLook until the next look; zero if one is under way or as soon as it is this wait's turn
     */
    default void waiting(Exception fault, Duration troubledFor, Duration untilLook) {}

    /** The wait is over. Called once, unless the wait was cancelled before. */
    void ended(Outcome outcome);
}
