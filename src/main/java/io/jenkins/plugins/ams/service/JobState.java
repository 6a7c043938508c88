/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

/**
 * The state of a job or of a task.
 *
 * <p>The numbers are those of Job.State in the AMS v2 REST reference. The reference lists other names for Task.State,
 * but the service sends the same numbers for both, and its own client libraries rely on that.
 */
public enum JobState {
    QUEUED(0, "Queued"),
    SCHEDULED(1, "Scheduled"),
    PROCESSING(2, "Processing"),
    FINISHED(3, "Finished"),
    ERROR(4, "Error"),
    CANCELED(5, "Canceled"),
    /** Cancellation has been requested. Not a terminal state. */
    CANCELING(6, "Canceling"),
    /** A number or word that the reference does not list. Not a terminal state: polling continues. */
    UNKNOWN(-1, "Unknown");

    private final int number;
    private final String label;

    JobState(int number, String label) {
        this.number = number;
        this.label = label;
    }

    /** Returns the state with this number, or {@link #UNKNOWN}. */
    public static JobState of(int number) {
        for (JobState state : values()) {
            if (state.number == number && state != UNKNOWN) {
                return state;
            }
        }
        return UNKNOWN;
    }

    /** Returns the state with this name, ignoring case, or {@link #UNKNOWN}. */
    public static JobState named(String label) {
        for (JobState state : values()) {
            if (state.label.equalsIgnoreCase(label)) {
                return state;
            }
        }
        return UNKNOWN;
    }

    /** Returns the state with this name or number, or {@link #UNKNOWN}. AMS v2 sends either. */
    public static JobState parse(String text) {
        for (JobState state : values()) {
            if (state != UNKNOWN && Integer.toString(state.number).equals(text)) {
                return state;
            }
        }
        return named(text);
    }

    /** Returns the service's name of the state, which is not translated. */
    public String label() {
        return label;
    }

    /** Returns the service's number of the state; -1 for {@link #UNKNOWN}. */
    public int number() {
        return number;
    }

    /** Returns whether a job in this state never changes again: Finished, Error or Canceled. */
    public boolean isTerminal() {
        return this == FINISHED || this == ERROR || this == CANCELED;
    }

    /** Returns whether a job in this state has not started yet: Queued or Scheduled. */
    public boolean isWaiting() {
        return this == QUEUED || this == SCHEDULED;
    }
}
