/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.build;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.junit.rules.Verifier;

/**
 * Collects the problems that a test finds, and fails the test at its end, so that one run shows everything that must be
 * corrected. Each problem names a file and says what to change.
 */
final class Problems extends Verifier {

    private final List<String> found = new ArrayList<>();

    void add(String problem) {
        found.add(problem);
    }

    /** Adds a problem unless the condition is met. */
    void expect(boolean condition, String problem) {
        if (!condition) {
            add(problem);
        }
    }

    /**
     * Adds a problem for each value that only one of two collections contains.
     *
     * @param missing what to do about an expected value that is missing; {@code %s} is the value
     * @param unknown what to do about a value that is not expected; {@code %s} is the value
     */
    void expectSame(Collection<String> expected, Collection<String> there, String missing, String unknown) {
        for (String value : new TreeSet<>(expected)) {
            expect(there.contains(value), missing.formatted(value));
        }
        for (String value : new TreeSet<>(there)) {
            expect(expected.contains(value), unknown.formatted(value));
        }
    }

    @Override
    protected void verify() {
        if (!found.isEmpty()) {
            throw new AssertionError((found.size() == 1 ? "1 problem:" : found.size() + " problems:") + "\n- "
                    + String.join("\n- ", found));
        }
    }
}
