/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;

/**
 * Holds the requests of one account that are in flight, and the queued requests other than polls.
 *
 * <p>Guarded by the lock of its {@link AccountQueue}.
 */
final class RequestQueue {

    private final CancellationQueue cancellations = new CancellationQueue();

    /**
     * Requests for tasks and output assets of jobs that have been polled. They are sent before polls, except first
     * polls.
     */
    private final Queue<ServiceRequest<?>> details = new ArrayDeque<>();

    private final Set<ServiceRequest<?>> inFlight = new HashSet<>();

    /** Returns the requests that cancel jobs. */
    CancellationQueue cancellations() {
        return cancellations;
    }

    void addDetails(ServiceRequest<?> request) {
        details.add(request);
    }

    boolean hasDetails() {
        return !details.isEmpty();
    }

    /** Removes and returns the next request for details, or null if the queue is empty. */
    ServiceRequest<?> pollDetails() {
        return details.poll();
    }

    /** Returns whether no request is queued. */
    boolean isEmpty() {
        return cancellations.isEmpty() && details.isEmpty();
    }

    int inFlight() {
        return inFlight.size();
    }

    /** Records that a request is sent, at a time in milliseconds of the scheduler's clock. */
    void onSent(ServiceRequest<?> request, long now) {
        request.setSentAt(now);
        inFlight.add(request);
    }

    /** Records that a request is complete. Returns false if it was recorded before. */
    boolean onCompleted(ServiceRequest<?> request) {
        cancellations.onResponse(request);
        return inFlight.remove(request);
    }

    /**
     * Removes queued requests whose result is no longer needed. Returns those in flight, which still count as
     * concurrent requests.
     */
    List<ServiceRequest<?>> removeAbandoned() {
        cancellations.removeAbandoned();
        details.removeIf(request -> !request.isNeeded());
        return inFlight.stream().filter(request -> !request.isNeeded()).toList();
    }

    /**
     * Removes and returns requests in flight that were sent before a given time, whose responses are considered lost.
     */
    List<ServiceRequest<?>> removeSentBefore(long millis) {
        List<ServiceRequest<?>> lost =
                inFlight.stream().filter(request -> request.sentAt() <= millis).toList();
        lost.forEach(this::onCompleted);
        return lost;
    }
}
