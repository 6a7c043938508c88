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
final class Connections {

    /** A connection that nobody uses is kept this long, for what it has learnt of the service. */
    private static final Duration TTL = Duration.ofMinutes(30);

    private final JobWatcher watcher;
    private final Map<Object, Connection> connections = new ConcurrentHashMap<>();

    /** Accounts whose service has responded; there are as many as administrators have set up. */
    private final Set<Object> responsive = ConcurrentHashMap.newKeySet();

    Connections(JobWatcher watcher) {
        this.watcher = watcher;
    }

    Connection of(Target target) {
        return connections.computeIfAbsent(target.key(), key -> new Connection(watcher, target, responsive));
    }

    void forEach(Consumer<Connection> action) {
        connections.values().forEach(action);
    }

    void forgetIdle() {
        connections.values().removeIf(connection -> connection.isIdleFor(TTL));
    }

    /** Requests under way, over all connections. */
    int inFlight() {
        return connections.values().stream().mapToInt(Connection::inFlight).sum();
    }

    /** Looks up where a wait polls its job, on a thread of the watcher's, and polls it. */
    void connect(Watch watch) {
        lookUp(watch, target -> of(target).enqueue(watch, Duration.ZERO), error -> lookupFailed(watch, error));
    }

    /**
     * Looks up the target of a wait. No thread waits for it.
     *
     * @param then what to do with the target; if that fails, so has the lookup
     */
    private void lookUp(Watch watch, Consumer<Target> then, Consumer<Exception> failed) {
        watcher.execute(() -> watch.targets()
                .lookUp()
                .whenComplete((target, error) -> watcher.execute(() -> {
                    if (watch.isOver()) {
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
    void rejected(Watch watch, Connection connection, Exception error) {
        watch.rejected();
        if (RetryPolicy.blamesCredentials(error)) {
            findOther(watch, connection, error);
        } else {
            retryOrEnd(watch, connection, error);
        }
    }

    private void findOther(Watch watch, Connection connection, Exception error) {
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
    private void continueWith(Target target, Watch watch, Connection rejecting, Exception error) {
        int times = watch.takesOtherTarget();
        if (times > 1 && !hasEvidence(watch, rejecting)) {
            watch.end(new Outcome.Refused(error));
            return;
        }
        Duration delay = times == 1 ? Duration.ZERO : RetryPolicy.pause(error, times, watcher.random());
        of(target).enqueue(watch, delay);
    }

    private void retryOrEnd(Watch watch, Connection connection, Exception error) {
        // of many waits only a few are polled while all are rejected
        boolean all = RetryPolicy.concernsConnection(error);
        Duration rejectedFor = all ? connection.rejectedFor() : Duration.ZERO;
        Duration longest = rejectedFor.compareTo(watch.rejectedFor()) > 0 ? rejectedFor : watch.rejectedFor();
        Duration left = RetryPolicy.patience(watch.age()).minus(longest);
        if (!hasEvidence(watch, connection) || left.isNegative() || left.isZero()) {
            watch.end(new Outcome.Refused(error));
            return;
        }
        int errors = watch.faulted(error, !all);
        Duration delay = connection.faulted(error, errors);
        watch.reporter().rejected(error, delay, left);
        connection.enqueue(watch, delay);
    }

    /** There is no target: for a wait that was resumed and has seen its job before, perhaps not yet or not now. */
    private void lookupFailed(Watch watch, Exception error) {
        boolean passes = RetryPolicy.isTransient(error);
        if (!passes) {
            watch.rejected();
        }
        Duration left = RetryPolicy.patience(watch.age()).minus(watch.rejectedFor());
        if (!passes && (!watch.wasSeen() || left.isNegative() || left.isZero())) {
            watch.end(new Outcome.Refused(error));
            return;
        }
        Duration delay = RetryPolicy.pause(error, watch.faulted(error, false), watcher.random());
        if (passes) {
            watch.reporter().failing(error, delay);
        } else {
            watch.reporter().rejected(error, delay, left);
        }
        watch.after(delay, () -> connect(watch));
    }

    private static boolean hasEvidence(Watch watch, Connection connection) {
        return watch.wasSeen() || connection.hasSucceeded();
    }
}
