/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.console;

import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.http.PlainText;
import io.jenkins.plugins.ams.polling.JobProgress;
import io.jenkins.plugins.ams.polling.Scheduler;
import io.jenkins.plugins.ams.polling.WaitOutcome;
import io.jenkins.plugins.ams.service.ErrorDetail;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.MediaTask;
import java.io.Serializable;
import java.time.Clock;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * What a build console shows of one wait: a line when something changes, and one every five minutes when nothing does;
 * nothing per look. How long something lasted is measured by the timer, since the clock may be set meanwhile.
 *
 * <p>Called by one thread at a time.
 */
@Restricted(NoExternalUse.class)
public final class ConsoleLog {

    private static final Duration HEARTBEAT = Duration.ofMinutes(5);

    /** A look that comes this soon has more to say than that there was none. */
    private static final Duration SOON = Duration.ofMinutes(1);

    private static final int PROGRESS_STEP = 10;

    /** Before the wait begins. */
    private static final long NEVER = Long.MIN_VALUE;

    /** Longer names and messages are cut: a log line is read by people. */
    private static final int MAX_LENGTH = 2000;

    private final Consumer<String> lines;
    private final Clock clock;
    private final Scheduler timer;
    private final Memory memory;

    /** Of the timer, in milliseconds; when the wait began, as far as the clock can tell after a restart. */
    private long waitingSince;

    private long lastLine;

    /**
     * @param lines takes one line at a time, without its line end
     * @param clock when the job is expected to end is counted from it, as is the time that a restart took
     * @param memory what was shown before, so that a wait that goes on after a restart does not repeat itself
     */
    public ConsoleLog(Consumer<String> lines, Clock clock, Scheduler timer, Memory memory) {
        this.lines = lines;
        this.clock = clock;
        this.timer = timer;
        this.memory = memory;
        this.lastLine = timer.millis();
        long waited = memory.shown.waitingSince == NEVER ? 0 : clock.millis() - memory.shown.waitingSince;
        this.waitingSince = lastLine - Math.max(0, waited);
    }

    /**
     * What the console showed last. It may be serialized at any time, by another thread than the one that writes to the
     * console: what it holds is replaced as a whole and never changes.
     */
    public static final class Memory implements Serializable {
        private static final long serialVersionUID = 1L;

        private volatile Shown shown = Shown.NOTHING;

        /** Whether the job was seen. */
        public boolean isSeen() {
            return shown.stateText != null;
        }

        private Object readResolve() {
            if (shown == null) {
                shown = Shown.NOTHING; // as an older version of this class has stored it
            }
            return this;
        }
    }

    /** Immutable, the array included. */
    private static final class Shown implements Serializable {
        private static final long serialVersionUID = 1L;

        private static final Shown NOTHING = new Shown(null, 0, new long[0], NEVER);

        /** The state in the service's own word; null before the first poll. */
        private final String stateText;

        private final int progress;

        /** A bit for each task that has ended, as {@link BitSet#toLongArray} has it. */
        private final long[] tasksEnded;

        /** When the wait began, in milliseconds since the epoch. */
        private final long waitingSince;

        Shown(String stateText, int progress, long[] tasksEnded, long waitingSince) {
            this.stateText = stateText;
            this.progress = progress;
            this.tasksEnded = tasksEnded;
            this.waitingSince = waitingSince;
        }
    }

    /** The wait begins. */
    public void onStarted(JobId job, String account, String credentialsId) {
        waitingSince = timer.millis();
        memory.shown = new Shown(null, 0, new long[0], clock.millis());
        line(Messages.ConsoleLog_waiting(job, plain(account), plain(credentialsId)));
    }

    /** The wait goes on after Jenkins was started again. */
    public void onResumed(JobId job) {
        line(Messages.ConsoleLog_resumed(job));
    }

