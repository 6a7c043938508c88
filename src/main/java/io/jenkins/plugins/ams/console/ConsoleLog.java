/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.console;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.http.PlainText;
import io.jenkins.plugins.ams.polling.JobProgress;
import io.jenkins.plugins.ams.polling.Scheduler;
import io.jenkins.plugins.ams.polling.WaitOutcome;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.MediaTask;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Writes the progress of one wait to the build console. A line is written when something changes, and every five
 * minutes while nothing changes. Durations are measured with the scheduler's clock, because the system clock can be
 * adjusted.
 *
 * <p>Not thread-safe.
 */
@Restricted(NoExternalUse.class)
public final class ConsoleLog {

    private static final Duration HEARTBEAT = Duration.ofMinutes(5);

    /**
     * If the next poll is due within this time, the heartbeat line is postponed, because the poll may have more to
     * report.
     */
    private static final Duration SOON = Duration.ofMinutes(1);

    private static final int PROGRESS_STEP = 10;

    private final Consumer<String> lines;
    private final Clock clock;
    private final Scheduler timer;
    private final Consumer<Shown> store;
    private Shown shown;

    /** Start time of the wait in milliseconds on the timer's clock. Estimated with the system clock after a restart. */
    private final long waitingSince;

    private long lastLine;

    /** Creates a log that does not store the information that it shows. */
    public ConsoleLog(Consumer<String> lines, Clock clock, Scheduler timer) {
        this(lines, clock, timer, Shown.NOTHING, shown -> {});
    }

    /**
     * Creates the log of a wait that begins or resumes.
     *
     * @param lines receives one line at a time, without a line separator
     * @param clock the system clock, which is used to estimate a job's remaining time and to calculate how long a
     *     resumed wait has already lasted
     * @param shown the information that the console has already shown, which a resumed wait does not repeat
     * @param store receives the updated information before it is shown
     */
    public ConsoleLog(Consumer<String> lines, Clock clock, Scheduler timer, Shown shown, Consumer<Shown> store) {
        this.lines = lines;
        this.clock = clock;
        this.timer = timer;
        this.shown = shown;
        this.store = store;
        this.lastLine = timer.millis();
        long waited = shown.waitingSince() == 0 ? 0 : clock.millis() - shown.waitingSince();
        this.waitingSince = lastLine - Math.max(0, waited);
    }

    /**
     * The information about a wait that the console has already shown. This information is stored with the build, so
     * that a resumed wait does not repeat it.
     *
     * @param stateText the job's state as returned by the service, or null before the first poll
     * @param progress the progress in percent
     * @param tasksEnded the indexes of the tasks that have ended
     * @param waitingSince the start of the wait in milliseconds since the epoch, or 0 if the wait has not started
     * @param ended whether the end of the wait has been shown
     */
    public record Shown(
            @CheckForNull String stateText, int progress, List<Integer> tasksEnded, long waitingSince, boolean ended) {

        public static final Shown NOTHING = since(0);

        public Shown {
            tasksEnded = tasksEnded == null
                    ? List.of()
                    : tasksEnded.stream().filter(Objects::nonNull).toList();
        }

        /**
         * Creates an instance for a wait about which the console has not shown any information yet.
         *
         * @param waitingSince the start of the wait in milliseconds since the epoch
         */
        public static Shown since(long waitingSince) {
            return new Shown(null, 0, List.of(), waitingSince, false);
        }
    }

    /**
     * Reports the start of the wait.
     *
     * @param link turns the job ID into a link to the job's page, or returns it unchanged if there is no such page
     */
    public void onStarted(JobId job, String account, String credentialsId, UnaryOperator<String> link) {
        line(Messages.ConsoleLog_waiting(
                link.apply(job.value()), PlainText.line(account), PlainText.line(credentialsId)));
    }

    /** Reports that the wait has resumed after a restart of Jenkins. */
    public void onResumed(JobId job) {
        line(Messages.ConsoleLog_resumed(job));
    }

