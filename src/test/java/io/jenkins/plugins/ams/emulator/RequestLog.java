/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Logs the emulator's requests, except those to the control API, in the order of arrival. Counts are exact. The details
 * are kept for the last 100,000 requests, so that the log of an emulator that runs for days does not fill the memory.
 */
public final class RequestLog {

    private static final int MAX_REQUESTS = 100_000;

    private final Deque<RecordedRequest> requests = new ArrayDeque<>();
    private final Map<RequestKind, Long> counts = new EnumMap<>(RequestKind.class);

    RequestLog() {}

    synchronized void add(RecordedRequest request) {
        if (requests.size() == MAX_REQUESTS) {
            requests.removeFirst();
        }
        requests.addLast(request);
        counts.merge(request.kind(), 1L, Long::sum);
    }

    /** Returns the requests since the start or the last {@link #clear}. */
    public synchronized List<RecordedRequest> all() {
        return new ArrayList<>(requests);
    }

    /** Returns the requests of one kind. */
    public synchronized List<RecordedRequest> of(RequestKind kind) {
        return requests.stream().filter(request -> request.kind() == kind).toList();
    }

    /** Returns the latest request of one kind. */
    public RecordedRequest last(RequestKind kind) {
        List<RecordedRequest> matching = of(kind);
        if (matching.isEmpty()) {
            throw new IllegalStateException("no request of kind " + kind);
        }
        return matching.get(matching.size() - 1);
    }

    /** Returns the number of requests of one kind. */
    public synchronized long count(RequestKind kind) {
        return counts.getOrDefault(kind, 0L);
    }

    /** Returns the number of requests. */
    public synchronized long count() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Clears the log and the counts. */
    public synchronized void clear() {
        requests.clear();
        counts.clear();
    }
}