    /** A look at a job that has not ended. */
    public void onPolled(MediaJob job, List<MediaTask> tasks, JobProgress progress) {
        int percent = (int) progress.percent();
        Shown before = memory.shown;
        List<MediaTask> ended = newlyEnded(tasks, before);
        List<String> news = List.of();
        if (!job.stateText().equals(before.stateText)) {
            news = List.of(state(job, tasks, percent));
        } else if (!ended.isEmpty()) {
            news = ended.stream().map(task -> percent(job, progress, task)).toList();
        } else if (percent >= before.progress + PROGRESS_STEP) {
            news = List.of(percent(job, progress, null));
        } else if (isSilentFor(HEARTBEAT)) {
            news = List.of(heartbeat(job, tasks, progress));
        }
        if (!news.isEmpty()) {
            memory.shown = new Shown(job.stateText(), percent, onEnded(tasks, before), before.waitingSince);
            news.forEach(this::line);
        }
    }

    /** The first of a row of faults that are ridden through. */
    public void onError(AmsException fault, Duration pause) {
        line(Messages.ConsoleLog_retryingIn(ErrorMessages.transientError(fault), DurationText.of(pause)));
    }

    /** The first of a row of errors that end the wait if they last. */
    public void rejected(AmsException error, Duration retryDelay, Duration patience) {
        line(Messages.ConsoleLog_retryingFor(
                ErrorMessages.transientError(error), DurationText.of(retryDelay), DurationText.of(patience)));
    }

    /** The wait goes on, and it may be long since there was something to say. */
    public void onHeartbeat(AmsException fault, Duration troubledFor, Duration untilLook) {
        if (!isSilentFor(HEARTBEAT)) {
            return;
        }
        if (fault != null) {
            String again =
                    Messages.ConsoleLog_retryingIn(ErrorMessages.transientError(fault), DurationText.of(untilLook));
            line(Messages.ConsoleLog_stillFailing(DurationText.of(troubledFor), again));
        } else if (untilLook.compareTo(SOON) > 0) {
            line(Messages.ConsoleLog_stillWaiting(waited(), DurationText.of(untilLook)));
        } else if (isSilentFor(HEARTBEAT.plus(SOON))) {
            line(Messages.ConsoleLog_pollQueued(waited()));
        }
    }

    /** The faults are past. */
    public void onRecovered(Duration after) {
        line(Messages.ConsoleLog_recovered(DurationText.of(after)));
    }

    /** The wait is over. */
    public void onEnded(JobId id, WaitOutcome outcome) {
        if (outcome instanceof WaitOutcome.Completed ended) {
            onEnded(ended);
        } else if (outcome instanceof WaitOutcome.Failed refused) {
            line(ErrorMessages.failure(refused.cause()));
        } else if (outcome instanceof WaitOutcome.JobNotFound unknown) {
            line(jobNotFound(id, unknown));
        } else if (outcome instanceof WaitOutcome.TimedOut timedOut) {
            line(Messages.ConsoleLog_timedOut(waited(), lastSeen(timedOut)));
        }
    }

    /** The build was aborted. */
    public void onAborted(boolean cancelsJob) {
        line(cancelsJob ? Messages.ConsoleLog_abortedCanceling() : Messages.ConsoleLog_abortedLeaving());
    }

    /** The service cancels the job, or there was nothing to cancel. */
    public void onCancelResponse(boolean accepted) {
        line(accepted ? Messages.ConsoleLog_cancelAccepted() : Messages.ConsoleLog_cancelNotNeeded());
    }

    /**
     * The build does not wait any longer for the outcome of its request to cancel the job.
     *
     * @param error why the service has not canceled the job yet; null if it has just not responded
     */
    public void onCancelPending(AmsException error) {
        line(
                error == null
                        ? Messages.ConsoleLog_cancelPending()
                        : Messages.ConsoleLog_cancelRetried(ErrorMessages.of(error)));
    }

    /** Jenkins is being shut down, and the job is canceled when it runs again. */
    public void cancelAfterRestart() {
        line(Messages.ConsoleLog_cancelAfterRestart());
    }

    /** The job could not be canceled. */
    public void onCancelFailed(JobId job, AmsException fault) {
        line(Messages.ConsoleLog_cancelFailed(job, ErrorMessages.of(fault)));
    }

