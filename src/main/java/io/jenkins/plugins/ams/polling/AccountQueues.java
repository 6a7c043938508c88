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
import java.util.function.Predicate;

/**
 * Assigns each wait to the queue for the wait's account and identity, and decides when a rejection is final. Each wait
 * is assigned when it begins, and again whenever its credentials are rejected, because the credentials may have been
 * replaced in Jenkins.
 *
 * <p>Thread-safe.
 */
final class AccountQueues {

    /** How long an unused queue is kept, including its token and its concurrency limit. */
    private static final Duration TTL = Duration.ofMinutes(30);

    private final JobPoller poller;
    private final Map<Object, AccountQueue> queues = new ConcurrentHashMap<>();

    /**
     * The accounts whose service has responded at least once. This set stays small because there are few configured
     * accounts.
     */
    private final Set<Object> responsive = ConcurrentHashMap.newKeySet();

    AccountQueues(JobPoller poller) {
        this.poller = poller;
    }

    /** Returns the queue of a target, which is not removed before the caller has had time to use it. */
    AccountQueue of(PollTarget target) {
        return queues.compute(target.key(), (key, existing) -> {
            AccountQueue queue = existing == null ? new AccountQueue(poller, target, responsive) : existing;
            queue.onTaken(target.origin()); // atomically, so that forgetIdle() does not remove the queue in between
            return queue;
        });
    }

    void forEach(Consumer<AccountQueue> action) {
        queues.values().forEach(action);
    }

    boolean anyMatch(Predicate<AccountQueue> condition) {
        return queues.values().stream().anyMatch(condition);
    }

    void forgetIdle() {
        for (Object target : queues.keySet()) {
            queues.computeIfPresent(target, (key, queue) -> {
                if (!queue.isIdleFor(TTL)) {
                    return queue;
                }
                poller.records().keep(queue.snapshot(0, 0));
                return null;
            });
        }
    }

    /** Returns the total number of requests in flight in all queues. */
    int inFlight() {
        return queues.values().stream().mapToInt(AccountQueue::inFlight).sum();
    }

    /** Looks up the wait's target, and then queues the wait for an immediate poll. */
    void connect(JobWait wait) {
        lookUp(wait, target -> of(target).enqueue(wait, Duration.ZERO), error -> onLookupFailed(wait, error));
    }

    /** Looks up the wait's target. The callbacks are not called if the wait has ended in the meantime. */
    private void lookUp(JobWait wait, Consumer<PollTarget> onFound, Consumer<AmsException> onFailure) {
        lookUp(wait.targetSource(), unlessEnded(wait, onFound), unlessEnded(wait, onFailure));
    }

    private static <T> Consumer<T> unlessEnded(JobWait wait, Consumer<T> callback) {
        return value -> {
            if (!wait.isEnded()) {
                callback.accept(value);
            }
        };
    }

    /**
     * Looks up a target without blocking a thread. The callbacks run on a poller thread.
     *
     * @param onFound receives the target. If this consumer throws an exception, the lookup counts as failed
     * @param onFailure receives the error if the lookup fails
     */
    void lookUp(PollTarget.Source source, Consumer<PollTarget> onFound, Consumer<AmsException> onFailure) {
        poller.execute(() -> source.lookUp()
                .whenComplete((target, error) -> poller.execute(() -> {
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
     * <p>If the wait has never found its job and its credentials have never been accepted, the rejection is considered
     * a configuration error, and the wait ends immediately. Otherwise, polls are retried for the {@linkplain
     * RetryPolicy#rejectionPeriod rejection period}. If the credentials have been replaced in Jenkins, the wait
     * continues with the new credentials.
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
                    // Report a nontransient lookup error instead of the rejection: the lookup error explains why there
                    // are no new credentials.
                    boolean isTransient = lookupError.isTransient();
                    retryOrEnd(wait, queue, isTransient ? error : lookupError);
                });
    }

    /**
     * Continues a wait with new credentials. If the wait has never found its job and the rejected credentials have
     * never been accepted, the wait can change credentials only once. This prevents a series of different secrets from
     * being sent to the token authority.
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
        // While the service rejects all requests, only a few waits are polled. The queue therefore measures for all of
        // its waits how long requests have been rejected.
        boolean isShared = error.concernsAccount();
        Duration rejectedFor = isShared ? queue.health().rejectedFor() : Duration.ZERO;
        Duration waitRejectedFor = wait.errors().rejectedFor();
        Duration duration = rejectedFor.compareTo(waitRejectedFor) > 0 ? rejectedFor : waitRejectedFor;
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
     * Handles a failed lookup. Transient errors are always retried. Other errors are retried for a limited time, and
     * only if the wait has already found its job.
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
