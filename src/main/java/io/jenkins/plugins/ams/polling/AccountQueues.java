/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import io.jenkins.plugins.ams.http.AmsException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Assigns each wait to the queue of its account and application identity, when the wait begins and whenever its
 * credentials are rejected, because they may have been replaced. Decides when a rejection is final.
 *
 * <p>Safe for use by several threads.
 */
final class AccountQueues {

    /** Time that an unused queue is kept, with its token and its concurrency limit. */
    private static final Duration TTL = Duration.ofMinutes(30);

    private final JobPoller poller;
    private final Map<Object, AccountQueue> queues = new ConcurrentHashMap<>();

    /** The accounts whose service has responded. Bounded by the number of configured accounts. */
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

    /** Returns the number of requests in flight in all queues. */
    int inFlight() {
        return queues.values().stream().mapToInt(AccountQueue::inFlight).sum();
    }

    /** Looks up the target of a wait and polls the job. Runs on a thread of the poller. */
    void connect(JobWait wait) {
        lookUp(wait, target -> of(target).enqueue(wait, Duration.ZERO), error -> onLookupFailed(wait, error));
    }

    /**
     * Looks up the target of a wait without blocking a thread.
     *
     * @param onFound receives the target; an exception of this call counts as a failed lookup
     * @param onFailure receives the error
     */
    private void lookUp(JobWait wait, Consumer<PollTarget> onFound, Consumer<AmsException> onFailure) {
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
                    } catch (Throwable e) { // Catch Errors too, such as NoClassDefFoundError: the build must not hang.
                        onFailure.accept(AmsException.of(e));
                    }
                })));
    }

    /**
     * Handles a rejected poll.
     *
     * <p>A wait ends at once if it has not found its job and its credentials have never been accepted: that is a
     * configuration error. Other waits are retried for the {@linkplain RetryPolicy#rejectionPeriod rejection period}.
     * If the credentials have been replaced, the wait continues with the new ones.
     */
    void onRejected(JobWait wait, AccountQueue queue, AmsException error) {
        wait.errors().onRejected();
        if (error.concernsCredentials()) {
            findReplacement(wait, queue, error);
        } else {
            retryOrEnd(wait, queue, error);
        }
    }

    private void findReplacement(JobWait wait, AccountQueue queue, AmsException error) {
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
                    // A final lookup error explains why there are no other credentials.
                    boolean isTransient = lookupError.isTransient();
                    retryOrEnd(wait, queue, isTransient ? error : lookupError);
                });
    }

    /**
     * Continues a wait with other credentials. Without evidence that the job or the credentials are valid, this happens
     * only once, so that the authority does not receive one secret after the other.
     */
    private void continueWith(PollTarget target, JobWait wait, AccountQueue rejectingQueue, AmsException error) {
        int changes = wait.errors().countTargetChange();
        if (changes > 1 && !hasEvidence(wait, rejectingQueue)) {
            wait.end(new WaitOutcome.Failed(error));
            return;
        }
        Duration delay = changes == 1 ? Duration.ZERO : RetryPolicy.retryDelay(error, changes, poller.random());
        of(target).enqueue(wait, delay);
    }

    private void retryOrEnd(JobWait wait, AccountQueue queue, AmsException error) {
        // Only a few of the waits are polled while all requests are rejected.
        boolean isShared = error.concernsAccount();
        Duration rejectedFor = isShared ? queue.health().rejectedFor() : Duration.ZERO;
        Duration ofWait = wait.errors().rejectedFor();
        Duration duration = rejectedFor.compareTo(ofWait) > 0 ? rejectedFor : ofWait;
        Duration remaining = RetryPolicy.rejectionPeriod(wait.age()).minus(duration);
        if (!hasEvidence(wait, queue) || remaining.isNegative() || remaining.isZero()) {
            wait.end(new WaitOutcome.Failed(error));
            return;
        }
        Duration delay = queue.onError(error, wait.errors().add(error, !isShared));
        wait.errors().report(error, delay, remaining);
        queue.enqueue(wait, delay);
    }

    /**
     * Handles a failed lookup. It is retried after a transient error, and for a limited period if the wait has found
     * its job.
     */
    private void onLookupFailed(JobWait wait, AmsException error) {
        boolean isTransient = error.isTransient();
        if (!isTransient) {
            wait.errors().onRejected();
        }
        Duration remaining =
                RetryPolicy.rejectionPeriod(wait.age()).minus(wait.errors().rejectedFor());
        if (!isTransient && (!wait.wasSeen() || remaining.isNegative() || remaining.isZero())) {
            wait.end(new WaitOutcome.Failed(error));
            return;
        }
        Duration delay = RetryPolicy.retryDelay(error, wait.errors().add(error, false), poller.random());
        wait.errors().report(error, delay, remaining);
        wait.after(delay, () -> connect(wait));
    }

    private static boolean hasEvidence(JobWait wait, AccountQueue queue) {
        return wait.wasSeen() || queue.health().hasSucceeded();
    }
}
