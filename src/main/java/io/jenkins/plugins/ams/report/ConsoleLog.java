/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.report;

import io.jenkins.plugins.ams.account.FaultText;
import io.jenkins.plugins.ams.auth.PlainText;
import io.jenkins.plugins.ams.service.ErrorDetail;
import io.jenkins.plugins.ams.service.Job;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.Task;
import io.jenkins.plugins.ams.watch.Outcome;
import io.jenkins.plugins.ams.watch.Progress;
import java.io.Serializable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a build console shows of one wait: a line when something changes, and one every five minutes when nothing does;
 * nothing per look.
 */
public final class ConsoleLog {

    private static final Duration HEARTBEAT = Duration.ofMinutes(5);

    /** A look that comes this soon has more to say than that there was none. */
    private static final Duration SOON = Duration.ofMinutes(1);

    private static final int PROGRESS_STEP = 10;

    /** Longer names and messages are cut: a log line is read by people. */
    private static final int LONGEST = 2000;

    private final Consumer<String> lines;
    private final Clock clock;
    private final Memory memory;
    private Instant lastLine;

    /**
     * @param lines takes one line at a time, without its line end
     * @param memory what was shown before, so that a wait that goes on after a restart does not repeat itself
     */
    public ConsoleLog(Consumer<String> lines, Clock clock, Memory memory) {
        this.lines = lines;
        this.clock = clock;
        this.memory = memory;
        this.lastLine = clock.instant();
    }

    /** What the console showed last. */
    public static final class Memory implements Serializable {
        private static final long serialVersionUID = 1L;

        /** The State's number as the service sent it; before the first look one that it does not send. */
        private int stateNumber = Integer.MIN_VALUE;

        private int progress;
        private final BitSet tasksEnded = new BitSet();
        private long waitingSince;
    }

    /** The wait begins. */
    public void started(JobId job, String account, String credentialsId) {
        memory.waitingSince = clock.millis();
        line(Messages.ConsoleLog_waiting(job, plain(account), plain(credentialsId)));
    }

    /** The wait goes on after Jenkins was started again. */
    public void resumed(JobId job) {
        line(Messages.ConsoleLog_resumed(job));
    }

    /** A look at a job that has not ended. */
    public void looked(Job job, List<Task> tasks, Progress progress) {
        int percent = (int) progress.percent();
        boolean changed = job.stateNumber() != memory.stateNumber;
        List<Task> ended = newlyEnded(tasks);
        if (changed) {
            memory.stateNumber = job.stateNumber();
            memory.progress = percent;
            line(state(job, tasks, percent));
        } else if (!ended.isEmpty()) {
            memory.progress = percent;
            ended.forEach(task -> line(percent(job, progress, task)));
        } else if (percent >= memory.progress + PROGRESS_STEP) {
            memory.progress = percent;
            line(percent(job, progress, null));
        } else if (isSilentFor(HEARTBEAT)) {
            memory.progress = percent;
            line(heartbeat(job, tasks, progress));
        }
    }

    /** The first of a row of faults that are ridden through. */
    public void troubled(Exception fault, Duration pause) {
        line(Messages.ConsoleLog_lookingAgain(FaultText.transientFault(fault), TimeSpan.of(pause)));
    }

    /** The wait goes on, and it may be long since there was something to say. */
    public void waiting(Exception fault, Duration troubledFor, Duration untilLook) {
        if (!isSilentFor(HEARTBEAT)) {
            return;
        }
        if (fault != null) {
            String again = Messages.ConsoleLog_lookingAgain(FaultText.transientFault(fault), TimeSpan.of(untilLook));
            line(Messages.ConsoleLog_stillTroubled(TimeSpan.of(troubledFor), again));
        } else if (untilLook.compareTo(SOON) > 0) {
            line(Messages.ConsoleLog_stillWaiting(waited(), TimeSpan.of(untilLook)));
        } else if (isSilentFor(HEARTBEAT.plus(SOON))) {
            line(Messages.ConsoleLog_stillInLine(waited()));
        }
    }

    /** The faults are past. */
    public void recovered(Duration after) {
        line(Messages.ConsoleLog_recovered(TimeSpan.of(after)));
    }

    /** The wait is over. */
    public void ended(JobId id, Outcome outcome) {
        if (outcome instanceof Outcome.Ended ended) {
            ended(ended);
        } else if (outcome instanceof Outcome.Refused refused) {
            line(FaultText.finalFault(refused.cause()));
        } else if (outcome instanceof Outcome.Unknown unknown) {
            line(Verdict.unknownJob(id, unknown));
        } else if (outcome instanceof Outcome.TimedOut timedOut) {
            line(Messages.ConsoleLog_timedOut(waited(), lastSeen(timedOut)));
        }
    }

    /** The build was aborted. */
    public void aborted(boolean cancelsJob) {
        line(cancelsJob ? Messages.ConsoleLog_abortedCanceling() : Messages.ConsoleLog_abortedLeaving());
    }

    /** What became of asking the service to cancel the job. */
    public void cancelAnswered(boolean accepted) {
        line(accepted ? Messages.ConsoleLog_cancelAccepted() : Messages.ConsoleLog_cancelNeedless());
    }

    /** The build does not wait any longer for the service's answer. */
    public void cancelGoesOn() {
        line(Messages.ConsoleLog_cancelGoesOn());
    }

    /** The service could not be brought to cancel the job. */
    public void cancelFailed(JobId job, Exception fault) {
        line(Messages.ConsoleLog_cancelFailed(job, FaultText.of(fault)));
    }

