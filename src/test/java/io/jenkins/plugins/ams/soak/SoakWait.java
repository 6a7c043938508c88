/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.soak;

import io.jenkins.plugins.ams.auth.AuthenticationException;
import io.jenkins.plugins.ams.console.ConsoleLog;
import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.emulator.Emulator;
import io.jenkins.plugins.ams.emulator.JobScript;
import io.jenkins.plugins.ams.emulator.StateNumbers;
import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.polling.JobProgress;
import io.jenkins.plugins.ams.polling.JobWait;
import io.jenkins.plugins.ams.polling.JobWaitListener;
import io.jenkins.plugins.ams.polling.Scheduler;
import io.jenkins.plugins.ams.polling.WaitOutcome;
import io.jenkins.plugins.ams.service.EmulatedService;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.MediaTask;
import io.jenkins.plugins.ams.service.ServiceException;
import io.jenkins.plugins.ams.testing.NoOpPage;
import io.jenkins.plugins.ams.wait.ReportingListener;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A wait of the soak test, with its job, the expected outcome and the actual outcome. */
final class SoakWait implements JobWaitListener {

    /** The expected outcomes. */
    enum Expected {
        /** The wait ends like the job. */
        COMPLETED,
        /** The job does not exist. */
        NOT_FOUND,
        /** The secret is wrong. */
        FAILED,
        /** The endpoint redirects in a loop. */
        REDIRECT_LOOP,
        /** The job takes longer than the time limit of the wait. */
        TIMED_OUT,
        /** The build is aborted, so there is no outcome. */
        ABORTED
    }

    private static final long MIN_HANG_MILLIS = 50;

    static final String CODE = "ErrorProcessingTask";

    private final EmulatedService api;
    private final Expected expected;
    private final JobId job;
    private final EmulatedJob emulated;
    private final Consumer<SoakWait> ended;
    private final ConsoleCheck consoleCheck;
    private final ReportingListener reports;
    private BooleanSupplier abortCondition = () -> true;
    private Runnable console = () -> {};
    private boolean deadlinePassed;
    private boolean endedBefore;
    private volatile boolean wasSeen;
    private volatile JobWait jobWait;
    private volatile WaitOutcome outcome;
    private volatile String mismatch;
    private final List<Lateness.Period> hangs = new CopyOnWriteArrayList<>();
    private final long begun;
    private int connection = -1;
    private long due;
    private volatile long endedAt;

    SoakWait(
            EmulatedService api,
            Emulator emulator,
            Random random,
            Clock clock,
            Scheduler timer,
            int speedup,
            Consumer<SoakWait> ended) {
        this.begun = System.currentTimeMillis();
        this.api = api;
        this.ended = ended;
        this.expected = expected(random.nextInt(100));
        this.emulated = expected == Expected.NOT_FOUND ? null : emulator.addJob(script(random, speedup));
        this.job = emulated == null ? api.unknown() : api.idOf(emulated);
        this.consoleCheck = new ConsoleCheck(job, emulated);
        ConsoleLog log = new ConsoleLog(consoleCheck, clock, timer);
        this.reports = new ReportingListener(job, log, new NoOpPage(), polled -> {}, () -> false, actual -> {});
    }

    /** Creates the wait that continues another one after a restart. */
    private SoakWait(SoakWait before) {
        this.begun = before.begun;
        this.connection = before.connection;
        this.api = before.api;
        this.ended = before.ended;
        this.expected = before.expected;
        this.emulated = before.emulated;
        this.job = before.job;
        this.consoleCheck = before.consoleCheck;
        this.reports = before.reports;
        this.abortCondition = before.abortCondition;
        this.wasSeen = before.wasSeen;
    }

    /** @param whileDown whether the wait's deadline has passed while the controller was down */
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

