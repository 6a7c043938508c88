/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.runtime;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.After;
import org.junit.Test;

public class AmsThreadsTest {

    private final List<ThreadPoolExecutor> systemPools = new ArrayList<>();
    private final AmsThreads threads = new AmsThreads(pool -> {
        systemPools.add((ThreadPoolExecutor) pool);
        return pool;
    });

    @After
    public void stop() {
        threads.shutDown();
    }

    @Test
    public void usesNamedDaemonThreads() throws Exception {
        for (Executor executor : List.of(
                threads.workers(), threads.http(), threads.tokenThreads().computing(), threads.disk())) {
            Thread thread = threadOf(executor);
            assertThat(thread.getName(), startsWith("azure-media-services "));
            assertTrue(thread.getName(), thread.isDaemon());
            assertSame(AmsThreads.class.getClassLoader(), thread.getContextClassLoader());
        }
    }

    @Test
    public void keepsThreadsThatPollsNeed() {
        for (Executor executor : List.of(threads.workers(), threads.http())) {
            assertFalse(((ThreadPoolExecutor) executor).allowsCoreThreadTimeOut());
        }
    }

    @Test
    public void createsThreadsOnDemand() {
        for (Executor executor : List.of(threads.workers(), threads.http())) {
            assertEquals(0, ((ThreadPoolExecutor) executor).getPoolSize());
        }
    }

    @Test
    public void runsJenkinsLookupsAsSystem() throws Exception {
        for (Executor executor :
                List.of(threads.workers(), threads.credentials(), threads.disk(), threads.consoles())) {
            Thread thread = threadOf(executor);
            assertTrue(thread.getName(), systemPools.stream().anyMatch(pool -> isOf(pool, thread)));
        }
        assertEquals(2, systemPools.size());
    }

    @Test
    public void hungKeyStoresDelayNoLookupOfCredentials() throws Exception {
        CountDownLatch decrypted = new CountDownLatch(1);
        CountDownLatch hung = new CountDownLatch(32); // all threads of the group
        try {
            for (int i = 0; i < 40; i++) {
                threads.tokenThreads().reading().execute(() -> {
                    hung.countDown();
                    await(decrypted);
                });
            }
            assertTrue(hung.await(20, TimeUnit.SECONDS));
            threadOf(threads.credentials());
        } finally {
            decrypted.countDown();
        }
    }

    @Test
    public void usesExistingThreadsWhenNoneCanBeCreated() throws Exception {
        AtomicBoolean exhausted = new AtomicBoolean();
        ExecutorService pool = AmsThreads.permanent(2, task -> {
            if (exhausted.get()) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            return new Thread(task);
        });
        try {
            Thread first = threadOf(pool);
            exhausted.set(true);
            assertSame(first, threadOf(pool));
            exhausted.set(false);
            pool.execute(() -> {});
            assertEquals(2, ((ThreadPoolExecutor) pool).getPoolSize());
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    public void failsWhenNoThreadCanBeCreated() {
        ExecutorService pool = AmsThreads.permanent(2, task -> {
            throw new OutOfMemoryError("unable to create native thread");
        });
        try {
            assertThrows(OutOfMemoryError.class, () -> pool.execute(() -> {}));
            assertEquals(0, ((ThreadPoolExecutor) pool).getQueue().size());
        } finally {
            pool.shutdownNow();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isOf(ThreadPoolExecutor pool, Thread thread) {
        CompletableFuture<Thread> again = new CompletableFuture<>();
        pool.execute(() -> again.complete(Thread.currentThread()));
        return again.join()
                .getName()
                .replaceAll("[0-9]", "")
                .equals(thread.getName().replaceAll("[0-9]", ""));
    }

    private static Thread threadOf(Executor executor) throws Exception {
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        executor.execute(() -> thread.complete(Thread.currentThread()));
        return thread.get(20, TimeUnit.SECONDS);
    }
}