    private void ended(Outcome.Ended ended) {
        Job job = ended.job();
        line(Messages.ConsoleLog_named(name(job), endState(job)));
        List<Task> tasks = ended.tasks();
        for (int i = 0; i < tasks.size(); i++) {
            Task task = tasks.get(i);
            List<String> errors = errorTexts(task);
            if (errors.isEmpty() && task.state() == JobState.ERROR) {
                errors = List.of(task.state().label());
            }
            for (String error : errors) {
                line(Messages.ConsoleLog_taskError(i + 1, tasks.size(), plain(task.name()), error));
            }
        }
        if (job.state() == JobState.ERROR && job.requestId() != null) {
            line(Messages.ConsoleLog_requestId(plain(job.requestId())));
        }
        if (ended.missing() != null) {
            line(Messages.ConsoleLog_noDetails(FaultText.of(ended.missing())));
        }
    }

    /** Why a task failed, as far as its errors say anything. */
    static List<String> errorTexts(Task task) {
        return task.errors().stream()
                .map(ConsoleLog::errorText)
                .filter(text -> !text.isEmpty())
                .toList();
    }

    /** {@code code: message}, or the one of them that there is. */
    private static String errorText(ErrorDetail error) {
        String code = plain(error.code());
        String message = plain(error.message());
        String text = code.isEmpty() || message.isEmpty() ? code + message : code + ": " + message;
        String more = more(error);
        return more.isEmpty() ? text : text + " (" + more + ")";
    }

    /** What the service blames and what it says of another try, in its own words; empty if it says neither. */
    static String more(ErrorDetail error) {
        return Stream.of(plain(error.category()), error.retry().label())
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(", "));
    }

    /** The job's name; its id where it has none. */
    static String name(Job job) {
        String name = plain(job.name());
        return name.isEmpty() ? job.id().value() : name;
    }

    /** A name or message from the service on one line, without what could forge or disturb a log. */
    static String plain(String text) {
        return PlainText.line(text, LONGEST);
    }

    private static String endState(Job job) {
        String state = job.state().label();
        if (job.created() == null || job.endTime() == null) {
            return state;
        }
        String whole = TimeSpan.of(Duration.between(job.created(), job.endTime()));
        if (job.startTime() == null) {
            return Messages.ConsoleLog_after(state, whole);
        }
        return Messages.ConsoleLog_afterQueuedAndRunning(
                state,
                whole,
                TimeSpan.of(Duration.between(job.created(), job.startTime())),
                TimeSpan.of(Duration.between(job.startTime(), job.endTime())));
    }

    private static String state(Job job, List<Task> tasks, int percent) {
        if (job.state() == JobState.UNKNOWN) {
            return Messages.ConsoleLog_named(
                    name(job), Messages.ConsoleLog_unknownState(Integer.toString(job.stateNumber())));
        }
        int running = firstProcessing(tasks);
        if (job.state() != JobState.PROCESSING || running < 0) {
            return Messages.ConsoleLog_named(name(job), job.state().label());
        }
        return Messages.ConsoleLog_named(
                name(job),
                Messages.ConsoleLog_processing(
                        job.state().label(),
                        running + 1,
                        tasks.size(),
                        plain(tasks.get(running).name()),
                        percent));
    }

    private String percent(Job job, Progress progress, Task ended) {
        String text = Messages.ConsoleLog_percent((int) progress.percent());
        if (ended != null) {
            text = Messages.ConsoleLog_taskEnded(
                    plain(ended.name()), ended.state().label(), text);
        }
        Duration rest = progress.rest(clock.instant());
        if (rest != null && progress.percent() < 100) {
            text = Messages.ConsoleLog_rest(text, TimeSpan.about(rest));
        }
        return Messages.ConsoleLog_named(name(job), text);
    }

    private String heartbeat(Job job, List<Task> tasks, Progress progress) {
        if (job.state() == JobState.PROCESSING && !tasks.isEmpty()) {
            return percent(job, progress, null);
        }
        return Messages.ConsoleLog_named(
                name(job), Messages.ConsoleLog_still(job.state().label(), waited()));
    }

    private boolean isSilentFor(Duration time) {
        return !clock.instant().isBefore(lastLine.plus(time));
    }

    private String waited() {
        return TimeSpan.of(Duration.ofMillis(clock.millis() - memory.waitingSince));
    }

    private static String lastSeen(Outcome.TimedOut timedOut) {
        return timedOut.lastSeen() == null
                ? Messages.ConsoleLog_neverSeen()
                : Messages.ConsoleLog_lastSeen(timedOut.lastSeen().state().label());
    }

    private static int firstProcessing(List<Task> tasks) {
        for (int i = 0; i < tasks.size(); i++) {
            if (tasks.get(i).state() == JobState.PROCESSING) {
                return i;
            }
        }
        return -1;
    }

    /** The tasks that have ended since the last look, in the service's order; tasks run side by side too. */
    private List<Task> newlyEnded(List<Task> tasks) {
        List<Task> ended = new ArrayList<>();
        for (int i = 0; i < tasks.size(); i++) {
            if (tasks.get(i).state().isTerminal() && !memory.tasksEnded.get(i)) {
                memory.tasksEnded.set(i);
                ended.add(tasks.get(i));
            }
        }
        return ended;
    }

    private void line(String text) {
        lastLine = clock.instant();
        lines.accept("[AMS] " + text);
    }
}