    /** Reports the changes that a poll has found in a job that has not ended. */
    public void onPolled(MediaJob job, List<MediaTask> tasks, JobProgress progress) {
        int percent = (int) progress.percent();
        Shown before = shown;
        List<Integer> ended = newlyEnded(tasks, before);
        List<String> changes = List.of();
        if (!job.stateText().equals(before.stateText())) {
            changes = List.of(state(job, tasks, percent));
        } else if (!ended.isEmpty()) {
            changes = ended.stream()
                    .map(task -> percent(job, progress, tasks.get(task)))
                    .toList();
        } else if (percent >= before.progress() + PROGRESS_STEP) {
            changes = List.of(percent(job, progress, null));
        } else if (isSilentFor(HEARTBEAT)) {
            changes = List.of(heartbeat(job, tasks, progress));
        }
        if (!changes.isEmpty()) {
            List<Integer> allEnded =
                    Stream.concat(before.tasksEnded().stream(), ended.stream()).toList();
            show(new Shown(job.stateText(), percent, allEnded, before.waitingSince(), false));
            changes.forEach(this::line);
        }
    }

    /** Reports the first of a series of transient errors. */
    public void onError(AmsException error, Duration retryDelay) {
        line(Messages.ConsoleLog_retryingIn(ErrorMessages.transientError(error), DurationText.of(retryDelay)));
    }

    /** Reports the first of a series of errors that end the wait if they continue for the entire retry period. */
    public void onRejected(AmsException error, Duration retryDelay, Duration retryPeriod) {
        line(Messages.ConsoleLog_retryingFor(
                ErrorMessages.transientError(error), DurationText.of(retryDelay), DurationText.of(retryPeriod)));
    }

    /** Reports that the wait continues, if the console has been silent for five minutes. */
    public void onHeartbeat(@CheckForNull AmsException error, Duration failingFor, Duration untilPoll) {
        if (!isSilentFor(HEARTBEAT)) {
            return;
        }
        if (error != null) {
            String again =
                    Messages.ConsoleLog_retryingIn(ErrorMessages.transientError(error), DurationText.of(untilPoll));
            line(Messages.ConsoleLog_stillFailing(DurationText.of(failingFor), again));
        } else if (untilPoll.compareTo(SOON) > 0) {
            line(Messages.ConsoleLog_stillWaiting(waited(), DurationText.of(untilPoll)));
        } else if (isSilentFor(HEARTBEAT.plus(SOON))) {
            line(Messages.ConsoleLog_pollQueued(waited()));
        }
    }

    /** Reports the end of a series of errors. */
    public void onRecovered(Duration after) {
        line(Messages.ConsoleLog_recovered(DurationText.of(after)));
    }

    /** Reports the wait's outcome, unless the console already shows the outcome. */
    public void onEnded(JobId id, WaitOutcome outcome) {
        if (shown.ended()) {
            return;
        }
        show(new Shown(shown.stateText(), shown.progress(), shown.tasksEnded(), shown.waitingSince(), true));
        if (outcome instanceof WaitOutcome.Completed completed) {
            onCompleted(completed);
        } else if (outcome instanceof WaitOutcome.Failed failed) {
            line(ErrorMessages.failure(failed.cause()));
        } else if (outcome instanceof WaitOutcome.JobNotFound missing) {
            line(JobText.notFound(id, missing));
        } else if (outcome instanceof WaitOutcome.TimedOut timedOut) {
            line(Messages.ConsoleLog_timedOut(waited(), lastSeen(timedOut)));
        }
    }

    /** Reports that the build was aborted. */
    public void onAborted(boolean cancelsJob) {
        line(cancelsJob ? Messages.ConsoleLog_abortedCanceling() : Messages.ConsoleLog_abortedLeaving());
    }

    /** Reports that a user has requested the cancellation of the job. The wait continues. */
    public void onCanceledBy(String user) {
        line(Messages.ConsoleLog_canceledBy(PlainText.line(user)));
    }

    /** Reports that the service is canceling the job, or that there was nothing to cancel. */
    public void onCancelResponse(boolean accepted) {
        line(accepted ? Messages.ConsoleLog_cancelAccepted() : Messages.ConsoleLog_cancelNotNeeded());
    }

    /**
     * Reports that the build ends before the outcome of its cancellation request is known.
     *
     * @param error why the service has not canceled the job yet, or null if the service has not responded
     */
    public void onCancelPending(@CheckForNull AmsException error) {
        line(
                error == null
                        ? Messages.ConsoleLog_cancelPending()
                        : Messages.ConsoleLog_cancelRetried(ErrorMessages.of(error)));
    }

