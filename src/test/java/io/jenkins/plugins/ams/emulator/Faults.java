/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * The active faults. Thread-safe.
 *
 * <pre>
 * emulator.faults().inject(Fault.status(503).retryAfter(Duration.ofSeconds(8)).on(RequestKind.JOBS).times(3));
 * emulator.faults().inject(Fault.reset().withProbability(0.1, 42));
 * emulator.faults().inject(Fault.latency(Duration.ofMillis(200)));
 * </pre>
 */
public final class Faults {

    private final List<Injection> injections = new ArrayList<>();

    Faults() {}

    /** An active fault. */
    public final class Injection {

        private final Fault fault;
        private final Random random;
        private int hits;

        private Injection(Fault fault) {
            this.fault = fault;
            this.random = new Random(fault.seed());
        }

        /** Returns the number of requests that the fault has affected. */
        public int hits() {
            synchronized (Faults.this) {
                return hits;
            }
        }

        /** Deactivates the fault. */
        public void remove() {
            synchronized (Faults.this) {
                injections.remove(this);
            }
        }

        private boolean applies(Request request, RequestKind kind) {
            if (!fault.matches(request, kind)
                    || fault.probability() < 1 && random.nextDouble() >= fault.probability()) {
                return false;
            }
            hits++;
            if (hits >= fault.times()) {
                injections.remove(this);
            }
            return true;
        }

        @Override
        public String toString() {
            return fault + ", " + hits() + " times so far";
        }
    }

    /**
     * The faults that affect a request.
     *
     * @param replacement the fault that replaces the response, or null
     * @param modifications the faults that modify the response, in order
     */
    record Match(Fault replacement, List<Fault> modifications) {

        List<String> names() {
            return Stream.concat(Stream.ofNullable(replacement), modifications.stream())
                    .map(Fault::toString)
                    .toList();
        }
    }

    /** Activates a fault. It takes effect after those that are already active. */
    public synchronized Injection inject(Fault fault) {
        Injection injection = new Injection(fault);
        if (fault.times() > 0) {
            injections.add(injection);
        }
        return injection;
    }

    /** Deactivates all faults. Requests that already hang remain so. */
    public synchronized void clear() {
        injections.clear();
    }

    /** Returns the active faults. */
    public synchronized List<Injection> active() {
        return List.copyOf(injections);
    }

    /**
     * Determines the faults for a request. Only the first replacing fault counts it, so that they apply one after
     * another.
     */
    synchronized Match match(Request request, RequestKind kind) {
        Fault replacement = null;
        List<Fault> modifications = new ArrayList<>();
        for (Injection injection : List.copyOf(injections)) {
            boolean eligible = replacement == null || !injection.fault.replaces();
            if (eligible && injection.applies(request, kind)) {
                if (injection.fault.replaces()) {
                    replacement = injection.fault;
                } else {
                    modifications.add(injection.fault);
                }
            }
        }
        return new Match(replacement, modifications);
    }
}
