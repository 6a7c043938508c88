/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

/** The state of a job or of a task. */
public enum JobState {
    QUEUED("Queued"),
    SCHEDULED("Scheduled"),
    PROCESSING("Processing"),
    FINISHED("Finished"),
    ERROR("Error"),
    CANCELED("Canceled"),
    /** The job's cancellation has been requested. This is not a terminal state. */
    CANCELING("Canceling"),
    /** A state that the API reference does not list. This is not a terminal state: polling continues. */
    UNKNOWN("Unknown");

    private final String label;

    JobState(String label) {
        this.label = label;
    }

    /** Returns the state with the given name, ignoring case, or {@link #UNKNOWN} if no state has this name. */
    public static JobState named(String label) {
        for (JobState state : values()) {
            if (state.label.equalsIgnoreCase(label)) {
                return state;
            }
        }
        return UNKNOWN;
    }

    /** Returns the state's name as the service spells it. The name is not localized. */
    public String label() {
        return label;
    }

    /**
     * Returns whether this state is terminal (Finished, Error, or Canceled). A job in a terminal state no longer
     * changes.
     */
    public boolean isTerminal() {
        return this == FINISHED || this == ERROR || this == CANCELED;
    }
}