    private void onEnded(WaitOutcome.Completed ended) {
        MediaJob job = ended.job();
        line(Messages.ConsoleLog_named(name(job), endState(job)));
        List<MediaTask> tasks = ended.tasks();
        for (int i = 0; i < tasks.size(); i++) {
            MediaTask task = tasks.get(i);
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
        if (ended.detailsError() != null) {
            line(Messages.ConsoleLog_noDetails(ErrorMessages.of(ended.detailsError())));
        }
    }

    /** Why a task failed, as far as its errors say anything. */
    public static List<String> errorTexts(MediaTask task) {
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
    public static String name(MediaJob job) {
        String name = plain(job.name());
        return name.isEmpty() ? job.id().value() : name;
    }

    /** Says that the service does not know the job, or no longer does. */
    public static String jobNotFound(JobId id, WaitOutcome.JobNotFound outcome) {
        return outcome.lastSeen() == null
                ? Messages.JobFailure_unknown(id)
                : Messages.JobFailure_deleted(id, plain(outcome.lastSeen().stateLabel()));
    }

    /** A name or message from the service on one line, without what could forge or disturb a log. */
    public static String plain(String text) {
        return PlainText.line(text, MAX_LENGTH);
    }

    private static String endState(MediaJob job) {
        String state = job.state().label();
        if (job.created() == null || job.endTime() == null) {
            return state;
        }
        String whole = DurationText.of(Duration.between(job.created(), job.endTime()));
        if (job.startTime() == null) {
            return Messages.ConsoleLog_after(state, whole);
        }
        return Messages.ConsoleLog_afterQueuedAndRunning(
                state,
                whole,
                DurationText.of(Duration.between(job.created(), job.startTime())),
                DurationText.of(Duration.between(job.startTime(), job.endTime())));
    }

    private static String state(MediaJob job, List<MediaTask> tasks, int percent) {
        if (job.state() == JobState.UNKNOWN) {
            String text = plain(job.stateText());
            return Messages.ConsoleLog_named(
                    name(job), text.isEmpty() ? Messages.ConsoleLog_noState() : Messages.ConsoleLog_unknownState(text));
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

    private String percent(MediaJob job, JobProgress progress, MediaTask ended) {
        String text = Messages.ConsoleLog_percent((int) progress.percent());
        if (ended != null) {
            text = Messages.ConsoleLog_taskEnded(
                    plain(ended.name()), ended.state().label(), text);
        }
        Duration rest = progress.remaining(clock.instant());
        if (rest != null && progress.percent() < 100) {
            text = Messages.ConsoleLog_remaining(text, DurationText.about(rest));
        }
        return Messages.ConsoleLog_named(name(job), text);
    }

    private String heartbeat(MediaJob job, List<MediaTask> tasks, JobProgress progress) {
        if (job.state() == JobState.PROCESSING && !tasks.isEmpty()) {
            return percent(job, progress, null);
        }
        return Messages.ConsoleLog_named(name(job), Messages.ConsoleLog_still(plain(job.stateLabel()), waited()));
    }

    private boolean isSilentFor(Duration time) {
        return timer.millis() - lastLine >= time.toMillis();
    }

    private String waited() {
        return DurationText.of(Duration.ofMillis(timer.millis() - waitingSince));
    }

    private static String lastSeen(WaitOutcome.TimedOut timedOut) {
        return timedOut.lastSeen() == null
                ? Messages.ConsoleLog_noLastState()
                : Messages.ConsoleLog_lastState(plain(timedOut.lastSeen().stateLabel()));
    }

    private static int firstProcessing(List<MediaTask> tasks) {
        for (int i = 0; i < tasks.size(); i++) {
            if (tasks.get(i).state() == JobState.PROCESSING) {
                return i;
            }
        }
        return -1;
    }

    /** The tasks that have ended since the last look, in the service's order; tasks run side by side too. */
    private static List<MediaTask> newlyEnded(List<MediaTask> tasks, Shown before) {
        BitSet shown = BitSet.valueOf(before.tasksEnded);
        return IntStream.range(0, tasks.size())
                .filter(i -> tasks.get(i).state().isTerminal() && !shown.get(i))
                .mapToObj(tasks::get)
                .toList();
    }

    private static long[] onEnded(List<MediaTask> tasks, Shown before) {
        BitSet ended = BitSet.valueOf(before.tasksEnded);
        IntStream.range(0, tasks.size())
                .filter(i -> tasks.get(i).state().isTerminal())
                .forEach(ended::set);
        return ended.toLongArray();
    }

    private void line(String text) {
        lastLine = timer.millis();
        lines.accept("[AMS] " + text);
    }
}
