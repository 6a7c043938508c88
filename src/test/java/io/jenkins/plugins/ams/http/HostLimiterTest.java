/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.http;

import static io.jenkins.plugins.ams.testing.TestHttp.get;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.testing.TestHttp;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.After;
import org.junit.Test;

/** Tests the limit on concurrent requests to a host. */
public class HostLimiterTest {

    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final HostLimiter limiter = new HostLimiter(tasks::add);
    private final List<CompletableFuture<String>> sent = new ArrayList<>();

    @After
    public void assertIdle() {
        assertEquals(0, limiter.size());
    }

    @Test
    public void sendsOneMoreForEachResponse() throws Exception {
        List<CompletableFuture<String>> requests = fill("a.example", HostLimiter.MAX_REQUESTS + 2);
        assertEquals(HostLimiter.MAX_REQUESTS, sent.size());
        respond(0);
        assertEquals(HostLimiter.MAX_REQUESTS + 1, sent.size());
        sent.get(1).completeExceptionally(new IllegalStateException());
        runTasks();
        assertEquals(HostLimiter.MAX_REQUESTS + 2, sent.size());
        for (int i = 2; i < sent.size(); i++) {
            respond(i);
        }
        assertEquals("response 17", get(requests.get(17)));
    }

    @Test
    public void aHungHostBlocksNoOtherHost() throws Exception {
        fill("hung.example", HostLimiter.MAX_REQUESTS + 1);
        CompletableFuture<String> other = send("healthy.example", TIMEOUT);
        respond(HostLimiter.MAX_REQUESTS);
        assertEquals("response 16", get(other));
        for (int i = 0; i < HostLimiter.MAX_REQUESTS + 2; i++) {
            respond(i);
        }
    }

    @Test
    public void aRequestTimesOutInTheQueueUnsent() throws Exception {
        fill("a.example", HostLimiter.MAX_REQUESTS);
        CompletableFuture<String> late = send("a.example", Duration.ofMillis(1));
        ExecutionException e = assertThrows(ExecutionException.class, () -> get(late));
        assertTrue(String.valueOf(e.getCause()), e.getCause() instanceof TimeoutException);
        for (int i = 0; i < HostLimiter.MAX_REQUESTS; i++) {
            respond(i);
        }
        assertEquals(HostLimiter.MAX_REQUESTS, sent.size());
    }

    @Test
    public void aRequestThatCannotBeSentFreesItsTurn() {
        HostLimiter broken = new HostLimiter(task -> {
            throw new RejectedExecutionException("full");
        });
        CompletableFuture<String> first = new CompletableFuture<>();
        for (int i = 0; i < HostLimiter.MAX_REQUESTS; i++) {
            broken.send("a.example", TIMEOUT, remaining -> first);
        }
        CompletableFuture<String> queued = broken.send("a.example", TIMEOUT, remaining -> first);
        first.complete("all");
        assertEquals(
                "full",
                Futures.unwrap(TestHttp.failureOf(Throwable.class, queued)).getMessage());
        assertEquals(0, broken.size());
        CompletableFuture<String> thrown = broken.send("a.example", TIMEOUT, remaining -> {
            throw new IllegalStateException("no client");
        });
        assertEquals(
                "no client",
                Futures.unwrap(TestHttp.failureOf(Throwable.class, thrown)).getMessage());
        assertEquals(0, broken.size());
    }

    private List<CompletableFuture<String>> fill(String host, int count) {
        List<CompletableFuture<String>> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            requests.add(send(host, TIMEOUT));
        }
        return requests;
    }

    private CompletableFuture<String> send(String host, Duration timeout) {
        return limiter.send(host, timeout, remaining -> {
            CompletableFuture<String> response = new CompletableFuture<>();
            sent.add(response);
            return response;
        });
    }

    private void respond(int index) {
        sent.get(index).complete("response " + index);
        runTasks();
    }

    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }
}
