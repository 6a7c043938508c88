/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The faults that are at work. All methods may be called at any time, also from several threads.
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

    /** A fault at work. */
    public final class Injection {

        private final Fault fault;
        private final Random random;
        private int hits;

        private Injection(Fault fault) {
            this.fault = fault;
            this.random = new Random(fault.seed());
        }

        /** How many requests it befell so far. */
        public int hits() {
            synchronized (Faults.this) {
                return hits;
            }
        }

        /** Ends it. */
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
     * What befalls one request.
     *
     * @param replacement null if it is answered as usual
     * @param modifications what happens to the answer, in order
     */
    record Match(Fault replacement, List<Fault> modifications) {}

    /** Puts a fault to work, after those that are at work already. */
    public synchronized Injection inject(Fault fault) {
        Injection injection = new Injection(fault);
        if (fault.times() > 0) {
            injections.add(injection);
        }
        return injection;
    }

    /** Ends all faults. Requests that hang by now hang on. */
    public synchronized void clear() {
        injections.clear();
    }

    /** The faults at work. */
    public synchronized List<Injection> active() {
        return List.copyOf(injections);
    }

    /** Only the first replacing fault counts the request, so that one after the other has its turn. */
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
