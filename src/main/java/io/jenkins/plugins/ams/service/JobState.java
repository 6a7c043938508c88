/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

/**
 * The state of a job or of a task.
 *
 * <p>Numbers as in the AMS v2 REST reference of Job.State. The reference lists other names for Task.State, but the
 * service sends the same numbers for both, which is what its own client libraries rely on.
 */
public enum JobState {
    QUEUED(0, "Queued"),
    SCHEDULED(1, "Scheduled"),
    PROCESSING(2, "Processing"),
    FINISHED(3, "Finished"),
    ERROR(4, "Error"),
    CANCELED(5, "Canceled"),
    /** Cancellation was asked for; not yet an end. */
    CANCELING(6, "Canceling"),
    /** A number or word that the reference does not list. Never an end: the job is polled on. */
    UNKNOWN(-1, "Unknown");

    private final int number;
    private final String label;

    JobState(int number, String label) {
        this.number = number;
        this.label = label;
    }

    /** The state with this number, {@link #UNKNOWN} if there is none. */
    public static JobState of(int number) {
        for (JobState state : values()) {
            if (state.number == number && state != UNKNOWN) {
                return state;
            }
        }
        return UNKNOWN;
    }

    /** The state with this name, in any case; {@link #UNKNOWN} if there is none. */
    public static JobState named(String label) {
        for (JobState state : values()) {
            if (state.label.equalsIgnoreCase(label)) {
                return state;
            }
        }
        return UNKNOWN;
    }

    /** The state with this name or number, as AMS v2 may send it; {@link #UNKNOWN} if there is none. */
    public static JobState parse(String text) {
        for (JobState state : values()) {
            if (state != UNKNOWN && Integer.toString(state.number).equals(text)) {
                return state;
            }
        }
        return named(text);
    }

    /** The service's own name of the state; the same in every language. */
    public String label() {
        return label;
    }

    /** The number that the service uses; -1 for {@link #UNKNOWN}. */
    public int number() {
        return number;
    }

    /** Whether a job in this state never changes again: Finished, Error and Canceled. */
    public boolean isTerminal() {
        return this == FINISHED || this == ERROR || this == CANCELED;
    }

    /** Whether the job still waits for its turn: Queued and Scheduled. */
    public boolean isWaiting() {
        return this == QUEUED || this == SCHEDULED;
    }
}
