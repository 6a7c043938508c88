/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.testing;

import io.jenkins.plugins.ams.polling.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BooleanSupplier;

/** A clock and a scheduler that tests advance together. */
public final class ManualTime implements Scheduler {

    private final ManualClock clock = new ManualClock();
    private final List<Entry> entries = new ArrayList<>();
    private long millis = 1_000_000;
    private long sequence;

    private record Entry(long at, long sequence, Runnable task) {}

    /** Returns the clock. It moves with {@link #advance}, and can also be set separately. */
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

    /** Returns the number of scheduled tasks. */
    public synchronized int scheduledTasks() {
        return entries.size();
    }

    /**
     * Advances the time, and runs the scheduled tasks that become due in their order.
     *
     * @param settle called before the first and after each task; must return when the effects of the task are complete
     */
    public void advance(Duration by, Runnable settle) {
        advanceUntil(() -> false, by, settle);
    }

    /** Advances the time until a condition is met, or by the maximum. */
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
