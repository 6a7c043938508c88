/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.wait;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.testing.CapturedLog;
import io.jenkins.plugins.ams.testing.ManualTime;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.junit.Test;

/** What is to be canceled, and when it is on disk. */
public class PendingCancellationsTest {

    private final ManualTime time = new ManualTime();
    private final MemoryStore store = new MemoryStore();
    private final Queue<Runnable> writer = new ArrayDeque<>();
    private final PendingCancellations pending = new PendingCancellations(store, time, writer::add);

    @Test
    public void storesARequestBeforeItCompletes() {
        CompletableFuture<Void> written = pending.add(request(1));
        assertFalse(written.isDone());
        runWriter();
        assertTrue(written.isDone());
        assertThat(store.stored(), contains(request(1)));
    }

    @Test
    public void batchesWrites() {
        pending.add(request(0));
        runWriter();
        List<CompletableFuture<Void>> written = new ArrayList<>();
        for (int i = 1; i < 1000; i++) {
            written.add(pending.add(request(i)));
        }
        advance(PendingCancellations.WRITE_INTERVAL);
        assertTrue(written.stream().allMatch(CompletableFuture::isDone));
        assertThat(store.stored(), hasSize(1000));
        assertEquals(2, store.writes);
    }

    @Test
    public void batchesRemovals() {
        for (int i = 0; i < 1000; i++) {
            pending.add(request(i));
        }
        runWriter();
        for (int i = 0; i < 999; i++) {
            pending.remove(request(i));
        }
        assertEquals(1, store.writes);
        advance(PendingCancellations.REMOVAL_DELAY);
        assertThat(store.stored(), contains(request(999)));
        assertEquals(2, store.writes);
        pending.remove(request(999));
        advance(PendingCancellations.REMOVAL_DELAY);
        assertThat(store.stored(), empty());
        assertEquals("nothing is left to happen", 0, time.scheduledTasks());
    }

    /** A thousand that are answered at once cost a few writes, and not two thousand. */
    @Test
    public void quickCancellationsCostFewWrites() {
        for (int i = 0; i < 1000; i++) {
            pending.add(request(i)).thenRun(() -> {});
            advance(Duration.ofMillis(1));
            pending.remove(request(i));
        }
        advance(PendingCancellations.REMOVAL_DELAY);
        assertThat(store.stored(), empty());
        assertTrue(store.writes + " writes", store.writes <= 12);
    }

    @Test
    public void keepsRequestsStoredBefore() throws Exception {
        store.write(List.of(request(1), request(2)));
        pending.add(request(3));
        runWriter();
        assertThat(store.stored(), contains(request(1), request(2), request(3)));
        assertThat(pending.all(), contains(request(1), request(2), request(3)));
    }

    @Test
    public void theSameRequestIsStoredOnce() {
        pending.add(request(1));
        pending.add(request(1));
        runWriter();
        assertThat(store.stored(), contains(request(1)));
    }

    @Test
    public void writesDuringShutdown() {
        PendingCancellations stopped = new PendingCancellations(store, time, task -> {
            throw new RejectedExecutionException("shut down");
        });
        stopped.addNow(request(1));
        assertThat(store.stored(), contains(request(1)));
        stopped.add(request(2));
        stopped.remove(request(1));
        stopped.write();
        assertThat(store.stored(), contains(request(2)));
    }

    @Test
    public void writesARequestThatArrivesDuringAWrite() {
        List<CompletableFuture<Void>> late = new ArrayList<>();
        store.duringWrite = () -> late.add(pending.add(request(2)));
        pending.add(request(1));
        writer.remove().run();
        assertThat(store.stored(), contains(request(1)));
        assertFalse(late.get(0).isDone());
        advance(PendingCancellations.WRITE_INTERVAL);
        assertThat(store.stored(), contains(request(1), request(2)));
        assertTrue(late.get(0).isDone());
    }

    @Test
    public void retriesAWriteForWhichThereIsNoThread() {
        for (Throwable rejection : List.of(
                new OutOfMemoryError("unable to create native thread"), new RejectedExecutionException("full"))) {
            MemoryStore retried = new MemoryStore();
            List<Throwable> rejections = new ArrayList<>(List.of(rejection));
            PendingCancellations late = new PendingCancellations(retried, time, task -> {
                if (rejections.isEmpty()) {
                    writer.add(task);
                } else if (rejections.get(0) instanceof Error error) {
                    throw error;
                } else {
                    throw (RuntimeException) rejections.get(0);
                }
            });
            try (CapturedLog log = CapturedLog.start()) {
                CompletableFuture<Void> first = late.add(request(1)); // written immediately
                advance(Duration.ofSeconds(10));
                assertFalse(first.isDone());
                assertTrue(log.text(), log.text().contains("No thread for a task; retrying in"));
            }
            rejections.clear();
            advance(Duration.ofSeconds(1));
            assertThat(retried.stored(), contains(request(1)));

            late.add(request(2));
            runWriter();
            CompletableFuture<Void> second = late.add(request(3)); // written at the end of the interval
            rejections.add(rejection);
            try (CapturedLog log = CapturedLog.start()) {
                advance(Duration.ofSeconds(10));
                assertFalse(second.isDone());
                assertTrue(log.text(), log.text().contains("No thread for a task; retrying in"));
            }
            rejections.clear();
            advance(Duration.ofSeconds(1));
            assertThat(retried.stored(), contains(request(1), request(2), request(3)));
        }
    }

    @Test
    public void limitsTheNumberOfWrites() {
        int requests = 6000;
        for (int i = 0; i < requests; i++) {
            pending.add(request(i));
            advance(Duration.ofMinutes(1).dividedBy(requests));
        }
        advance(PendingCancellations.WRITE_INTERVAL);
        long max = Duration.ofMinutes(1).dividedBy(PendingCancellations.WRITE_INTERVAL) + 1;
        assertTrue(store.writes + " writes", store.writes <= max);
        assertThat(store.stored(), hasSize(requests));
    }

    @Test
    public void aFullDiskPreventsNoCancellation() {
        assertThat(pending.all(), empty());
        store.error = new IOException("No space left on device");
        try (CapturedLog log = CapturedLog.start()) {
            CompletableFuture<Void> written = pending.add(request(1));
            runWriter();
            assertTrue(written.isDone());
            assertThat(log.messagesOf(PendingCancellations.class), contains(startsWith("Could not store")));
        }
    }

    @Test
    public void reportsAnUnreadableFileAndContinues() {
        store.error = new IOException("Unreadable");
        try (CapturedLog log = CapturedLog.start()) {
            assertThat(pending.all(), empty());
            assertThat(log.messagesOf(PendingCancellations.class), contains(startsWith("Could not read")));
        }
        store.error = null;
        pending.add(request(1));
        runWriter();
        assertThat(store.stored(), contains(request(1)));
    }

    private void advance(Duration by) {
        time.advance(by, this::runWriter);
    }

    private void runWriter() {
        for (Runnable task = writer.poll(); task != null; task = writer.poll()) {
            task.run();
        }
    }

    private static CancellationRequest request(int build) {
        return new CancellationRequest(
                "encode#" + build, new JobId("transform/job-" + build), null, null, "", Instant.EPOCH);
    }
}
