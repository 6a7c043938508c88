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
    private final Queue<Request<?>> details = new ArrayDeque<>();

    private final Set<Request<?>> inFlight = new HashSet<>();

    /** Those that cancel jobs. */
    CancellationQueue cancellations() {
        return cancellations;
    }

    void addDetails(Request<?> request) {
        details.add(request);
    }

    boolean hasDetails() {
        return !details.isEmpty();
    }

    /** Takes the next request for details; null if there is none. */
    Request<?> pollDetails() {
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
    void sent(Request<?> request, long now) {
        request.setSentAt(now);
        inFlight.add(request);
    }

    /** A request is complete; returns false if that is known already. */
    boolean completed(Request<?> request) {
        cancellations.onResponse(request);
        return inFlight.remove(request);
    }

    /** Removes requests that nobody waits for any more; returns those that are in flight and still hold a place. */
    List<Request<?>> dropAbandoned() {
        cancellations.removeUnwanted();
        details.removeIf(request -> !request.isWanted());
        return inFlight.stream().filter(request -> !request.isWanted()).toList();
    }

    /** Removes requests that were sent so long ago that their responses must be lost. */
    List<Request<?>> removeSentBefore(long millis) {
        List<Request<?>> lost =
                inFlight.stream().filter(request -> request.sentAt() <= millis).toList();
        lost.forEach(this::completed);
        return lost;
    }
}
