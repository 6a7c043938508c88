/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.console;

import io.jenkins.plugins.ams.http.PlainText;
import io.jenkins.plugins.ams.polling.WaitOutcome;
import io.jenkins.plugins.ams.service.ErrorDetail;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.MediaTask;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Describes jobs and their errors to users. Names and messages from the service become single lines of plain text. */
@Restricted(NoExternalUse.class)
public final class JobText {

    private JobText() {}

    /** Returns the job's name, or its ID if it has no name. */
    public static String name(MediaJob job) {
        String name = PlainText.line(job.name());
        return name.isEmpty() ? job.id().value() : name;
    }

    /**
     * Returns a message that the job was not found. If an earlier poll found the job, the message says that the job was
     * deleted.
     */
    public static String notFound(JobId id, WaitOutcome.JobNotFound outcome) {
        return outcome.lastSeen() == null
                ? Messages.JobFailure_unknown(id)
                : Messages.JobFailure_deleted(
                        id, PlainText.line(outcome.lastSeen().stateLabel()));
    }

    /** Returns the error messages of a task. Errors that have neither a code nor a message are omitted. */
    public static List<String> errors(MediaTask task) {
        return task.errors().stream()
                .map(JobText::error)
                .filter(text -> !text.isEmpty())
                .toList();
    }

    /** Formats an error as {@code code: message (category, advice)}, omitting empty parts. */
    private static String error(ErrorDetail error) {
        String code = PlainText.line(error.code());
        String message = PlainText.line(error.message());
        String text = code.isEmpty() || message.isEmpty() ? code + message : code + ": " + message;
        return text + advice(PlainText.line(error.category()), error.retry().label());
    }

    /**
     * Returns an error's category and the advice on retrying in parentheses, to be appended to the error message.
     * Returns an empty string if both are empty.
     */
    public static String advice(String category, String retry) {
        String advice =
                Stream.of(category, retry).filter(part -> !part.isEmpty()).collect(Collectors.joining(", "));
        return advice.isEmpty() ? "" : " (" + advice + ")";
    }

    /** Returns the state of a job that has ended, and how long the job was queued and running, if known. */
    static String end(MediaJob job) {
        String state = job.state().label();
        if (job.created() == null || job.endTime() == null) {
            return state;
        }
        String total = DurationText.of(Duration.between(job.created(), job.endTime()));
        if (job.startTime() == null) {
            return Messages.ConsoleLog_after(state, total);
        }
        return Messages.ConsoleLog_afterQueuedAndRunning(
                state,
                total,
                DurationText.of(Duration.between(job.created(), job.startTime())),
                DurationText.of(Duration.between(job.startTime(), job.endTime())));
    }
}
