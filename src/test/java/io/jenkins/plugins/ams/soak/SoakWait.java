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
import io.jenkins.plugins.ams.service.Job;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.ServiceException;
import io.jenkins.plugins.ams.service.Task;
import io.jenkins.plugins.ams.testing.NoPage;
import io.jenkins.plugins.ams.watch.Outcome;
import io.jenkins.plugins.ams.watch.Progress;
import io.jenkins.plugins.ams.watch.Timer;
import io.jenkins.plugins.ams.watch.Watch;
import io.jenkins.plugins.ams.watch.WatchListener;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** One wait of the soak: what is waited for, what has to come of it, and what came of it. */
final class SoakWait implements WatchListener {

    /** What has to come of a wait. */
    enum Expected {
        /** The outcome that the job has. */
        ENDED,
        /** Nobody knows such a job. */
        UNKNOWN,
        /** The secret is wrong. */
        REFUSED,
        /** The endpoint redirects in a loop. */
        LOOPED,
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
    private BooleanSupplier abortedWhen = () -> true;
    private Runnable console = () -> {};
    private boolean deadlinePassed;
    private boolean endedBefore;
    private volatile boolean wasSeen;
    private volatile Watch watch;
    private volatile Outcome outcome;
    private volatile String wrong;

    SoakWait(
            EmulatedService api, Emulator emulator, Random random, Clock clock, Timer timer, Consumer<SoakWait> ended) {
        this.api = api;
        this.ended = ended;
        this.expected = expected(random.nextInt(100));
        this.emulated = expected == Expected.UNKNOWN ? null : emulator.addJob(script(random));
        this.job = emulated == null ? api.unknown() : api.idOf(emulated);
        this.said = new ConsoleCheck(job, emulated);
        ConsoleLog log = new ConsoleLog(said, clock, timer, new ConsoleLog.Memory());
        this.reports = new ReportingListener(job, log, new NoPage(), seen -> {}, () -> false, came -> {});
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
        this.abortedWhen = before.abortedWhen;
        this.wasSeen = before.wasSeen;
    }

    /** @param whileDown whether the wait's deadline passed while the controller was down */
    SoakWait resumed(boolean whileDown) {
        SoakWait resumed = new SoakWait(this);
        resumed.deadlinePassed = whileDown && expected == Expected.ENDED;
        resumed.endedBefore = emulated != null && isTerminal(emulated.state());
        return resumed;
    }

    private static Expected expected(int dice) {
        if (dice < 80) {
            return Expected.ENDED;
        } else if (dice < 84) {
            return Expected.UNKNOWN;
        } else if (dice < 88) {
            return Expected.REFUSED;
        } else if (dice < 91) {
            return Expected.LOOPED;
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
    void console(Runnable write) {
        console = write;
    }

    void watch(Watch begun) {
        watch = begun;
    }

    /** @param reached whether it is time to abort the build; at the end of the soak, it is in any case */
    void abortedWhen(BooleanSupplier reached) {
        abortedWhen = reached;
    }

    boolean isToBeAborted() {
        return abortedWhen.getAsBoolean();
    }

    /** The build is aborted. */
    void abort() {
        watch.cancel();
    }

    /** What the console said that was not true. */
    List<String> falsehoods() {
        return said.falsehoods();
    }

    /** What is wrong with what came of it; null if nothing is. */
    String wrong() {
        return wrong;
    }

    @Override
    public void looked(Job seen, List<Task> tasks, Progress progress) {
        console.run();
        wasSeen = true;
        noneAfterTheEnd("looked");
        reports.looked(seen, tasks, progress);
    }

    @Override
    public void troubled(Exception fault, Duration pause) {
        console.run();
        noneAfterTheEnd("troubled");
        reports.troubled(fault, pause);
    }

    @Override
    public void rejected(Exception error, Duration retryDelay, Duration patience) {
        console.run();
        noneAfterTheEnd("rejected");
        reports.rejected(error, retryDelay, patience);
    }

    @Override
    public void recovered(Duration after) {
        console.run();
        noneAfterTheEnd("recovered");
        reports.recovered(after);
    }

    @Override
    public void waiting(Exception fault, Duration troubledFor, Duration untilLook) {
        console.run();
        noneAfterTheEnd("waiting");
        reports.waiting(fault, troubledFor, untilLook);
    }

    @Override
    public void ended(Outcome came) {
        console.run();
        noneAfterTheEnd("ended");
        reports.ended(came);
        outcome = came;
        if (!isRight(came)) {
            wrong = "expected " + expected + (emulated == null ? "" : " in state " + emulated.state()) + ", came "
                    + came;
        }
        ended.accept(this);
    }

    private boolean isRight(Outcome came) {
        return switch (expected) {
            case ENDED ->
                came instanceof Outcome.Ended end && isRight(end)
                        // its job still ran when the first poll after the restart looked
                        || deadlinePassed
                                && !endedBefore
                                && came instanceof Outcome.TimedOut late
                                && late.lastSeen() != null;
            case UNKNOWN -> came instanceof Outcome.Unknown;
            case REFUSED ->
                came instanceof Outcome.Refused refused
                        && (refused.cause() instanceof AuthenticationException
                                || api.hasOneTokenOnly()
                                        && refused.cause() instanceof ServiceException service
                                        && service.kind() == ServiceException.Kind.UNAUTHORIZED);
            case LOOPED ->
                came instanceof Outcome.Refused refused
                        && refused.cause() instanceof ServiceException service
                        && service.kind() == ServiceException.Kind.REDIRECT_REFUSED;
            case TIMED_OUT -> came instanceof Outcome.TimedOut;
            case ABORTED -> false;
        };
    }

    private static boolean isTerminal(int state) {
        return state >= 3 && state <= 5;
    }

    private boolean isRight(Outcome.Ended end) {
        boolean failed = end.job().state().number() == 4;
        return end.job().id().equals(job)
                && end.job().state().number() == emulated.state()
                && (end.missing() != null
                        || failed
                                == end.tasks().stream()
                                        .anyMatch(task -> !task.errors().isEmpty()));
    }

    private void noneAfterTheEnd(String call) {
        if (outcome != null) {
            wrong = call + " after the end " + outcome;
        }
    }
}
