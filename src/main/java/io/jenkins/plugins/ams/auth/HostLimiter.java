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
        private int underWay;
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
     * @param limit maximum time for the request, which includes the time that it waits for its turn
     * @param request gets what is left of the limit
     * @return fails with a {@link TimeoutException} if its turn has not come in time, else as the request does
     */
    <T> CompletableFuture<T> send(String host, Duration limit, Function<Duration, CompletableFuture<T>> request) {
        long start = System.nanoTime();
        CompletableFuture<Void> turn = new CompletableFuture<>();
        synchronized (this) {
            Host its = hosts.computeIfAbsent(host, name -> new Host());
            if (its.underWay < MAX_REQUESTS) {
                its.underWay++;
                turn.complete(null);
            } else {
                its.waiting.add(turn);
            }
        }
        turn.orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS);
        return turn.thenCompose(now -> {
            CompletableFuture<T> sent;
            try {
                sent = request.apply(limit.minusNanos(System.nanoTime() - start));
            } catch (RuntimeException | Error e) {
                sent = CompletableFuture.failedFuture(e);
            }
            return sent.whenComplete((response, failure) -> release(host));
        });
    }

    /** Requests that wait for their turn or are under way. */
    synchronized int size() {
        return hosts.values().stream()
                .mapToInt(host -> host.underWay + host.waiting.size())
                .sum();
    }

    private void release(String host) {
        CompletableFuture<Void> next;
        synchronized (this) {
            Host its = hosts.get(host);
            its.waiting.removeIf(CompletableFuture::isDone); // their time is up
            next = its.waiting.poll();
            if (next == null && --its.underWay == 0) {
                hosts.remove(host);
            }
        }
        if (next != null) {
            start(host, next);
        }
    }

    /** On another thread, since a request that fails at once would start the next one, and so on. */
    private void start(String host, CompletableFuture<Void> turn) {
        try {
            executor.execute(() -> {
                if (!turn.complete(null)) {
                    release(host); // its time was up in between
                }
            });
        } catch (RuntimeException | Error e) {
            turn.completeExceptionally(e);
            release(host);
        }
    }
}
