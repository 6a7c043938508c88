/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.testing;

import io.jenkins.plugins.ams.watch.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Time that stands still until a test moves it: a clock, and a timer that goes with it. */
public final class ManualTime implements Scheduler {

    private final ManualClock clock = new ManualClock();
    private final List<Entry> entries = new ArrayList<>();
    private long millis = 1_000_000;
    private long sequence;

    private record Entry(long at, long sequence, Runnable task) {}

    /** The time of day; goes along with {@link #advance}, and may be set apart from it. */
    public ManualClock clock() {
        return clock;
    }

    @Override
    public synchronized long millis() {
        return millis;
    }

    @Override
    public synchronized ScheduledTask schedule(Duration delay, Runnable task) {
        Entry entry = new Entry(millis + Math.max(0, delay.toMillis()), sequence++, task);
        entries.add(entry);
        return () -> remove(entry);
    }

    /** How many alarms are set. */
    public synchronized int scheduledTasks() {
        return entries.size();
    }

    /**
     * Moves time, alarm by alarm.
     *
     * @param settle called before, between and after alarms; returns when what they set off has come to rest
     */
    public void advance(Duration by, Runnable settle) {
        advanceUntil(() -> false, by, settle);
    }

    /** Moves time, alarm by alarm, until something is the case, or for so long at most. */
    public void advanceUntil(BooleanSupplier reached, Duration atMost, Runnable settle) {
        settle.run();
        long target = millis() + atMost.toMillis();
        while (!reached.getAsBoolean()) {
            Entry next = removeDue(target);
            if (next == null) {
                moveTo(target);
                settle.run();
                return;
            }
            next.task().run();
            settle.run();
        }
    }

    private synchronized void remove(Entry entry) {
        entries.remove(entry);
    }

    private synchronized Entry removeDue(long target) {
        Entry next = entries.stream()
                .filter(entry -> entry.at() <= target)
                .min(Comparator.comparingLong(Entry::at).thenComparingLong(Entry::sequence))
                .orElse(null);
        if (next != null) {
            entries.remove(next);
            moveTo(Math.max(millis, next.at()));
        }
        return next;
    }

    private synchronized void moveTo(long time) {
        Instant moved = clock.instant().plusMillis(time - millis);
        millis = time;
        clock.set(moved);
    }
}
