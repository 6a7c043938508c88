/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.soak;

import io.jenkins.plugins.ams.auth.AuthenticationException;
import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.emulator.Emulator;
import io.jenkins.plugins.ams.emulator.JobScript;
import io.jenkins.plugins.ams.report.ConsoleLog;
import io.jenkins.plugins.ams.report.ReportingListener;
import io.jenkins.plugins.ams.service.EmulatedService;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.MediaTask;
import io.jenkins.plugins.ams.service.ServiceException;
import io.jenkins.plugins.ams.testing.NoOpPage;
import io.jenkins.plugins.ams.watch.JobProgress;
import io.jenkins.plugins.ams.watch.JobWait;
import io.jenkins.plugins.ams.watch.JobWaitListener;
import io.jenkins.plugins.ams.watch.Scheduler;
import io.jenkins.plugins.ams.watch.WaitOutcome;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** One wait of the soak: what is waited for, what has to come of it, and what came of it. */
final class SoakWait implements JobWaitListener {

    /** What has to come of a wait. */
    enum Expected {
        /** The outcome that the job has. */
        COMPLETED,
        /** Nobody knows such a job. */
        NOT_FOUND,
        /** The secret is wrong. */
        FAILED,
        /** The endpoint redirects in a loop. */
        REDIRECT_LOOP,
        /** The job lasts longer than the wait may. */
        TIMED_OUT,
        /** The build was aborted: no outcome at all. */
        ABORTED
    }

    static final String CODE = "ErrorProcessingTask";

    private final EmulatedService api;
    private final Expected expected;
    private final JobId job;
    private final EmulatedJob emulated;
    private final Consumer<SoakWait> ended;
    private final ConsoleCheck said;
    private final ReportingListener reports;
    private BooleanSupplier abortCondition = () -> true;
    private Runnable console = () -> {};
    private boolean deadlinePassed;
    private boolean endedBefore;
    private volatile boolean wasSeen;
    private volatile JobWait jobWait;
    private volatile WaitOutcome outcome;
    private volatile String mismatch;

    SoakWait(
            EmulatedService api,
            Emulator emulator,
            Random random,
            Clock clock,
            Scheduler timer,
            Consumer<SoakWait> ended) {
        this.api = api;
        this.ended = ended;
        this.expected = expected(random.nextInt(100));
        this.emulated = expected == Expected.NOT_FOUND ? null : emulator.addJob(script(random));
        this.job = emulated == null ? api.unknown() : api.idOf(emulated);
        this.said = new ConsoleCheck(job, emulated);
        ConsoleLog log = new ConsoleLog(said, clock, timer, new ConsoleLog.Memory());
        this.reports = new ReportingListener(job, log, new NoOpPage(), seen -> {}, () -> false, came -> {});
    }

    /** The same wait after a restart. */
    private SoakWait(SoakWait before) {
        this.api = before.api;
        this.ended = before.ended;
        this.expected = before.expected;
        this.emulated = before.emulated;
        this.job = before.job;
        this.said = before.said;
        this.reports = before.reports;
        this.abortCondition = before.abortCondition;
        this.wasSeen = before.wasSeen;
    }

    /** @param whileDown whether the wait's deadline passed while the controller was down */
    SoakWait resumed(boolean whileDown) {
        SoakWait resumed = new SoakWait(this);
        resumed.deadlinePassed = whileDown && expected == Expected.COMPLETED;
        resumed.endedBefore = emulated != null && isTerminal(emulated.state());
        return resumed;
    }

    private static Expected expected(int dice) {
        if (dice < 80) {
            return Expected.COMPLETED;
        } else if (dice < 84) {
            return Expected.NOT_FOUND;
        } else if (dice < 88) {
            return Expected.FAILED;
        } else if (dice < 91) {
            return Expected.REDIRECT_LOOP;
        }
        return dice < 95 ? Expected.TIMED_OUT : Expected.ABORTED;
    }

    private JobScript script(Random random) {
        boolean longer = expected == Expected.TIMED_OUT || expected == Expected.ABORTED;
        JobScript script = JobScript.named("soak").queued(Duration.ofMillis(random.nextInt(4000)));
        int tasks = 1 + random.nextInt(3);
        for (int i = 0; i < tasks; i++) {
            script = script.task("task " + i, Duration.ofMillis(longer ? 600_000 : 500 + random.nextInt(5000)));
        }
        return switch (random.nextInt(4)) {
            case 0 -> script.endsInError(random.nextInt(tasks), CODE, "soaked");
            case 1 -> script.endsCanceled();
            default -> script;
        };
    }

