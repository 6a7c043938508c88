/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;

/**
 * Holds an account's requests in flight, and all of its queued requests except polls.
 *
 * <p>Cancellations are sent before polls, because a job that continues to run costs money even though its build has
 * ended. However, a poll that is due is sent after at most {@link #MAX_CANCELLATIONS_IN_A_ROW} cancellations, so that
 * thousands of cancellations do not block polling. Requests for the details of polled jobs are sent before all polls
 * except first polls.
 *
 * <p>Guarded by the lock of its {@link AccountQueue}.
 */
final class RequestQueue {

    /** Maximum number of consecutive cancellations while a poll is due. */
    static final int MAX_CANCELLATIONS_IN_A_ROW = 7;

    private final ConcurrencyLimiter limiter;

    /**
     * Queued cancellations by position. A cancellation that is retried keeps its position, ahead of newer
     * cancellations.
     */
    private final TreeMap<Long, ServiceRequest<Boolean>> cancellations = new TreeMap<>();

    private final Queue<ServiceRequest<?>> details = new ArrayDeque<>();
    private final Set<ServiceRequest<?>> inFlight = new HashSet<>();
    private final Set<ServiceRequest<?>> cancellationsInFlight = new HashSet<>();
    private long lastOrder;
    private int cancellationsInARow;

    /** @param limiter limits the number of requests in flight */
    RequestQueue(ConcurrencyLimiter limiter) {
        this.limiter = limiter;
    }

    /** Returns the position for a new cancellation, behind all earlier cancellations. */
    long nextCancellation() {
        return ++lastOrder;
    }

    /** Adds a cancellation at the position returned by {@link #nextCancellation}. */
    void addCancellation(long order, ServiceRequest<Boolean> request) {
        cancellations.put(order, request);
    }

    void addDetails(ServiceRequest<?> request) {
        details.add(request);
    }

    boolean hasCancellations() {
        return !cancellations.isEmpty();
    }

    boolean hasDetails() {
        return !details.isEmpty();
    }

    /** Returns whether no request is queued. */
    boolean isEmpty() {
        return cancellations.isEmpty() && details.isEmpty();
    }

    /** Returns whether the concurrency limit permits another cancellation. */
    boolean mayCancel() {
        return inFlight.size() < limiter.maxInFlightWithCancellations();
    }

    /** Returns whether the concurrency limit permits another poll or request for details. */
    boolean mayPoll(int waits) {
        return mayCancel() && inFlight.size() - cancellationsInFlight.size() < limiter.maxInFlight(waits);
    }

    /**
     * Removes and returns the next cancellation to send. Returns null if no cancellation is queued, if the concurrency
     * limit has been reached, or if another request must be sent first.
     *
     * @param pollIsDue whether a poll or a request for details could be sent instead
     */
    @CheckForNull
    ServiceRequest<?> pollCancellation(boolean pollIsDue) {
        if (!mayCancel() || cancellations.isEmpty() || pollIsDue && cancellationsInARow >= MAX_CANCELLATIONS_IN_A_ROW) {
            return null;
        }
        ServiceRequest<?> first = cancellations.pollFirstEntry().getValue();
        cancellationsInFlight.add(first);
        cancellationsInARow++;
        return first;
    }

    /** Removes and returns the next request for details, or null if no such request is queued. */
    @CheckForNull
    ServiceRequest<?> pollDetails() {
        return details.poll();
    }

    /** Called when a request other than a cancellation is sent. */
    void onPoll() {
        cancellationsInARow = 0;
    }

    int inFlight() {
        return inFlight.size();
    }

    /** Records that a request has been sent. The time is in milliseconds on the scheduler's clock. */
    void onSent(ServiceRequest<?> request, long now) {
        request.setSentAt(now);
        inFlight.add(request);
    }

    /**
     * Records that a request has completed. Returns false if the completion has already been recorded.
     *
     * @param now the current time in milliseconds on the scheduler's clock
     */
    boolean onCompleted(ServiceRequest<?> request, boolean succeeded, long now) {
        boolean isCancellation = cancellationsInFlight.remove(request);
        boolean isFirst = inFlight.remove(request);
        if (isFirst && succeeded && isCancellation) {
            limiter.onAccepted();
        } else if (isFirst && succeeded) {
            limiter.onSuccess(Duration.ofMillis(now - request.sentAt()));
        }
        return isFirst;
    }

    /**
     * Removes queued requests whose results are no longer needed. Returns the requests in flight whose results are no
     * longer needed, which count toward the concurrency limit until they complete.
     */
    List<ServiceRequest<?>> removeAbandoned() {
        cancellations.values().removeIf(request -> !request.isNeeded());
        details.removeIf(request -> !request.isNeeded());
        return inFlight.stream().filter(request -> !request.isNeeded()).toList();
    }

    /**
     * Removes and returns requests in flight that were sent at or before the given time, in milliseconds on the
     * scheduler's clock. Their responses are considered lost.
     */
    List<ServiceRequest<?>> removeSentBefore(long millis) {
        List<ServiceRequest<?>> lost =
                inFlight.stream().filter(request -> request.sentAt() <= millis).toList();
        lost.forEach(request -> onCompleted(request, false, millis));
        return lost;
    }
}
