/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.wait;

import static org.junit.Assert.assertEquals;

import io.jenkins.plugins.ams.testing.ManualTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.junit.Test;

public class DebouncedTasksTest {

    private static final Duration DELAY = Duration.ofSeconds(2);

    private final ManualTime time = new ManualTime();
    private final Queue<Runnable> threads = new ArrayDeque<>();
    private final List<String> done = new ArrayList<>();
    private final DebouncedTasks<String> tasks = new DebouncedTasks<>(time, threads::add, done::add);

    @Test
    public void runsAtOnceAfterAQuietPeriod() {
        request("a");
        runTasks();
        assertEquals(List.of("a"), done);
        advance(DELAY);
        request("a");
        runTasks();
        assertEquals(List.of("a", "a"), done);
    }

    @Test
    public void runsNothingInTheCallingThread() {
        request("a");
        assertEquals(List.of(), done);
    }

    @Test
    public void runsRepeatedRequestsOnceAfterTheDelay() {
        request("a");
        runTasks();
        for (int i = 0; i < 100; i++) {
            request("a");
            runTasks();
        }
        assertEquals(List.of("a"), done);
        advance(DELAY.minusMillis(1));
        assertEquals(List.of("a"), done);
        advance(Duration.ofMillis(1));
        assertEquals(List.of("a", "a"), done);
        advance(DELAY);
        assertEquals("and no more than that", List.of("a", "a"), done);
    }

    @Test
    public void runsAgainWhenRequestedWhileRunning() {
        DebouncedTasks<String> greedy = new DebouncedTasks<>(time, threads::add, subject -> {
            done.add(subject);
            if (done.size() == 1) {
                threads.add(() -> {});
            }
        });
        greedy.request("a", DELAY);
        threads.remove().run();
        greedy.request("a", DELAY);
        advance(DELAY);
        assertEquals(List.of("a", "a"), done);
    }

    @Test
    public void separatesSubjects() {
        request("a");
        request("b");
        runTasks();
        assertEquals(List.of("a", "b"), done);
    }

    @Test
    public void flushesPendingTasksOnce() {
        request("a");
        runTasks();
        request("a");
        request("b");
        tasks.flush();
        assertEquals(3, done.size());
        runTasks();
        advance(DELAY);
        assertEquals(3, done.size());
    }

    @Test
    public void flushesRejectedTasks() {
        DebouncedTasks<String> late = new DebouncedTasks<>(
                time,
                task -> {
                    throw new RejectedExecutionException();
                },
                done::add);
        late.request("a", DELAY);
        late.flush();
        assertEquals(List.of("a"), done);
    }

    @Test
    public void retriesRejectedTasks() {
        List<Throwable> refusals = new ArrayList<>();
        DebouncedTasks<String> refused = new DebouncedTasks<>(
                time,
                task -> {
                    if (refusals.isEmpty()) {
                        threads.add(task);
                    } else if (refusals.get(0) instanceof Error error) {
                        throw error;
                    } else {
                        throw (RuntimeException) refusals.get(0);
                    }
                },
                done::add);
        for (Throwable refusal : List.of(
                new OutOfMemoryError("unable to create native thread"), new RejectedExecutionException("full"))) {
            done.clear();
            refusals.add(refusal);
            refused.request("a", DELAY); // at once
            advance(Duration.ofSeconds(10));
            refusals.clear();
            advance(Duration.ofSeconds(1));
            assertEquals(List.of("a"), done);

            refused.request("a", DELAY); // at the end of the pause
            refusals.add(refusal);
            advance(Duration.ofSeconds(10));
            assertEquals(List.of("a"), done);
            refusals.clear();
            advance(Duration.ofSeconds(1));
            assertEquals(List.of("a", "a"), done);
            advance(DELAY);
        }
    }

    @Test
    public void removesIdleSubjects() {
        for (int i = 0; i < 100; i++) {
            request("build " + i);
            runTasks();
        }
        advance(DELAY);
        request("last");
        runTasks();
        assertEquals(1, tasks.size());
    }

    @Test
    public void limitsTheTasksOfASubject() {
        int jobs = 200;
        int changes = 3 * jobs;
        for (int i = 0; i < changes; i++) {
            tasks.request("build", Duration.ofSeconds(10));
            advance(Duration.ofMinutes(10).dividedBy(changes));
        }
        advance(Duration.ofMinutes(1));
        assertEquals("one in ten seconds", 60, done.size(), 2);
    }

    private void request(String subject) {
        tasks.request(subject, DELAY);
    }

    private void advance(Duration by) {
        time.advance(by, this::runTasks);
    }

    private void runTasks() {
        while (!threads.isEmpty()) {
            threads.remove().run();
        }
    }
}
