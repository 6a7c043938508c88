/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.watch;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The requests of one connection that cancel jobs, and when it is their turn. They are sent before polls: a job that
 * runs on costs money, and its build has ended. So that polls do not starve behind thousands of them, one request in
 * {@link #MAX_IN_A_ROW} + 1 is a poll.
 *
 * <p>Guarded by its connection.
 */
final class CancellationQueue {

    /** Cancellations that are sent before a poll that is due. */
    static final int MAX_IN_A_ROW = 7;

    /** In the order in which the cancellations were asked for, so that a repeated attempt goes before first ones. */
    private final TreeMap<Long, ServiceRequest<Boolean>> waiting = new TreeMap<>();

    private final Set<ServiceRequest<?>> inFlight = new HashSet<>();
    private long lastOrder;
    private int inARow;

    /** Returns a place behind all others. */
    long nextOrder() {
        return ++lastOrder;
    }

    /** Adds a request at a place of {@link #nextOrder}. */
    void add(long order, ServiceRequest<Boolean> request) {
        waiting.put(order, request);
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /**
     * Whether a cancellation is sent next.
     *
     * @param pollIsDue whether a poll could be sent instead
     */
    boolean isNext(boolean pollIsDue) {
        return !isEmpty() && !(pollIsDue && inARow >= MAX_IN_A_ROW);
    }

    /** Takes the first request out of the queue, to be sent now. */
    ServiceRequest<?> remove() {
        Map.Entry<Long, ServiceRequest<Boolean>> first = waiting.pollFirstEntry();
        inFlight.add(first.getValue());
        inARow++;
        return first.getValue();
    }

    /** A poll is sent. */
    void onPoll() {
        inARow = 0;
    }

    /** How many cancellations have been sent and have no response yet. */
    int inFlight() {
        return inFlight.size();
    }

    /** Whether a request is a cancellation that is in flight. */
    boolean contains(ServiceRequest<?> request) {
        return inFlight.contains(request);
    }

    /** A request is complete; does nothing if it is no cancellation. */
    void onResponse(ServiceRequest<?> request) {
        inFlight.remove(request);
    }

    /** Forgets requests whose outcome is known. */
    void removeAbandoned() {
        waiting.values().removeIf(request -> !request.isNeeded());
    }
}
