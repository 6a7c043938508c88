/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.watch;

import io.jenkins.plugins.ams.auth.Futures;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Finds the connection of each wait: at its beginning, and whenever its credentials are rejected, since others may be in
 * their place by then. Decides when a rejection is final.
 *
 * <p>Safe for use by several threads.
 */
final class AccountQueues {

    /** A connection that nobody uses is kept this long, for what it has learnt of the service. */
    private static final Duration TTL = Duration.ofMinutes(30);

    private final JobPoller poller;
    private final Map<Object, AccountQueue> connections = new ConcurrentHashMap<>();

    /** Accounts whose service has responded; there are as many as administrators have set up. */
    private final Set<Object> responsive = ConcurrentHashMap.newKeySet();

    AccountQueues(JobPoller watcher) {
        this.poller = watcher;
    }

    AccountQueue of(PollTarget target) {
        return connections.computeIfAbsent(target.key(), key -> new AccountQueue(poller, target, responsive));
    }

    void forEach(Consumer<AccountQueue> action) {
        connections.values().forEach(action);
    }

    void forgetIdle() {
        connections.values().removeIf(connection -> connection.isIdleFor(TTL));
    }

    /** Requests under way, over all connections. */
    int inFlight() {
        return connections.values().stream().mapToInt(AccountQueue::inFlight).sum();
    }

    /** Looks up where a wait polls its job, on a thread of the watcher's, and polls it. */
    void connect(JobWait watch) {
        lookUp(watch, target -> of(target).enqueue(watch, Duration.ZERO), error -> lookupFailed(watch, error));
    }

    /**
     * Looks up the target of a wait. No thread waits for it.
     *
     * @param then what to do with the target; if that fails, so has the lookup
     */
    private void lookUp(JobWait watch, Consumer<PollTarget> then, Consumer<Exception> failed) {
        poller.execute(() -> watch.targetSource()
                .lookUp()
                .whenComplete((target, error) -> poller.execute(() -> {
                    if (watch.isEnded()) {
                        return;
                    }
                    try {
                        if (error != null) {
                            throw error;
                        }
                        then.accept(target);
                    } catch (Throwable e) { // Errors too, such as NoClassDefFoundError: the build must not hang
                        failed.accept(Futures.exception(e));
                    }
                })));
    }

    /**
     * A poll was rejected. A wait whose job was not seen, with credentials that have never worked, ends: that is an
     * error of configuration. Any other is polled again until its patience is at an end. If there are other credentials
     * in place of those that are rejected, the wait continues with these.
     */
    void rejected(JobWait watch, AccountQueue connection, Exception error) {
        watch.rejected();
        if (RetryPolicy.concernsCredentials(error)) {
            findOther(watch, connection, error);
        } else {
            retryOrEnd(watch, connection, error);
        }
    }

    private void findOther(JobWait watch, AccountQueue connection, Exception error) {
        lookUp(
                watch,
                target -> {
                    if (target.key().equals(connection.target().key())) {
                        retryOrEnd(watch, connection, error);
                    } else {
                        continueWith(target, watch, connection, error);
                    }
                },
                failure -> {
                    // otherwise it says why there are no others
                    boolean passes = RetryPolicy.isTransient(failure);
                    retryOrEnd(watch, connection, passes ? error : failure);
                });
    }

    /** Without evidence once only: an authority is not to be tried out with one secret after the other. */
    private void continueWith(PollTarget target, JobWait watch, AccountQueue rejecting, Exception error) {
        int times = watch.mayChangeTarget();
        if (times > 1 && !hasEvidence(watch, rejecting)) {
            watch.end(new WaitOutcome.Failed(error));
            return;
        }
        Duration delay = times == 1 ? Duration.ZERO : RetryPolicy.retryDelay(error, times, poller.random());
        of(target).enqueue(watch, delay);
    }

    private void retryOrEnd(JobWait watch, AccountQueue connection, Exception error) {
        // of many waits only a few are polled while all are rejected
        boolean all = RetryPolicy.concernsService(error);
        Duration rejectedFor = all ? connection.rejectedFor() : Duration.ZERO;
        Duration longest = rejectedFor.compareTo(watch.rejectedFor()) > 0 ? rejectedFor : watch.rejectedFor();
        Duration left = RetryPolicy.rejectionPeriod(watch.age()).minus(longest);
        if (!hasEvidence(watch, connection) || left.isNegative() || left.isZero()) {
            watch.end(new WaitOutcome.Failed(error));
            return;
        }
        int errors = watch.onError(error, !all);
        Duration delay = connection.onError(error, errors);
        watch.reporter().rejected(error, delay, left);
        connection.enqueue(watch, delay);
    }

    /** There is no target: for a wait that was resumed and has seen its job before, perhaps not yet or not now. */
    private void lookupFailed(JobWait watch, Exception error) {
        boolean passes = RetryPolicy.isTransient(error);
        if (!passes) {
            watch.rejected();
        }
        Duration left = RetryPolicy.rejectionPeriod(watch.age()).minus(watch.rejectedFor());
        if (!passes && (!watch.wasSeen() || left.isNegative() || left.isZero())) {
            watch.end(new WaitOutcome.Failed(error));
            return;
        }
        Duration delay = RetryPolicy.retryDelay(error, watch.onError(error, false), poller.random());
        if (passes) {
            watch.reporter().failing(error, delay);
        } else {
            watch.reporter().rejected(error, delay, left);
        }
        watch.after(delay, () -> connect(watch));
    }

    private static boolean hasEvidence(JobWait watch, AccountQueue connection) {
        return watch.wasSeen() || connection.hasSucceeded();
    }
}
