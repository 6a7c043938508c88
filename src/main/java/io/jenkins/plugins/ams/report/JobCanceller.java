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
import io.jenkins.plugins.ams.watch.Timer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Cancels the AMS job of a wait that was aborted or timed out. The build stays a few seconds for the service's answer, so
 * that its console tells what became of the job; whether the job is cancelled does not depend on that.
 */
public final class JobCanceller {

    /** How long a build stays for the answer: usually a tenth of a second is enough, and whoever aborts wants an end. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Logger LOGGER = Logger.getLogger(JobCanceller.class.getName());

    private JobCanceller() {}

    /**
     * Asks the service.
     *
     * @param page told that the service is asked, and the answer
     * @param log told the answer, also one that comes late; whether a console still takes it then is another question
     * @return completes in any case, without an exception: when the answer or that there is none yet has been told
     */
    public static CompletableFuture<Void> cancel(
            JobWatcher watcher, JobId job, Target.Source targets, Consumer<WatchedJob.Cancel> page, ConsoleLog log) {
        page.accept(WatchedJob.Cancel.ASKED);
        CompletableFuture<Void> told = new CompletableFuture<>();
        Timer.Alarm bound = watcher.after(PATIENCE, () -> {
            if (!told.isDone()) {
                log.cancelGoesOn();
                told.complete(null);
            }
        });
        watcher.cancelJob(job, targets).whenComplete((accepted, thrown) -> {
            try {
                if (thrown == null) {
                    page.accept(accepted ? WatchedJob.Cancel.ACCEPTED : WatchedJob.Cancel.NEEDLESS);
                    log.cancelAnswered(accepted);
                } else {
                    page.accept(WatchedJob.Cancel.FAILED);
                    failed(job, log, Futures.exception(thrown));
                }
            } finally {
                bound.cancel();
                told.complete(null);
            }
        });
        return told;
    }

    private static void failed(JobId job, ConsoleLog log, Exception fault) {
        LOGGER.log(Level.WARNING, () -> "Could not cancel AMS job " + job + ": " + FaultText.of(fault));
        log.cancelFailed(job, fault);
    }
}
