/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.watch;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;

/**
 * The requests of a connection that are in flight, and those besides polls that wait to be sent.
 *
 * <p>Guarded by its connection.
 */
final class RequestQueue {

    private final CancellationQueue cancellations = new CancellationQueue();

    /** For tasks and output assets of jobs that were polled; they go before polls, but not before first ones. */
    private final Queue<ServiceRequest<?>> details = new ArrayDeque<>();

    private final Set<ServiceRequest<?>> inFlight = new HashSet<>();

    /** Those that cancel jobs. */
    CancellationQueue cancellations() {
        return cancellations;
    }

    void addDetails(ServiceRequest<?> request) {
        details.add(request);
    }

    boolean hasDetails() {
        return !details.isEmpty();
    }

    /** Takes the next request for details; null if there is none. */
    ServiceRequest<?> pollDetails() {
        return details.poll();
    }

    /** Whether no request waits to be sent. */
    boolean isEmpty() {
        return cancellations.isEmpty() && details.isEmpty();
    }

    int inFlight() {
        return inFlight.size();
    }

    /** A request is sent, at a time of the timer in milliseconds. */
    void onSent(ServiceRequest<?> request, long now) {
        request.setSentAt(now);
        inFlight.add(request);
    }

    /** A request is complete; returns false if that is known already. */
    boolean onCompleted(ServiceRequest<?> request) {
        cancellations.onResponse(request);
        return inFlight.remove(request);
    }

    /** Removes requests that nobody waits for any more; returns those that are in flight and still hold a place. */
    List<ServiceRequest<?>> removeAbandoned() {
        cancellations.removeAbandoned();
        details.removeIf(request -> !request.isNeeded());
        return inFlight.stream().filter(request -> !request.isNeeded()).toList();
    }

    /** Removes requests that were sent so long ago that their responses must be lost. */
    List<ServiceRequest<?>> removeSentBefore(long millis) {
        List<ServiceRequest<?>> lost =
                inFlight.stream().filter(request -> request.sentAt() <= millis).toList();
        lost.forEach(this::onCompleted);
        return lost;
    }
}
