/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.page;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Run;
import io.jenkins.plugins.ams.polling.JobWait;
import io.jenkins.plugins.ams.service.JobId;
import java.security.SecureRandom;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Lists the waits in progress of all builds. The list is not stored, because builds add their waits again when they
 * resume after a restart. Thread-safe.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class RunningWaits {

    /** Larger integers are not exact in JavaScript. */
    private static final long MAX_NUMBER = 1L << 53;

    private final Set<RunningWait> waits = ConcurrentHashMap.newKeySet();

    /** Creates the numbers of waits. Consecutive numbers would reveal how many waits of other builds have begun. */
    private final SecureRandom random = new SecureRandom();

    /** Returns the controller's list of waits. */
    public static RunningWaits get() {
        return ExtensionList.lookupSingleton(RunningWaits.class);
    }

    /**
     * Adds a wait and removes it when it ends, for whatever reason. Has no effect if the wait has already ended.
     *
     * @param nodeId the ID of the Pipeline step's node, or null in a freestyle build
     * @param cancellation cancels the job. The argument is the name of the user who cancels it. Called on a thread that
     *     may block
     */
    public void add(
            Run<?, ?> run, @CheckForNull String nodeId, WaitEntry entry, JobWait wait, Consumer<String> cancellation) {
        RunningWait running =
                new RunningWait(random.nextLong(1, MAX_NUMBER), run, nodeId, entry, wait, entry.since(), cancellation);
        waits.add(running);
        wait.whenEnded(() -> waits.remove(running));
    }

    /** Makes a build's waits poll a job immediately, because the job is known to have ended. */
    public void pollSoon(Run<?, ?> run, JobId job, @CheckForNull String account) {
        of(run).stream().filter(wait -> wait.record().isOf(job, account)).forEach(RunningWait::pollSoon);
    }

    /** Returns all waits, in no particular order. */
    List<RunningWait> all() {
        return List.copyOf(waits);
    }

    /** Returns the waits of one build, in no particular order. */
    List<RunningWait> of(Run<?, ?> run) {
        return waits.stream().filter(wait -> wait.run() == run).toList();
    }
}
