/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.pipeline;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.ams.console.ConsoleLog;
import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.http.PlainText;
import io.jenkins.plugins.ams.page.AmsJobsAction;
import io.jenkins.plugins.ams.page.RunningWaits;
import io.jenkins.plugins.ams.page.WaitEntry;
import io.jenkins.plugins.ams.polling.JobWait;
import io.jenkins.plugins.ams.polling.WaitOutcome;
import io.jenkins.plugins.ams.result.WaitRecord;
import io.jenkins.plugins.ams.result.WaitResult;
import io.jenkins.plugins.ams.result.WaitStatus;
import io.jenkins.plugins.ams.runtime.AmsRuntime;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.wait.AmsJobFailureCause;
import io.jenkins.plugins.ams.wait.BuildCancellations;
import io.jenkins.plugins.ams.wait.ReportingListener;
import io.jenkins.plugins.ams.wait.WaitParameters;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.actions.LabelAction;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Executes the {@code waitForAmsJob} step. Pipeline persists the step's fields and writes all of a build's steps
 * whenever one of them changes. Therefore, the fields contain only the parameters, the deadline, and the failure. The
 * job's state and the information that the console has shown are stored in the build's own record of its jobs. After a
 * restart, the job is polled again.
 */
@Restricted(NoExternalUse.class)
public final class WaitForAmsJobStepExecution extends StepExecution {

    private static final long serialVersionUID = 1L;

    private static final Logger LOGGER = Logger.getLogger(WaitForAmsJobStepExecution.class.getName());

    private static final int MAX_LABEL_LENGTH = 100;

    private WaitParameters parameters;

    /** Time when the wait times out, in milliseconds since the epoch, or 0 if there is no timeout. */
    private long deadline;

    /**
     * The exception that the step will fail with when the service has responded to the cancellation request or the
     * request has timed out. Null if the step is not waiting for a cancellation. If Jenkins is stopped before the step
     * fails, the exception is persisted. If Jenkins is killed, the exception may be lost, but the wait's record still
     * shows that the wait was aborted.
     */
    private volatile Throwable failure;

    /**
     * Whether the poller, the deadline, or an abort has determined the step's result. The value is not persisted,
     * because a step that resumes after a restart has not been completed.
     */
    private transient AtomicBoolean decided = new AtomicBoolean();

    /** Ensures that the step completes only once, because it can be stopped again while it waits for a cancellation. */
    private transient AtomicBoolean completed = new AtomicBoolean();

    private transient volatile JobWait wait;
    private transient volatile WaitEntry page;
    private transient ConsoleLog log;

    WaitForAmsJobStepExecution(WaitForAmsJobStep step, StepContext context) {
        super(context);
        this.parameters = new WaitParameters(
                step.getJobId(),
                step.getAccount(),
                step.getCredentialsId(),
                step.isPropagate(),
                step.getTimeout(),
                step.isCancelOnAbort(),
                step.getPollInterval());
    }

    @Override
    public boolean start() throws Exception {
        parameters = parameters.checked();
        Duration timeLimit = parameters.timeLimit();
        if (timeLimit != null) {
            deadline = AmsRuntime.get().clock().instant().plus(timeLimit).toEpochMilli();
        }
        page = AmsJobsAction.begin(getContext().get(Run.class), parameters.jobId(), parameters.accountName());
        log = log(page);
        parameters.logStart(log);
        startWait(JobWait.Start.NEW);
        return false;
    }

    @Override
    public void onResume() {
        try {
            WaitEntry entry =
                    AmsJobsAction.entry(getContext().get(Run.class), parameters.jobId(), parameters.account());
            page = entry;
            log = log(entry);
            Throwable cause = failureBeforeRestart(entry.record());
            if (cause != null) {
                if (decided.compareAndSet(false, true)) {
                    cancelAndFail(cause); // the cancellation request might not have been sent before the restart
                }
            } else if (!decided.get()) { // otherwise, another thread has already aborted the build
                log.onResumed(parameters.jobId());
                entry.resume(parameters.account());
                BuildCancellations.repeatLost(getContext().get(Run.class), parameters, entry, openLog());
                startWait(entry.record().isPolled() ? JobWait.Start.RESUMED_SEEN : JobWait.Start.RESUMED);
            }
        } catch (Exception e) {
            fail(e);
        }
    }

