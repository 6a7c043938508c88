/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.runtime;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.testing.CapturedLog;
import io.jenkins.plugins.ams.testing.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.Test;

/**
 * Tests {@link KeyedExecutor} with simulated threads in a list. Each thread is blocked in its first task until the test
 * runs it.
 */
public class KeyedExecutorTest {

    private static final int MAX_THREADS = 6;
    private static final Duration BLOCKED = KeyedExecutor.BLOCKED_AFTER;

    private final ManualTime time = new ManualTime();
    private final List<Runnable> threads = new ArrayList<>();
    private final List<String> done = new ArrayList<>();
    private final KeyedExecutor executor = new KeyedExecutor(threads::add, time);
    private final KeyedExecutor.Group group = executor.group(MAX_THREADS);

    @Test
    public void usesTwoThreadsForQuickTasks() {
        IntStream.range(0, 1000).forEach(i -> submit("key " + i % 10));
        assertEquals(2, threads.size());
        while (!threads.isEmpty()) {
            unblock(0);
            assertTrue(threads.size() + " threads beside the one that became free", threads.size() < 2);
        }
        assertEquals(1000, done.size());
    }

    @Test
    public void alternatesBetweenKeys() {
        IntStream.range(0, 100).forEach(i -> submit("many"));
        submit("one");
        unblock(0);
        assertTrue("after " + done.indexOf("one"), done.indexOf("one") <= 2);
    }

    @Test
    public void runsOtherKeysOnOtherThreadsWhileTasksHang() {
        submit("dead 1");
        submit("dead 2");
        submit("dead 3");
        submit("alive");
        assertEquals("two of them run", 2, threads.size());
        time.advance(BLOCKED, () -> {});
        assertEquals(4, threads.size());
        unblock(3);
        assertEquals(List.of("alive"), done);
        submit("alive");
        unblock(3);
        assertEquals("run in parallel from then on", List.of("alive", "alive"), done);
    }

    @Test
    public void aHungGroupDelaysNoOtherGroup() {
        for (int i = 0; i < 2 * MAX_THREADS; i++) {
            submit("dead " + i);
            time.advance(BLOCKED, () -> {});
        }
        assertEquals(MAX_THREADS, threads.size());
        executor.group(1).of("dead 1").execute(() -> done.add("of another group"));
        unblock(MAX_THREADS);
        assertEquals(List.of("of another group"), done);
    }

    @Test
    public void groupsShareThreadsForQuickTasks() {
        for (int i = 0; i < 10; i++) {
            executor.group(MAX_THREADS).execute(() -> done.add("task"));
        }
        assertEquals(2, threads.size());
    }

    @Test
    public void neverUsesMoreThreadsThanItsMaximum() {
        for (int i = 0; i < 2 * MAX_THREADS; i++) {
            submit("dead " + i);
            time.advance(BLOCKED, () -> {});
        }
        assertEquals(MAX_THREADS, threads.size());
        unblock(0);
        assertEquals("a waiting task runs when a thread is free", MAX_THREADS + 1, done.size());
    }

    @Test
    public void aHungKeyUsesOneThread() {
        IntStream.range(0, 10).forEach(i -> submit("dead"));
        time.advance(KeyedExecutor.HUNG_AFTER.minusMillis(1), () -> {});
        assertEquals(1, threads.size());
    }

    @Test
    public void aHungTaskBlocksItsKeyTemporarily() {
        IntStream.range(0, 10).forEach(i -> submit("dead"));
        time.advance(KeyedExecutor.HUNG_AFTER, () -> {});
        assertEquals(2, threads.size());
        while (threads.size() > 1) {
            unblock(1);
        }
        assertEquals("the other tasks run when the store responds again", 9, done.size());
    }

    @Test
    public void limitsHungTasksPerKey() {
        IntStream.range(0, 10).forEach(i -> submit("dead"));
        time.advance(Duration.ofHours(1), () -> {});
        assertEquals(KeyedExecutor.MAX_PER_KEY, threads.size());
    }

