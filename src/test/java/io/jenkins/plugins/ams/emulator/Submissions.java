/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.UnaryOperator;

/**
 * Determines how jobs behave that a client submits to one of the emulated APIs. A request says what to encode, but not
 * how long that takes and whether it succeeds. By default, a submitted job is Queued for two seconds, each of its tasks
 * takes ten, and it finishes. Thread-safe.
 */
public final class Submissions {

    private static final UnaryOperator<JobScript> DEFAULT =
            script -> script.queued(Duration.ofSeconds(2)).processing(Duration.ofSeconds(10));

    private final Deque<UnaryOperator<JobScript>> next = new ArrayDeque<>();
    private UnaryOperator<JobScript> usual = DEFAULT;

    Submissions() {}

    /** Sets how jobs behave that are submitted from now on, after those of {@link #next}. */
    public synchronized void all(UnaryOperator<JobScript> behavior) {
        usual = behavior;
    }

    /** Sets how the given number of jobs behave that are submitted next. Several calls apply one after another. */
    public synchronized void next(int jobs, UnaryOperator<JobScript> behavior) {
        for (int i = 0; i < jobs; i++) {
            next.add(behavior);
        }
    }

    /** Makes submitted jobs behave as by default. */
    public synchronized void reset() {
        next.clear();
        usual = DEFAULT;
    }

    synchronized JobScript withBehavior(JobScript submitted) {
        UnaryOperator<JobScript> behavior = next.isEmpty() ? usual : next.remove();
        return behavior.apply(DEFAULT.apply(submitted));
    }
}