    /**
     * Returns the exception that the step was about to fail with when Jenkins was stopped or killed, or null if the
     * step was still waiting for the job.
     */
    @CheckForNull
    private Throwable failureBeforeRestart(WaitRecord record) {
        boolean wasCanceling = parameters.cancelOnAbort() && record.getCancelStatus() != null;
        if (failure == null && wasCanceling && record.getStatus() == WaitStatus.ABORTED) {
            return new FlowInterruptedException(Result.ABORTED, true);
        }
        return failure;
    }

    @Override
    public void stop(Throwable cause) throws Exception {
        JobWait current = wait;
        if (current != null) {
            current.cancel();
        }
        if (!decided.compareAndSet(false, true) || failure != null) {
            complete(cause); // the step was stopped again: do not wait for the cancellation
            return;
        }
        try {
            updatePage(WaitEntry::aborted);
            openLog().onAborted(parameters.cancelOnAbort());
        } finally {
            if (parameters.cancelOnAbort()) {
                cancelAndFail(cause);
            } else {
                complete(cause);
            }
        }
    }

    @Override
    public String getStatus() {
        if (failure != null) {
            return "requesting cancellation of AMS job " + parameters.rawJobId();
        }
        JobWait current = wait;
        if (current == null) {
            return "not waiting for AMS job " + parameters.rawJobId();
        }
        String state =
                current.lastJob().map(MediaJob::state).map(Enum::toString).orElse("not seen yet");
        String errorText = current.error()
                .map(error -> ", retrying after: " + error.getMessage())
                .orElse("");
        return "waiting for AMS job " + current.job() + ", " + state + errorText;
    }

    private Object readResolve() {
        decided = new AtomicBoolean();
        completed = new AtomicBoolean();
        return this;
    }

    /** Updates the entry on the build page. Does nothing if the wait has not yet resumed after a restart. */
    private void updatePage(Consumer<WaitEntry> update) {
        WaitEntry current = page;
        if (current != null) {
            update.accept(current);
        }
    }

    private void startWait(JobWait.Start start) throws IOException, InterruptedException {
        Run<?, ?> run = getContext().get(Run.class);
        FlowNode node = getContext().get(FlowNode.class);
        // the wait must check whether its owner has ended, because stop() is not called if the build was killed or if
        // other code completed the step
        ReportingListener.Owner owner = new ReportingListener.Owner() {
            @Override
            public boolean hasEnded() {
                return !run.isBuilding() || node != null && !node.isActive();
            }

            @Override
            public void onAbandoned() {
                cancelAbandoned(run);
            }
        };
        wait = AmsRuntime.get()
                .poller()
                .waitFor(
                        parameters.jobId(),
                        parameters.targets(run),
                        parameters.pollIntervalDuration(),
                        deadline == 0 ? null : Instant.ofEpochMilli(deadline),
                        start,
                        new ReportingListener(parameters.jobId(), log, page, this::label, owner, this::onEnded));
        RunningWaits.get().add(run, node == null ? null : node.getId(), page, wait, user -> cancelForUser(run, user));
        if (decided.get()) {
            wait.cancel(); // the step was aborted before the field was set, so nothing else cancels this wait
        }
    }

    /** Cancels the job because a user has requested it. The step keeps waiting. */
    private void cancelForUser(Run<?, ?> run, String user) {
        BuildCancellations.cancelForUser(run, parameters, user, openLog());
    }

    /**
     * Cancels the job after its build has ended. The console is already closed, so only the build page shows the
     * outcome.
     */
    private void cancelAbandoned(Run<?, ?> run) {
        if (parameters.cancelOnAbort() && decided.compareAndSet(false, true)) {
            updatePage(WaitEntry::aborted);
            BuildCancellations.cancel(
                    run, parameters, "the build ended without stopping the step", unstoredLog(line -> {}));
        }
    }

