/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Queues the requests of one account that cancel jobs.
 *
 * <p>They are sent before polls, because a job that continues to run costs money and its build has ended already. At least
 * one request in {@link #MAX_IN_A_ROW} + 1 is a poll, so that thousands of cancellations do not block polling.
 *
 * <p>Guarded by the lock of its {@link AccountQueue}.
 */
final class CancellationQueue {

    /** Maximum number of consecutive cancellations while a poll is due. */
    static final int MAX_IN_A_ROW = 7;

    /** Queued requests by position. A repeated attempt keeps its position before newer cancellations. */
    private final TreeMap<Long, ServiceRequest<Boolean>> waiting = new TreeMap<>();

    private final Set<ServiceRequest<?>> inFlight = new HashSet<>();
    private long lastOrder;
    private int inARow;

    /** Returns a new position after all existing ones. */
    long nextOrder() {
        return ++lastOrder;
    }

    /** Adds a request at a position returned by {@link #nextOrder}. */
    void add(long order, ServiceRequest<Boolean> request) {
        waiting.put(order, request);
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /**
     * Returns whether the next request should be a cancellation.
     *
     * @param pollIsDue whether a poll could be sent instead
     */
    boolean isNext(boolean pollIsDue) {
        return !isEmpty() && !(pollIsDue && inARow >= MAX_IN_A_ROW);
    }

    /** Removes the first request, which the caller sends now. */
    ServiceRequest<?> remove() {
        Map.Entry<Long, ServiceRequest<Boolean>> first = waiting.pollFirstEntry();
        inFlight.add(first.getValue());
        inARow++;
        return first.getValue();
    }

    /** Called when a poll is sent. */
    void onPoll() {
        inARow = 0;
    }

    /** Returns the number of cancellations in flight. */
    int inFlight() {
        return inFlight.size();
    }

    /** Returns whether a request is a cancellation in flight. */
    boolean contains(ServiceRequest<?> request) {
        return inFlight.contains(request);
    }

    /** Called when a request is complete. Requests other than cancellations are ignored. */
    void onResponse(ServiceRequest<?> request) {
        inFlight.remove(request);
    }

    /** Removes requests whose outcome is known. */
    void removeAbandoned() {
        waiting.values().removeIf(request -> !request.isNeeded());
    }
}
