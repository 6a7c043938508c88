/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.freestyle;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.AbstractBuild;
import hudson.model.BuildListener;
import hudson.model.Executor;
import io.jenkins.plugins.ams.console.ConsoleLog;
import io.jenkins.plugins.ams.page.AmsJobsAction;
import io.jenkins.plugins.ams.page.RunningWaits;
import io.jenkins.plugins.ams.page.WaitEntry;
import io.jenkins.plugins.ams.polling.JobWait;
import io.jenkins.plugins.ams.polling.WaitOutcome;
import io.jenkins.plugins.ams.result.WaitResult;
import io.jenkins.plugins.ams.runtime.AmsRuntime;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.wait.BuildCancellations;
import io.jenkins.plugins.ams.wait.ReportingListener;
import io.jenkins.plugins.ams.wait.WaitParameters;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Waits for a job in a freestyle build. The build executor's thread is blocked until the poller reports the outcome.
 */
final class BuilderWait {

    private final AbstractBuild<?, ?> build;
    private final WaitParameters parameters;
    private final AmsRuntime runtime = AmsRuntime.get();
    private final PrintStream console;

    BuilderWait(AbstractBuild<?, ?> build, BuildListener listener, WaitParameters parameters) {
        this.build = build;
        this.parameters = parameters;
        this.console = listener.getLogger();
    }

    /**
     * Waits until the job has ended or the wait fails.
     *
     * @return why the build fails, or null if it does not fail
     * @throws InterruptedException if the build is aborted
     */
    @CheckForNull
    String run() throws InterruptedException, IOException {
        JobId job = parameters.jobId();
        WaitEntry page = AmsJobsAction.begin(build, job, parameters.accountName());
        ConsoleLog log = page.log(console::println, runtime.timer());
        parameters.logStart(log);
        Duration timeLimit = parameters.timeLimit();
        Instant deadline = timeLimit == null ? null : runtime.clock().instant().plus(timeLimit);
        CompletableFuture<WaitOutcome> ended = new CompletableFuture<>();
        JobWait wait = runtime.poller()
                .waitFor(
                        job,
                        parameters.targets(build),
                        parameters.pollIntervalDuration(),
                        deadline,
                        JobWait.Start.NEW,
                        new ReportingListener(
                                job, log, page, ignored -> {}, () -> !build.isBuilding(), ended::complete));
        WaitOutcome outcome;
        try {
            RunningWaits.get().add(build, null, page, wait, this::cancelForUser);
            outcome = ended.get();
        } catch (InterruptedException e) {
            try {
                wait.cancel();
                page.aborted();
                setVariables(page, null);
                log.onAborted(parameters.cancelOnAbort());
            } finally {
                cancelJob(abortReason(), log);
            }
            throw e;
        } catch (ExecutionException e) {
            throw new IllegalStateException("The outcome future must not fail", e);
        } finally {
            wait.cancel(); // stop polling, even after an unexpected exception
        }
        setVariables(
                page,
                WaitResult.of(page.record().getJob(), outcome, true, timeLimit).failure());
        if (outcome instanceof WaitOutcome.TimedOut) {
            cancelJob("timeout", log);
        }
        return WaitResult.of(page.record().getJob(), outcome, parameters.propagate(), timeLimit)
                .failure();
    }

    /**
     * Sets the environment variables for the build steps that follow, instead of those of the build's previous wait.
     */
    private void setVariables(WaitEntry page, @CheckForNull String error) {
        build.addOrReplaceAction(
                new JobVariablesAction(JobVariables.of(page.record().getJob(), error)));
    }

    /** Returns a description of the user or event that aborted the build. */
    private static String abortReason() {
        Executor executor = Executor.currentExecutor();
        return executor == null ? "" : BuildCancellations.reason(executor.getCausesOfInterruption());
    }

    /** Cancels the job because a user has requested it. The build keeps waiting. */
    private void cancelForUser(String user) {
        ConsoleLog log = new ConsoleLog(console::println, runtime.clock(), runtime.timer());
        BuildCancellations.cancelForUser(build, parameters, user, log);
    }

    private void cancelJob(String reason, ConsoleLog log) throws InterruptedException {
        if (!parameters.cancelOnAbort()) {
            return;
        }
        try {
            BuildCancellations.cancel(build, parameters, reason, log).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("The cancellation future must not fail", e);
        }
    }
}
