/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.runtime;

import static io.jenkins.plugins.ams.testing.TestHttp.failureOf;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotSame;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.testing.ManualTime;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.Test;

public class SharedLookupsTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final ManualTime time = new ManualTime();
    private final Queue<Runnable> threads = new ArrayDeque<>();
    private final AtomicInteger count = new AtomicInteger();
    private final SharedLookups<String, String> lookups = new SharedLookups<>(time, TIMEOUT, TimeoutException::new);

    @Test
    public void callersOfTheSameKeyShareOneLookup() {
        List<CompletableFuture<String>> results = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            results.add(find("a"));
        }
        runTasks();
        assertEquals(1, count.get());
        results.forEach(result -> assertEquals("a 1", result.join()));
        assertEquals(0, lookups.size());
        assertEquals(0, time.scheduledTasks());
    }

    @Test
    public void callersOfOtherKeysDoNot() {
        CompletableFuture<String> a = find("a");
        CompletableFuture<String> b = find("b");
        runTasks();
        assertEquals("a 1", a.join());
        assertEquals("b 2", b.join());
    }

    @Test
    public void joinsARunningLookup() throws Exception {
        CompletableFuture<String> joined = new CompletableFuture<>();
        CompletableFuture<String> first = lookups.find("a", false, "store", threads::add, () -> {
            find("a").thenAccept(joined::complete);
            return "the first";
        });
        runTasks();
        assertEquals("the first", first.join());
        assertEquals("the first", joined.join());
        assertEquals(0, count.get());
    }

    @Test
    public void cachesNothing() {
        assertNotSame(find("a"), find("a"));
        runTasks();
        CompletableFuture<String> later = find("a");
        runTasks();
        assertEquals("a 2", later.join());
    }

    @Test
    public void freshResultsComeFromALaterLookup() {
        CompletableFuture<String> fresh = new CompletableFuture<>();
        CompletableFuture<String> fresh2 = new CompletableFuture<>();
        lookups.find("a", false, "store", threads::add, () -> {
            findFresh("a").thenAccept(fresh::complete);
            findFresh("a").thenAccept(fresh2::complete);
            return "stale";
        });
        runTasks();
        assertEquals("a 1", fresh.join());
        assertEquals("callers that need a fresh result share it", "a 1", fresh2.join());
        assertEquals(0, lookups.size());
    }

    @Test
    public void aQueuedLookupIsFresh() {
        CompletableFuture<String> first = find("a");
        CompletableFuture<String> fresh = findFresh("a");
        runTasks();
        assertEquals("a 1", first.join());
        assertEquals("a 1", fresh.join());
    }

    @Test
    public void allCallersGetTheError() {
        CompletableFuture<String> first = lookups.find("a", false, "store", threads::add, () -> {
            throw new IOException("no such key");
        });
        CompletableFuture<String> second = find("a");
        runTasks();
        assertEquals("no such key", failureOf(IOException.class, first).getMessage());
        assertEquals("no such key", failureOf(IOException.class, second).getMessage());
        assertEquals(0, lookups.size());
    }

    @Test
    public void passesOnJvmErrors() {
        CompletableFuture<String> result = lookups.find("a", false, "store", threads::add, () -> {
            throw new NoClassDefFoundError("of a plugin");
        });
        runTasks();
        failureOf(NoClassDefFoundError.class, result);
        assertEquals(0, lookups.size());
    }

    @Test
    public void failsWhenThereAreNoThreads() {
        CompletableFuture<String> result = lookups.find(
                "a",
                false,
                "store",
                task -> {
                    throw new RejectedExecutionException();
                },
                () -> "never");
        failureOf(RejectedExecutionException.class, result);
        assertEquals(0, lookups.size());
        assertEquals(0, time.scheduledTasks());
    }

    @Test
    public void limitsTheWaitOfCallers() {
        CompletableFuture<String> first = find("a");
        time.advance(TIMEOUT.dividedBy(2), () -> {});
        CompletableFuture<String> second = find("a");
        time.advance(TIMEOUT.dividedBy(2), () -> {});
        failureOf(TimeoutException.class, first);
        assertFalse(second.isDone());
        runTasks();
        assertEquals("a 1", second.join());
    }

    /** Simulates a start with thousands of waits. */
    @Test
    public void aCallerThatWaitsForItsTurnIsPatientAsLongAsTheStoreResponds() {
        List<CompletableFuture<String>> results = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            results.add(find("key " + i));
        }
        for (int i = 0; i < 9; i++) {
            time.advance(TIMEOUT.minusMillis(1), () -> {});
            threads.remove().run();
        }
        results.subList(0, 9).forEach(result -> assertFalse(result.isCompletedExceptionally()));
        time.advance(TIMEOUT.minusMillis(1), () -> {});
        assertFalse(results.get(9).isDone());
        time.advance(Duration.ofMillis(1), () -> {});
        failureOf(TimeoutException.class, results.get(9));
        runTasks();
        assertEquals(0, lookups.size());
        assertEquals(0, time.scheduledTasks());
    }

    @Test
    public void replacesAHungLookup() {
        CompletableFuture<String> hung = new CompletableFuture<>();
        CompletableFuture<String> first = lookups.find("a", false, "store", Runnable::run, () -> {
            time.advance(TIMEOUT, () -> {});
            find("a").thenAccept(hung::complete);
            runTasks();
            return "late";
        });
        failureOf(TimeoutException.class, first);
        assertEquals("a 1", hung.join());
        assertEquals(0, lookups.size());
        CompletableFuture<String> later = find("a");
        runTasks();
        assertTrue(later.isDone());
    }

    private CompletableFuture<String> find(String key) {
        return lookups.find(key, false, "store", threads::add, () -> key + ' ' + count.incrementAndGet());
    }

    private CompletableFuture<String> findFresh(String key) {
        return lookups.find(key, true, "store", threads::add, () -> key + ' ' + count.incrementAndGet());
    }

    private void runTasks() {
        while (!threads.isEmpty()) {
            threads.remove().run();
        }
    }
}