    Expected expected() {
        return expected;
    }

    /** The emulated job; null if there is none. */
    EmulatedJob emulated() {
        return emulated;
    }

    JobId job() {
        return job;
    }

    /** The wait's own time limit; one that is never reached, whose alarm has to go with the wait, where none is meant. */
    Duration timeLimit() {
        if (deadlinePassed) {
            return Duration.ofSeconds(-1);
        }
        return expected == Expected.TIMED_OUT ? Duration.ofSeconds(5) : Duration.ofDays(1);
    }

    /** Whether the job was seen, in this life of the controller or before. */
    boolean isSeen() {
        return wasSeen;
    }

    /** @param write called before anything else when the listener is called */
    void setConsole(Runnable write) {
        console = write;
    }

    void setJobWait(JobWait begun) {
        jobWait = begun;
    }

    /** @param reached whether it is time to abort the build; at the end of the soak, it is in any case */
    void setAbortCondition(BooleanSupplier reached) {
        abortCondition = reached;
    }

    boolean shouldAbort() {
        return abortCondition.getAsBoolean();
    }

    /** The build is aborted. */
    void abort() {
        jobWait.cancel();
    }

    /** What the console said that was not true. */
    List<String> falsehoods() {
        return said.mismatches();
    }

    /** What is wrong with what came of it; null if nothing is. */
    String mismatch() {
        return mismatch;
    }

    @Override
    public void onPolled(MediaJob seen, List<MediaTask> tasks, JobProgress progress) {
        console.run();
        wasSeen = true;
        checkNotEnded("looked");
        reports.onPolled(seen, tasks, progress);
    }

    @Override
    public void onError(Exception fault, Duration pause) {
        console.run();
        checkNotEnded("troubled");
        reports.onError(fault, pause);
    }

    @Override
    public void rejected(Exception error, Duration retryDelay, Duration patience) {
        console.run();
        checkNotEnded("rejected");
        reports.rejected(error, retryDelay, patience);
    }

    @Override
    public void onRecovered(Duration after) {
        console.run();
        checkNotEnded("recovered");
        reports.onRecovered(after);
    }

    @Override
    public void onHeartbeat(Exception fault, Duration troubledFor, Duration untilLook) {
        console.run();
        checkNotEnded("waiting");
        reports.onHeartbeat(fault, troubledFor, untilLook);
    }

    @Override
    public void onEnded(WaitOutcome came) {
        console.run();
        checkNotEnded("ended");
        reports.onEnded(came);
        outcome = came;
        if (!isExpected(came)) {
            mismatch = "expected " + expected + (emulated == null ? "" : " in state " + emulated.state()) + ", came "
                    + came;
        }
        ended.accept(this);
    }

    private boolean isExpected(WaitOutcome came) {
        return switch (expected) {
            case COMPLETED ->
                came instanceof WaitOutcome.Completed end && isExpected(end)
                        // its job still ran when the first poll after the restart looked
                        || deadlinePassed
                                && !endedBefore
                                && came instanceof WaitOutcome.TimedOut late
                                && late.lastSeen() != null;
            case NOT_FOUND -> came instanceof WaitOutcome.JobNotFound;
            case FAILED ->
                came instanceof WaitOutcome.Failed refused
                        && (refused.cause() instanceof AuthenticationException
                                || api.hasOneTokenOnly()
                                        && refused.cause() instanceof ServiceException service
                                        && service.kind() == ServiceException.Kind.UNAUTHORIZED);
            case REDIRECT_LOOP ->
                came instanceof WaitOutcome.Failed refused
                        && refused.cause() instanceof ServiceException service
                        && service.kind() == ServiceException.Kind.REDIRECT_REJECTED;
            case TIMED_OUT -> came instanceof WaitOutcome.TimedOut;
            case ABORTED -> false;
        };
    }

    private static boolean isTerminal(int state) {
        return state >= 3 && state <= 5;
    }

    private boolean isExpected(WaitOutcome.Completed end) {
        boolean failed = end.job().state().number() == 4;
        return end.job().id().equals(job)
                && end.job().state().number() == emulated.state()
                && (end.detailsError() != null
                        || failed
                                == end.tasks().stream()
                                        .anyMatch(task -> !task.errors().isEmpty()));
    }

    private void checkNotEnded(String call) {
        if (outcome != null) {
            mismatch = call + " after the end " + outcome;
        }
    }
}
