/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.runtime;

import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.polling.Scheduler;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.Test;

public class ExecutorSchedulerTest {

    @Test
    public void aTimerHasItsThreadBeforeTheSystemHasNoneToGive() throws Exception {
        AtomicBoolean exhausted = new AtomicBoolean();
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
            if (exhausted.get()) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            return new Thread(task, "timer-test");
        });
        try {
            Scheduler timer = new ExecutorScheduler(executor);
            exhausted.set(true);
            CountDownLatch called = new CountDownLatch(1);
            timer.schedule(Duration.ZERO, called::countDown);
            assertTrue(called.await(30, TimeUnit.SECONDS));
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    public void dropsTasksScheduledAfterShutdown() {
        ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
        executor.shutdownNow();

        new ExecutorScheduler(executor).schedule(Duration.ZERO, () -> {}).cancel();
    }
}