    /** Reports that Jenkins is shutting down and will cancel the job after the restart. */
    public void cancelAfterRestart() {
        line(Messages.ConsoleLog_cancelAfterRestart());
    }

    /** Reports that the job could not be canceled. */
    public void onCancelFailed(JobId job, AmsException error) {
        line(Messages.ConsoleLog_cancelFailed(job, ErrorMessages.of(error)));
    }

    private void onCompleted(WaitOutcome.Completed completed) {
        MediaJob job = completed.job();
        line(Messages.ConsoleLog_named(JobText.name(job), JobText.end(job)));
        List<MediaTask> tasks = completed.details().tasks();
        for (int i = 0; i < tasks.size(); i++) {
            MediaTask task = tasks.get(i);
            List<String> errors = JobText.errors(task);
            if (errors.isEmpty() && task.state() == JobState.ERROR) {
                errors = List.of(task.state().label());
            }
            for (String error : errors) {
                line(Messages.ConsoleLog_taskError(i + 1, tasks.size(), PlainText.line(task.name()), error));
            }
        }
        if (job.state() == JobState.ERROR && job.requestId() != null) {
            line(Messages.ConsoleLog_requestId(PlainText.line(job.requestId())));
        }
        AmsException detailsError = completed.detailsError();
        if (detailsError != null) {
            line(Messages.ConsoleLog_noDetails(ErrorMessages.of(detailsError)));
        }
    }

    private static String state(MediaJob job, List<MediaTask> tasks, int percent) {
        if (job.state() == JobState.UNKNOWN) {
            String text = PlainText.line(job.stateText());
            return Messages.ConsoleLog_named(
                    JobText.name(job),
                    text.isEmpty() ? Messages.ConsoleLog_noState() : Messages.ConsoleLog_unknownState(text));
        }
        int running = firstProcessing(tasks);
        if (job.state() != JobState.PROCESSING || running < 0) {
            return Messages.ConsoleLog_named(JobText.name(job), job.state().label());
        }
        return Messages.ConsoleLog_named(
                JobText.name(job),
                Messages.ConsoleLog_processing(
                        job.state().label(),
                        running + 1,
                        tasks.size(),
                        PlainText.line(tasks.get(running).name()),
                        percent));
    }

    private String percent(MediaJob job, JobProgress progress, MediaTask ended) {
        String text = Messages.ConsoleLog_percent((int) progress.percent());
        if (ended != null) {
            text = Messages.ConsoleLog_taskEnded(
                    PlainText.line(ended.name()), ended.state().label(), text);
        }
        Duration rest = progress.remaining(clock.instant());
        if (rest != null && progress.percent() < 100) {
            text = Messages.ConsoleLog_remaining(text, DurationText.about(rest));
        }
        return Messages.ConsoleLog_named(JobText.name(job), text);
    }

    private String heartbeat(MediaJob job, List<MediaTask> tasks, JobProgress progress) {
        if (job.state() == JobState.PROCESSING && !tasks.isEmpty()) {
            return percent(job, progress, null);
        }
        return Messages.ConsoleLog_named(
                JobText.name(job), Messages.ConsoleLog_still(PlainText.line(job.stateLabel()), waited()));
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
                : Messages.ConsoleLog_lastState(
                        PlainText.line(timedOut.lastSeen().stateLabel()));
    }

    private static int firstProcessing(List<MediaTask> tasks) {
        for (int i = 0; i < tasks.size(); i++) {
            if (tasks.get(i).state() == JobState.PROCESSING) {
                return i;
            }
        }
        return -1;
    }

    /** Returns the indexes of the ended tasks whose end the console has not shown yet. */
    private static List<Integer> newlyEnded(List<MediaTask> tasks, Shown before) {
        return IntStream.range(0, tasks.size())
                .filter(i -> tasks.get(i).state().isTerminal())
                .filter(i -> !before.tasksEnded().contains(i))
                .boxed()
                .toList();
    }

    private void show(Shown next) {
        shown = next;
        store.accept(next);
    }

    private void line(String text) {
        lastLine = timer.millis();
        lines.accept("[AMS] " + text);
    }
}
