/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import io.jenkins.plugins.ams.service.JobState;
import java.util.EnumMap;
import java.util.Map;

/** The numbers by which AMS v2 and the emulator's own API name the states of jobs and tasks. */
public final class StateNumbers {

    private static final Map<JobState, Integer> NUMBERS = new EnumMap<>(Map.of(
            JobState.QUEUED, 0,
            JobState.SCHEDULED, 1,
            JobState.PROCESSING, 2,
            JobState.FINISHED, 3,
            JobState.ERROR, 4,
            JobState.CANCELED, 5,
            JobState.CANCELING, 6));

    private StateNumbers() {}

    /** Returns the number of a documented state. */
    public static int of(JobState state) {
        return NUMBERS.get(state);
    }

    /** Returns the state with a number, or {@link JobState#UNKNOWN}. */
    public static JobState state(int number) {
        return NUMBERS.entrySet().stream()
                .filter(entry -> entry.getValue() == number)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(JobState.UNKNOWN);
    }
}