    /** Completes the step, even if processing the outcome throws an exception, so that the build does not hang. */
    private void onEnded(WaitOutcome outcome) {
        try {
            complete(outcome);
        } catch (RuntimeException | Error e) {
            decided.set(true);
            complete(e);
        }
    }

    private void complete(WaitOutcome outcome) {
        outcome.lastSeenJob().ifPresent(this::label);
        WaitResult result =
                WaitResult.of(page.record().getJob(), outcome, parameters.propagate(), parameters.timeLimit());
        if (!result.isFailure()) {
            if (decided.compareAndSet(false, true) && completed.compareAndSet(false, true)) {
                getContext().onSuccess(result.job());
            }
            return;
        }
        AmsJobFailureCause cause = new AmsJobFailureCause(parameters.jobId().value(), result);
        Exception interruption = new FlowInterruptedException(Result.FAILURE, false, cause);
        if (!(outcome instanceof WaitOutcome.TimedOut && parameters.cancelOnAbort())) {
            fail(interruption);
        } else if (decided.compareAndSet(false, true)) {
            cancelAndFail(interruption);
        }
    }

    private void fail(Exception cause) {
        if (decided.compareAndSet(false, true)) {
            complete(cause);
        }
    }

    private void complete(Throwable cause) {
        if (completed.compareAndSet(false, true)) {
            getContext().onFailure(cause);
        }
    }

    /**
     * Cancels the job, and then fails the step when the service has responded or the request has timed out. The delay
     * allows the console to show the response.
     */
    private void cancelAndFail(Throwable cause) {
        failure = cause;
        try {
            BuildCancellations.cancel(getContext().get(Run.class), parameters, reason(cause), openLog())
                    .thenRun(() -> complete(cause));
        } catch (IOException | InterruptedException | RuntimeException e) {
            LOGGER.log(Level.WARNING, e, () -> "Could not request cancellation of AMS job " + parameters.rawJobId());
            log.onCancelFailed(parameters.jobId(), AmsException.of(e));
            complete(cause);
        }
    }

    private static String reason(Throwable cause) {
        return cause instanceof FlowInterruptedException interrupted
                ? BuildCancellations.reason(interrupted.getCauses())
                : String.valueOf(cause.getMessage());
    }

    /** Labels the step with the job's name, so that users can identify the step in lists of the build's steps. */
    private void label(MediaJob job) {
        String name = PlainText.line(job.name(), MAX_LABEL_LENGTH);
        if (name.isEmpty()) {
            return;
        }
        try {
            FlowNode node = getContext().get(FlowNode.class);
            if (node != null && node.getAction(LabelAction.class) == null) {
                node.addAction(new LabelAction(name));
            }
        } catch (IOException | InterruptedException e) {
            LOGGER.log(Level.WARNING, e, () -> "Could not label the step that waits for AMS job " + job.id());
        }
    }

    /**
     * Opens a console log that remains usable after the step completes, when the step's context no longer provides a
     * console. If the log cannot be opened, the error is written to the Jenkins log, and the cancellation continues.
     */
    private ConsoleLog openLog() {
        try {
            PrintStream console = getContext().get(TaskListener.class).getLogger();
            return unstoredLog(console::println);
        } catch (IOException | InterruptedException e) {
            LOGGER.log(Level.WARNING, "Could not open the build's console", e);
            return unstoredLog(this::println);
        }
    }

    private static ConsoleLog unstoredLog(Consumer<String> lines) {
        AmsRuntime runtime = AmsRuntime.get();
        return new ConsoleLog(lines, runtime.clock(), runtime.timer());
    }

    private ConsoleLog log(WaitEntry entry) {
        return entry.log(this::println, AmsRuntime.get().timer());
    }

    private void println(String line) {
        try {
            getContext().get(TaskListener.class).getLogger().println(line);
        } catch (IOException | InterruptedException e) {
            LOGGER.log(Level.WARNING, e, () -> "Could not write to the build's console: " + line);
        }
    }
}
