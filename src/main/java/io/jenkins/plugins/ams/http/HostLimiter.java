/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.http;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Limits the number of concurrent requests to each host, and queues further requests. A slow host does not delay
 * requests to other hosts. The limit is important after Jenkins starts, when hundreds of builds may request tokens for
 * different identities at the same time.
 */
public final class HostLimiter {

    /**
     * Maximum number of concurrent requests to a host. Microsoft Entra ID usually responds within 0.2 s, so this limit
     * permits 80 token requests per second.
     */
    static final int MAX_REQUESTS = 16;

    private static final class Host {
        private final Queue<CompletableFuture<Void>> waiting = new ArrayDeque<>();
        private int inFlight;
    }

    private final Executor executor;

    /** The hosts with requests in flight. The map and its values are guarded by {@code this}. */
    private final Map<String, Host> hosts = new HashMap<>();

    /** @param executor starts queued requests */
    public HostLimiter(Executor executor) {
        this.executor = executor;
    }

    /**
     * Sends a request immediately, or queues it if the host already has the maximum number of concurrent requests.
     *
     * @param timeout the maximum time for the request, including time in the queue
     * @param request sends the request; its argument is the remaining part of the timeout
     * @return a future that fails with a {@link TimeoutException} if the request is still queued when the timeout
     *     expires, and otherwise completes with the same outcome as the request
     */
    public <T> CompletableFuture<T> send(
            String host, Duration timeout, Function<Duration, CompletableFuture<T>> request) {
        long start = System.nanoTime();
        CompletableFuture<Void> permit = new CompletableFuture<>();
        synchronized (this) {
            Host entry = hosts.computeIfAbsent(host, name -> new Host());
            if (entry.inFlight < MAX_REQUESTS) {
                entry.inFlight++;
                permit.complete(null);
            } else {
                entry.waiting.add(permit);
            }
        }
        permit.orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
        return permit.thenCompose(now -> {
            CompletableFuture<T> sent;
            try {
                sent = request.apply(timeout.minusNanos(System.nanoTime() - start));
            } catch (RuntimeException | Error e) {
                sent = CompletableFuture.failedFuture(e);
            }
            return sent.whenComplete((response, failure) -> release(host));
        });
    }

    /** Returns the number of requests that are queued or in flight. */
    synchronized int size() {
        return hosts.values().stream()
                .mapToInt(host -> host.inFlight + host.waiting.size())
                .sum();
    }

    private void release(String host) {
        CompletableFuture<Void> next;
        synchronized (this) {
            Host entry = hosts.get(host);
            entry.waiting.removeIf(CompletableFuture::isDone); // discard requests that timed out
            next = entry.waiting.poll();
            if (next == null && --entry.inFlight == 0) {
                hosts.remove(host);
            }
        }
        if (next != null) {
            start(host, next);
        }
    }

    /**
     * Starts a queued request on another thread. If queued requests were started on the same thread, requests that fail
     * immediately would start each other recursively.
     */
    private void start(String host, CompletableFuture<Void> permit) {
        try {
            executor.execute(() -> {
                if (!permit.complete(null)) {
                    release(host); // the request timed out while it was queued
                }
            });
        } catch (RuntimeException | Error e) {
            permit.completeExceptionally(e);
            release(host);
        }
    }
}
