/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.soak;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;

/**
 * Simulates faults of the controller: the operating system cannot create threads for several seconds, consoles hang, or
 * the controller restarts.
 */
final class ControllerFaults {

    private static final int SECONDS_WITHOUT_THREADS = 3;
    private static final int HANG_SECONDS = 6;

    static final String HUNG_CONSOLE = "controller: console hung for 6 s";
    private static final String NO_THREADS = "controller: no threads for 3 s";
    private static final String RESTART = "controller: restart";

    /** Maximum number of consoles that hang at the same time, so that some threads remain for the other listeners. */
    static final int MAX_HUNG = 12;

    private record Hang(CountDownLatch end, int[] secondsLeft) {}

    private final Random random;
    private final Runnable restart;
    private final List<Hang> hangs = new ArrayList<>();
    private volatile boolean exhausted;
    private boolean ended;
    private int exhaustedSeconds;
    private int exhaustions;
    private int hungConsoles;
    private int restarts;
    private final List<Lateness.Period> periods = new ArrayList<>();

    /** @param restart shuts down the poller and resumes its waits with a new one */
    ControllerFaults(long seed, Runnable restart) {
        this.random = new Random(seed);
        this.restart = restart;
    }

    /** Starts and ends faults. Must be called every second. */
    synchronized void tick() {
        if (exhaustedSeconds > 0) {
            exhaustedSeconds--;
            exhausted = exhaustedSeconds > 0;
        } else if (random.nextInt(6) == 0) {
            exhausted = true;
            exhaustedSeconds = SECONDS_WITHOUT_THREADS;
            exhaustions++;
            addPeriod(NO_THREADS, (SECONDS_WITHOUT_THREADS + 1) * 1000);
        }
        for (Iterator<Hang> each = hangs.iterator(); each.hasNext(); ) {
            Hang hang = each.next();
            if (--hang.secondsLeft()[0] == 0) {
                hang.end().countDown();
                each.remove();
            }
        }
        if (random.nextInt(8) == 0) {
            restarts++;
            long begun = System.currentTimeMillis();
            restart.run();
            addPeriod(RESTART, 1000 + System.currentTimeMillis() - begun);
        }
    }

    private void addPeriod(String fault, long millis) {
        long now = System.currentTimeMillis();
        periods.add(new Lateness.Period(fault, now, now + millis));
    }

    /** When everything stood still, and why. */
    synchronized List<Lateness.Period> periods() {
        return List.copyOf(periods);
    }

    synchronized void end() {
        ended = true;
        exhausted = false;
        hangs.forEach(hang -> hang.end().countDown());
    }

    /** Returns an executor that rejects tasks while no threads can be created. */
    Executor threads(Executor pool) {
        return task -> {
            if (exhausted) {
                throw new OutOfMemoryError("unable to create native thread: possibly out of memory or process limits");
            }
            pool.execute(task);
        };
    }

    /** Returns the console of a wait, which sometimes hangs for several seconds at the first write. */
    synchronized Runnable console() {
        if (ended || hangs.size() >= MAX_HUNG || random.nextInt(20) != 0) {
            return () -> {};
        }
        hungConsoles++;
        CountDownLatch end = new CountDownLatch(1);
        hangs.add(new Hang(end, new int[] {HANG_SECONDS}));
        return () -> {
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
    }

    /** Returns how often each fault occurred. */
    synchronized Map<String, Integer> counts() {
        Map<String, Integer> counts = new LinkedHashMap<>();
        counts.put(NO_THREADS, exhaustions);
        counts.put(HUNG_CONSOLE, hungConsoles);
        counts.put(RESTART, restarts);
        return counts;
    }
}
