/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.report;

import static org.junit.Assert.assertEquals;

import io.jenkins.plugins.ams.testing.ManualTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.junit.Test;

public class PacedTasksTest {

    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final ManualTime time = new ManualTime();
    private final Queue<Runnable> threads = new ArrayDeque<>();
    private final List<String> done = new ArrayList<>();
    private final PacedTasks<String> tasks = new PacedTasks<>(time, threads::add, done::add);

    @Test
    public void doesAtOnceWhatWasLeftAloneBefore() {
        ask("a");
        work();
        assertEquals(List.of("a"), done);
        advance(PAUSE);
        ask("a");
        work();
        assertEquals(List.of("a", "a"), done);
    }

    @Test
    public void doesNothingInTheThreadThatAsks() {
        ask("a");
        assertEquals(List.of(), done);
    }

    @Test
    public void doesAtTheEndOfAPauseWhatWasAskedForWithinIt() {
        ask("a");
        work();
        for (int i = 0; i < 100; i++) {
            ask("a");
            work();
        }
        assertEquals(List.of("a"), done);
        advance(PAUSE.minusMillis(1));
        assertEquals(List.of("a"), done);
        advance(Duration.ofMillis(1));
        assertEquals(List.of("a", "a"), done);
        advance(PAUSE);
        assertEquals("and no more than that", List.of("a", "a"), done);
    }

    @Test
    public void doesAgainWhatIsAskedForWhileItIsDone() {
        PacedTasks<String> greedy = new PacedTasks<>(time, threads::add, subject -> {
            done.add(subject);
            if (done.size() == 1) {
                threads.add(() -> {});
            }
        });
        greedy.ask("a", PAUSE);
        threads.remove().run();
        greedy.ask("a", PAUSE);
        advance(PAUSE);
        assertEquals(List.of("a", "a"), done);
    }

    @Test
    public void keepsSubjectsApart() {
        ask("a");
        ask("b");
        work();
        assertEquals(List.of("a", "b"), done);
    }

    @Test
    public void flushesWhatIsLeftOnce() {
        ask("a");
        work();
        ask("a");
        ask("b");
        tasks.flush();
        assertEquals(3, done.size());
        work();
        advance(PAUSE);
        assertEquals(3, done.size());
    }

    @Test
    public void flushesWhatTheThreadsDoNotTakeAnyMore() {
        PacedTasks<String> late = new PacedTasks<>(
                time,
                task -> {
                    throw new RejectedExecutionException();
                },
                done::add);
        late.ask("a", PAUSE);
        late.flush();
        assertEquals(List.of("a"), done);
    }

    @Test
    public void doesWhatTheThreadsDidNotTakeForAWhile() {
        List<Throwable> refusals = new ArrayList<>();
        PacedTasks<String> refused = new PacedTasks<>(
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
            refused.ask("a", PAUSE); // at once
            advance(Duration.ofSeconds(10));
            refusals.clear();
            advance(Duration.ofSeconds(1));
            assertEquals(List.of("a"), done);

            refused.ask("a", PAUSE); // at the end of the pause
            refusals.add(refusal);
            advance(Duration.ofSeconds(10));
            assertEquals(List.of("a"), done);
            refusals.clear();
            advance(Duration.ofSeconds(1));
            assertEquals(List.of("a", "a"), done);
            advance(PAUSE);
        }
    }

    @Test
    public void remembersNothingForEver() {
        for (int i = 0; i < 100; i++) {
            ask("build " + i);
            work();
        }
        advance(PAUSE);
        ask("last");
        work();
        assertEquals(1, tasks.size());
    }

    /** Each of 200 jobs of a build changes its state three times within ten minutes. */
    @Test
    public void bytesDoNotGrowWithTheSquareOfTheJobs() {
        int jobs = 200;
        int changes = 3 * jobs;
        for (int i = 0; i < changes; i++) {
            tasks.ask("build", PageSaver.pause(jobs));
            advance(Duration.ofMinutes(10).dividedBy(changes));
        }
        advance(Duration.ofMinutes(1));
        assertEquals("one in ten seconds", 60, done.size(), 2);
    }

    private void ask(String subject) {
        tasks.ask(subject, PAUSE);
    }

    private void advance(Duration by) {
        time.advance(by, this::work);
    }

    private void work() {
        while (!threads.isEmpty()) {
            threads.remove().run();
        }
    }
}