    @Test
    public void runsQuickTasksOfAKeyConcurrently() {
        IntStream.range(0, 10).forEach(i -> submit("key"));
        assertEquals(1, threads.size());
        unblock(0);
        assertEquals("the last task is on another thread", 9, done.size());
        assertEquals(1, threads.size());
    }

    @Test
    public void runsSerialTasksInOrder() {
        Executor serial = group.serial("disk");
        for (int i = 0; i < 10; i++) {
            String name = "task " + i;
            serial.execute(() -> done.add(name));
        }
        time.advance(Duration.ofHours(1), () -> {});
        assertEquals(1, threads.size());
        unblock(0);
        assertEquals(IntStream.range(0, 10).mapToObj(i -> "task " + i).toList(), done);
    }

    @Test
    public void queuesTasksWithoutAThread() {
        AtomicInteger failures = new AtomicInteger(3);
        KeyedExecutor.Group starved = new KeyedExecutor(
                        task -> {
                            if (failures.getAndDecrement() > 0) {
                                throw new OutOfMemoryError("unable to create native thread");
                            }
                            threads.add(task);
                        },
                        time)
                .group(MAX_THREADS);
        try (CapturedLog log = CapturedLog.start()) {
            starved.of("key").execute(() -> done.add("a"));
            starved.of("key").execute(() -> done.add("b"));
            time.advance(Duration.ofSeconds(2), () -> {});
            assertThat(log.text(), containsString("No thread for a task"));
        }
        while (!threads.isEmpty()) {
            unblock(0);
        }
        assertEquals(List.of("a", "b"), done);
    }

    @Test
    public void aFailingTaskAffectsNoOther() {
        group.of("key").execute(() -> {
            throw new IllegalStateException("expected by the test");
        });
        submit("key");
        try (CapturedLog log = CapturedLog.start()) {
            unblock(0);
            assertEquals(List.of("A task failed"), log.messagesOf(KeyedExecutor.class));
        }
        assertEquals(List.of("key"), done);
    }

    @Test
    public void removesIdleKeys() {
        for (int i = 0; i < 100; i++) {
            submit("key " + i);
        }
        while (!threads.isEmpty()) {
            unblock(0);
        }
        assertEquals(0, executor.size());
        time.advance(Duration.ofMinutes(1), () -> {});
        assertEquals(0, time.scheduledTasks());
    }

    /** Submits ten thousand tasks concurrently to real threads. */
    @Test
    public void losesNoTask() throws InterruptedException {
        int tasks = 10_000;
        ExecutorService pool = Executors.newCachedThreadPool();
        try {
            KeyedExecutor.Group real = new KeyedExecutor(pool, time).group(MAX_THREADS);
            CountDownLatch ran = new CountDownLatch(tasks);
            AtomicInteger atOnce = new AtomicInteger();
            AtomicInteger mostAtOnce = new AtomicInteger();
            for (int giver = 0; giver < 4; giver++) {
                pool.execute(() -> {
                    for (int i = 0; i < tasks / 4; i++) {
                        real.of(i % 7).execute(() -> {
                            mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
                            atOnce.decrementAndGet();
                            ran.countDown();
                        });
                    }
                });
            }
            assertTrue(ran.getCount() + " tasks left", ran.await(30, TimeUnit.SECONDS));
            assertTrue(mostAtOnce + " in parallel", mostAtOnce.get() <= KeyedExecutor.MAX_UNBLOCKED);
        } finally {
            pool.shutdownNow();
        }
    }

    private void submit(String... keys) {
        for (String key : keys) {
            group.of(key).execute(() -> done.add(key));
        }
    }

    /** Runs a thread until it has no more tasks. */
    private void unblock(int thread) {
        threads.remove(thread).run();
    }
}
