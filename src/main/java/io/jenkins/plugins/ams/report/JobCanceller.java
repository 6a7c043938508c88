/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.report;

import io.jenkins.plugins.ams.account.FaultText;
import io.jenkins.plugins.ams.auth.Futures;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.watch.JobWatcher;
import io.jenkins.plugins.ams.watch.Target;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Cancels the AMS job of a wait that was aborted or timed out. The build does not wait for it; what comes of it is told
 * in the build's console if that is still open, and in the system log if it failed.
 */
public final class JobCanceller {

    private static final Logger LOGGER = Logger.getLogger(JobCanceller.class.getName());

    private JobCanceller() {}

    /** Asks the service; the future completes in any case, without an exception, when the answer has been told. */
    public static CompletableFuture<Void> cancel(JobWatcher watcher, JobId job, Target.Source targets, ConsoleLog log) {
        return watcher.cancelJob(job, targets).handle((accepted, thrown) -> {
            if (thrown == null) {
                log.cancelAnswered(accepted);
            } else {
                Exception fault = Futures.exception(thrown);
                LOGGER.log(Level.WARNING, () -> "Could not cancel AMS job " + job + ": " + FaultText.of(fault));
                log.cancelFailed(job, fault);
            }
            return null;
        });
    }
}
