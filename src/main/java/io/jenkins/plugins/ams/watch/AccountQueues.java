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
    private final Map<Object, AccountQueue> queues = new ConcurrentHashMap<>();

    /** Accounts whose service has responded; there are as many as administrators have set up. */
    private final Set<Object> responsive = ConcurrentHashMap.newKeySet();

    AccountQueues(JobPoller poller) {
        this.poller = poller;
    }

    AccountQueue of(PollTarget target) {
        return queues.computeIfAbsent(target.key(), key -> new AccountQueue(poller, target, responsive));
    }

    void forEach(Consumer<AccountQueue> action) {
        queues.values().forEach(action);
    }

    void forgetIdle() {
        queues.values().removeIf(queue -> queue.isIdleFor(TTL));
    }

    /** Requests under way, over all connections. */
    int inFlight() {
        return queues.values().stream().mapToInt(AccountQueue::inFlight).sum();
    }

    /** Looks up where a wait polls its job, on a thread of the poller's, and polls it. */
    void connect(JobWait wait) {
        lookUp(wait, target -> of(target).enqueue(wait, Duration.ZERO), error -> onLookupFailed(wait, error));
    }

    /**
     * Looks up the target of a wait. No thread waits for it.
     *
     * @param then what to do with the target; if that fails, so has the lookup
     */
    private void lookUp(JobWait wait, Consumer<PollTarget> onFound, Consumer<Exception> onFailure) {
        poller.execute(() -> wait.targetSource()
                .lookUp()
                .whenComplete((target, error) -> poller.execute(() -> {
                    if (wait.isEnded()) {
                        return;
                    }
                    try {
                        if (error != null) {
                            throw error;
                        }
                        onFound.accept(target);
                    } catch (Throwable e) { // Errors too, such as NoClassDefFoundError: the build must not hang
                        onFailure.accept(Futures.exception(e));
                    }
                })));
    }

    /**
     * A poll was rejected. A wait whose job was not seen, with credentials that have never worked, ends: that is an
     * error of configuration. Any other is polled again until its patience is at an end. If there are other credentials
     * in place of those that are rejected, the wait continues with these.
     */
    void onRejected(JobWait wait, AccountQueue queue, Exception error) {
        wait.onRejected();
        if (RetryPolicy.concernsCredentials(error)) {
            findReplacement(wait, queue, error);
        } else {
            retryOrEnd(wait, queue, error);
        }
    }

    private void findReplacement(JobWait wait, AccountQueue queue, Exception error) {
        lookUp(
                wait,
                target -> {
                    if (target.key().equals(queue.target().key())) {
                        retryOrEnd(wait, queue, error);
                    } else {
                        continueWith(target, wait, queue, error);
                    }
                },
                lookupError -> {
                    // otherwise it says why there are no others
                    boolean isTransient = RetryPolicy.isTransient(lookupError);
                    retryOrEnd(wait, queue, isTransient ? error : lookupError);
                });
    }

    /** Without evidence once only: an authority is not to be tried out with one secret after the other. */
    private void continueWith(PollTarget target, JobWait wait, AccountQueue rejectingQueue, Exception error) {
        int changes = wait.countTargetChange();
        if (changes > 1 && !hasEvidence(wait, rejectingQueue)) {
            wait.end(new WaitOutcome.Failed(error));
            return;
        }
        Duration delay = changes == 1 ? Duration.ZERO : RetryPolicy.retryDelay(error, changes, poller.random());
        of(target).enqueue(wait, delay);
    }

    private void retryOrEnd(JobWait wait, AccountQueue queue, Exception error) {
        // of many waits only a few are polled while all are rejected
        boolean isShared = RetryPolicy.concernsService(error);
        Duration rejectedFor = isShared ? queue.rejectedFor() : Duration.ZERO;
        Duration duration = rejectedFor.compareTo(wait.rejectedFor()) > 0 ? rejectedFor : wait.rejectedFor();
        Duration remaining = RetryPolicy.rejectionPeriod(wait.age()).minus(duration);
        if (!hasEvidence(wait, queue) || remaining.isNegative() || remaining.isZero()) {
            wait.end(new WaitOutcome.Failed(error));
            return;
        }
        int errors = wait.onError(error, !isShared);
        Duration delay = queue.onError(error, errors);
        wait.reporter().rejected(error, delay, remaining);
        queue.enqueue(wait, delay);
    }

    /** There is no target: for a wait that was resumed and has seen its job before, perhaps not yet or not now. */
    private void onLookupFailed(JobWait wait, Exception error) {
        boolean isTransient = RetryPolicy.isTransient(error);
        if (!isTransient) {
            wait.onRejected();
        }
        Duration remaining = RetryPolicy.rejectionPeriod(wait.age()).minus(wait.rejectedFor());
        if (!isTransient && (!wait.wasSeen() || remaining.isNegative() || remaining.isZero())) {
            wait.end(new WaitOutcome.Failed(error));
            return;
        }
        Duration delay = RetryPolicy.retryDelay(error, wait.onError(error, false), poller.random());
        if (isTransient) {
            wait.reporter().failing(error, delay);
        } else {
            wait.reporter().rejected(error, delay, remaining);
        }
        wait.after(delay, () -> connect(wait));
    }

    private static boolean hasEvidence(JobWait wait, AccountQueue queue) {
        return wait.wasSeen() || queue.hasSucceeded();
    }
}
