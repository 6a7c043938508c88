/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

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
 * Limits how many requests to one host are under way at once; others wait for their turn, and no host waits for another.
 * After a start, hundreds of jobs with an identity each want a token in the same moment.
 */
final class HostLimiter {

    /** Azure AD responds within 0.2 s as a rule, so this serves 80 identities a second. */
    static final int MAX_REQUESTS = 16;

    private static final class Host {
        private final Queue<CompletableFuture<Void>> waiting = new ArrayDeque<>();
        private int inFlight;
    }

    private final Executor executor;

    /** Of hosts with requests under way; guarded by this, as is what it holds. */
    private final Map<String, Host> hosts = new HashMap<>();

    /** @param executor starts requests whose turn has come */
    HostLimiter(Executor executor) {
        this.executor = executor;
    }

    /**
     * Sends a request when it is its turn.
     *
     * @param timeout maximum time for the request, which includes the time that it waits for its turn
     * @param request gets what is left of the limit
     * @return fails with a {@link TimeoutException} if its turn has not come in time, else as the request does
     */
    <T> CompletableFuture<T> send(String host, Duration timeout, Function<Duration, CompletableFuture<T>> request) {
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

    /** Requests that wait for their turn or are under way. */
    synchronized int size() {
        return hosts.values().stream()
                .mapToInt(host -> host.inFlight + host.waiting.size())
                .sum();
    }

    private void release(String host) {
        CompletableFuture<Void> next;
        synchronized (this) {
            Host entry = hosts.get(host);
            entry.waiting.removeIf(CompletableFuture::isDone); // their time is up
            next = entry.waiting.poll();
            if (next == null && --entry.inFlight == 0) {
                hosts.remove(host);
            }
        }
        if (next != null) {
            start(host, next);
        }
    }

    /** On another thread, since a request that fails at once would start the next one, and so on. */
    private void start(String host, CompletableFuture<Void> permit) {
        try {
            executor.execute(() -> {
                if (!permit.complete(null)) {
                    release(host); // its time was up in between
                }
            });
        } catch (RuntimeException | Error e) {
            permit.completeExceptionally(e);
            release(host);
        }
    }
}
