/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.page;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Run;
import io.jenkins.plugins.ams.polling.JobWait;
import io.jenkins.plugins.ams.result.WaitRecord;
import io.jenkins.plugins.ams.runtime.AmsRuntime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** A wait in progress, with its build and its step. Thread-safe. */
@Restricted(NoExternalUse.class)
public final class RunningWait {

    private final long number;
    private final Run<?, ?> run;
    private final String nodeId;
    private final WaitEntry entry;
    private final JobWait wait;
    private final Instant since;
    private final Consumer<String> cancellation;

    /** @param number identifies the wait until Jenkins is restarted */
    RunningWait(
            long number,
            Run<?, ?> run,
            @CheckForNull String nodeId,
            WaitEntry entry,
            JobWait wait,
            Instant since,
            Consumer<String> cancellation) {
        this.number = number;
        this.run = run;
        this.nodeId = nodeId;
        this.entry = entry;
        this.wait = wait;
        this.since = since;
        this.cancellation = cancellation;
    }

    long number() {
        return number;
    }

    Run<?, ?> run() {
        return run;
    }

    /** Returns the ID of the Pipeline step's node, or null in a freestyle build. */
    @CheckForNull
    String nodeId() {
        return nodeId;
    }

    WaitRecord record() {
        return entry.record();
    }

    /** Returns the job's position in the build. */
    int index() {
        return entry.index();
    }

    /** Returns the time when the wait began, possibly before a restart. */
    Instant since() {
        return since;
    }

    /** Returns the time until the next poll, as {@link JobWait#untilPoll} does. */
    Optional<Duration> untilPoll() {
        return wait.untilPoll();
    }

    /** Polls the job now, because another request found that it has ended. */
    void pollSoon() {
        wait.pollSoon();
    }

    /**
     * Cancels the job. Has no effect if the wait has ended or if a cancellation has already been requested. The request
     * is recorded immediately, and is sent in the background.
     *
     * @param user the name of the user who cancels the job, for the build's console
     */
    void cancelJob(String user) {
        if (entry.requestCancellation()) {
            // on another thread, because writing to the build's console might block
            AmsRuntime.get().poller().notifyAfter(Duration.ZERO, () -> cancellation.accept(user));
        }
    }
}
