/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.soak;

import io.jenkins.plugins.ams.console.Messages;
import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.emulator.JobSnapshot;
import io.jenkins.plugins.ams.emulator.StateNumbers;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.JobState;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Compares each line of a wait's console with the current state of the job. Since the state can change while a line is
 * written, previous states are also valid.
 */
final class ConsoleCheck implements Consumer<String> {

    private static final String PREFIX = "[AMS] ";

    private final JobId id;
    private final EmulatedJob job;
    private final List<String> mismatches = new CopyOnWriteArrayList<>();

    /** @param job the job, or null if no job has this ID */
    ConsoleCheck(JobId id, EmulatedJob job) {
        this.id = id;
        this.job = job;
    }

    /** Returns the lines that did not match the job, followed by its state. */
    List<String> mismatches() {
        return mismatches;
    }

    @Override
    public void accept(String line) {
        String text = line.startsWith(PREFIX) ? line.substring(PREFIX.length()) : line;
        boolean valid = job == null ? isValidWithoutJob(text) : isValid(text, job.snapshot());
        if (!valid) {
            mismatches.add(line + " (" + (job == null ? "no job" : StateNumbers.state(job.state())) + ")");
        }
    }

    private boolean isValidWithoutJob(String text) {
        return !isDeleted(text) && !text.startsWith("'");
    }

    private boolean isValid(String text, JobSnapshot now) {
        JobState state = StateNumbers.state(now.state());
        if (text.equals(Messages.JobFailure_unknown(id)) || isDeleted(text)) {
            return false; // the soak test does not delete jobs
        }
        String start = "'" + now.name() + "': ";
        return !text.startsWith(start) || areStatesValid(text.substring(start.length()), now, state);
    }

    /** Returns whether the job or one of its tasks is or was in each state that the text contains. */
    private static boolean areStatesValid(String text, JobSnapshot now, JobState state) {
        return Stream.of(JobState.values())
                .filter(named -> Pattern.compile("\\b" + named.label() + "\\b")
                        .matcher(text)
                        .find())
                .allMatch(named -> hasReached(state, named)
                        || now.tasks().stream().anyMatch(task -> StateNumbers.state(task.state()) == named));
    }

    private static boolean hasReached(JobState state, JobState named) {
        return switch (named) {
            case QUEUED -> true;
            case SCHEDULED -> state != JobState.QUEUED;
            case PROCESSING -> state != JobState.QUEUED && state != JobState.SCHEDULED;
            case CANCELING -> state == JobState.CANCELING || state == JobState.CANCELED;
            case FINISHED, ERROR, CANCELED -> state == named;
            case UNKNOWN -> false;
        };
    }

    private boolean isDeleted(String text) {
        return Stream.of(JobState.values())
                .anyMatch(state -> text.equals(Messages.JobFailure_deleted(id, state.label())));
    }
}