    private JobScript script(Random random, int speedup) {
        boolean isLong = expected == Expected.TIMED_OUT || expected == Expected.ABORTED;
        JobScript script = JobScript.named("soak")
                .queued(Duration.ofMillis(random.nextInt(4000) / speedup))
                .canceling(Soak.CANCELING.dividedBy(speedup));
        int tasks = 1 + random.nextInt(3);
        for (int i = 0; i < tasks; i++) {
            script = script.task(
                    "task " + i, Duration.ofMillis(isLong ? 600_000 : (500 + random.nextInt(5000)) / speedup));
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

    /** Returns the emulated job, or null if it does not exist. */
    EmulatedJob emulated() {
        return emulated;
    }

    JobId job() {
        return job;
    }

    /**
     * Returns the time limit. Waits without an intended limit have one that is never reached, to check that its
     * scheduled task is removed with the wait.
     */
    Duration timeLimit() {
        if (deadlinePassed) {
            return Duration.ofSeconds(-1);
        }
        return expected == Expected.TIMED_OUT ? Duration.ofSeconds(5) : Duration.ofDays(1);
    }

    /** Returns whether the job was polled successfully, before or after restarts. */
    boolean isSeen() {
        return wasSeen;
    }

    /** @param onWrite called at the start of each listener method */
    void setConsole(Runnable onWrite) {
        console = onWrite;
    }

    void setJobWait(JobWait newWait) {
        jobWait = newWait;
    }

    /** Returns the number of the account; negative for an account of this wait only. */
    int connection() {
        return connection;
    }

    void setConnection(int account) {
        connection = account;
    }

    /** Starts the time limit. */
    void startTime() {
        due = System.currentTimeMillis() + timeLimit().toMillis();
    }

    /** Returns when the wait ended and when it should have ended; null if these cannot be compared. */
    Lateness.Ended ended() {
        boolean comparable = expected == Expected.COMPLETED || expected == Expected.TIMED_OUT;
        if (!comparable || mismatch != null || endedAt == 0) {
            return null;
        }
        long should = outcome instanceof WaitOutcome.TimedOut
                ? due
                : emulated.snapshot().endTime().toEpochMilli();
        return new Lateness.Ended(
                expected + " of " + job,
                connection,
                emulated.id().substring(emulated.id().lastIndexOf(':') + 1),
                begun,
                Math.max(should, begun),
                endedAt,
                hangs);
    }

    /** Writes to the console, which may hang. */
    private void write() {
        long start = System.currentTimeMillis();
        console.run();
        long end = System.currentTimeMillis();
        if (end - start > MIN_HANG_MILLIS) {
            hangs.add(new Lateness.Period(ControllerFaults.HUNG_CONSOLE, start, end));
        }
    }

    /**
     * @param condition the condition for aborting the build, which is aborted at the end of the soak test in any case
     */
    void setAbortCondition(BooleanSupplier condition) {
        abortCondition = condition;
    }

    boolean shouldAbort() {
        return abortCondition.getAsBoolean();
    }

    /** Aborts the build. */
    void abort() {
        jobWait.cancel();
    }

    /** Returns the console lines that did not match the job. */
    List<String> consoleMismatches() {
        return consoleCheck.mismatches();
    }

    /** Returns the difference between the expected and the actual outcome, or null if there is none. */
    String mismatch() {
        return mismatch;
    }

    @Override
    public void onPolled(MediaJob polled, List<MediaTask> tasks, JobProgress progress) {
        write();
        wasSeen = true;
        checkNotEnded("polled");
        reports.onPolled(polled, tasks, progress);
    }

    @Override
    public void onError(AmsException error, Duration retryDelay) {
        write();
        checkNotEnded("error");
        reports.onError(error, retryDelay);
    }

    @Override
    public void onRejected(AmsException error, Duration retryDelay, Duration retryPeriod) {
        write();
        checkNotEnded("rejected");
        reports.onRejected(error, retryDelay, retryPeriod);
    }

    @Override
    public void onRecovered(Duration after) {
        write();
        checkNotEnded("recovered");
        reports.onRecovered(after);
    }

    @Override
    public void onHeartbeat(AmsException error, Duration failingFor, Duration untilPoll) {
        write();
        checkNotEnded("heartbeat");
        reports.onHeartbeat(error, failingFor, untilPoll);
    }

    @Override
    public void onEnded(WaitOutcome actual) {
        endedAt = System.currentTimeMillis();
        write();
        checkNotEnded("ended");
        reports.onEnded(actual);
        outcome = actual;
        if (!isExpected(actual)) {
            mismatch = "expected " + expected + (emulated == null ? "" : " in state " + emulated.state()) + ", but was "
                    + actual;
        }
        ended.accept(this);
    }

    private boolean isExpected(WaitOutcome actual) {
        return switch (expected) {
            case COMPLETED ->
                actual instanceof WaitOutcome.Completed end && isExpected(end)
                        // the job had not ended at the first poll after the restart
                        || deadlinePassed
                                && !endedBefore
                                && actual instanceof WaitOutcome.TimedOut timedOut
                                && timedOut.lastSeen() != null;
            case NOT_FOUND -> actual instanceof WaitOutcome.JobNotFound;
            case FAILED ->
                actual instanceof WaitOutcome.Failed failed
                        && (failed.cause() instanceof AuthenticationException
                                || api.hasOneTokenOnly()
                                        && failed.cause() instanceof ServiceException service
                                        && service.kind() == ServiceException.Kind.UNAUTHORIZED);
            case REDIRECT_LOOP ->
                actual instanceof WaitOutcome.Failed failed
                        && failed.cause() instanceof ServiceException service
                        && service.kind() == ServiceException.Kind.REDIRECT_REJECTED;
            case TIMED_OUT -> actual instanceof WaitOutcome.TimedOut;
            case ABORTED -> false;
        };
    }

    private static boolean isTerminal(int state) {
        return state >= 3 && state <= 5;
    }

    private boolean isExpected(WaitOutcome.Completed end) {
        boolean failed = end.job().state() == JobState.ERROR;
        return end.job().id().equals(job)
                && StateNumbers.of(end.job().state()) == emulated.state()
                && (end.detailsError() != null
                        || failed
                                == end.details().tasks().stream()
                                        .anyMatch(task -> !task.errors().isEmpty()));
    }

    private void checkNotEnded(String call) {
        if (outcome != null) {
            mismatch = call + " after the end " + outcome;
        }
    }
}
