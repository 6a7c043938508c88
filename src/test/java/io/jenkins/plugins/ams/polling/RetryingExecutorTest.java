/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.ams.testing.ExpectedLog;
import io.jenkins.plugins.ams.testing.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.Rule;
import org.junit.Test;

public class RetryingExecutorTest {

    private final ManualTime time = new ManualTime();
    private final Simulation.Threads threads = new Simulation.Threads();
    private final RetryingExecutor executor = new RetryingExecutor(time, threads);
    private final List<String> done = new ArrayList<>();

    @Rule
    public final ExpectedLog expected = ExpectedLog.of(RetryingExecutor.class);

    @Test
    public void retriesRejectedTasksWithOneScheduledTask() {
        threads.rejectWith(() -> new OutOfMemoryError("unable to create native thread"));
        for (int i = 0; i < 100; i++) {
            String name = "task " + i;
            executor.execute(() -> done.add(name));
        }
        assertEquals(1, time.scheduledTasks());
        advance(Duration.ofSeconds(10));
        assertEquals(List.of(), done);

        threads.rejectWith(() -> null);
        advance(RetryingExecutor.RETRY_DELAY);
        assertEquals(100, new HashSet<>(done).size());
        assertEquals("each task runs once", 100, done.size());
        assertEquals(0, time.scheduledTasks());
    }

    /** Behaves like a pool that queues a task and then fails to create a thread for it. */
    @Test
    public void runsAnAcceptedTaskOnce() {
        List<Runnable> queue = new ArrayList<>();
        RetryingExecutor failing = new RetryingExecutor(time, task -> {
            queue.add(task);
            if (queue.size() == 1) {
                throw new OutOfMemoryError("unable to create native thread");
            }
        });
        failing.execute(() -> done.add("task"));
        advance(RetryingExecutor.RETRY_DELAY);
        assertEquals(2, queue.size());
        queue.forEach(Runnable::run);
        assertEquals(List.of("task"), done);
    }

    @Test
    public void doesNotRetryAfterATaskError() {
        RetryingExecutor direct = new RetryingExecutor(time, Runnable::run);
        assertThrows(
                RejectedExecutionException.class,
                () -> direct.execute(() -> {
                    throw new RejectedExecutionException("of something else");
                }));
        assertEquals(0, time.scheduledTasks());
    }

    @Test
    public void retriesWithTheNextTaskWhenSchedulingFails() {
        boolean[] fails = {true};
        Scheduler timer = new Scheduler() {
            @Override
            public long millis() {
                return time.millis();
            }

            @Override
            public ScheduledTask schedule(Duration delay, Runnable task) {
                if (fails[0]) {
                    throw new OutOfMemoryError("unable to create native thread");
                }
                return time.schedule(delay, task);
            }
        };
        RetryingExecutor unlucky = new RetryingExecutor(timer, threads);
        threads.rejectWith(() -> new OutOfMemoryError("unable to create native thread"));
        unlucky.execute(() -> done.add("first"));
        fails[0] = false;
        unlucky.execute(() -> done.add("second"));
        threads.rejectWith(() -> null);
        advance(RetryingExecutor.RETRY_DELAY);
        assertEquals(List.of("first", "second"), done);
    }

    private void advance(Duration by) {
        time.advance(by, () -> {
            while (threads.run()) {
                // until nothing is left to do
            }
        });
    }
}
