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
 * What was asked of the emulator, in the order of arrival. Requests to its own control API are not in it. Counts are
 * exact; of the requests themselves the last 100,000 are kept, so that an emulator that runs for days stays small.
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

    /** All requests since the start or the last {@link #clear}. */
    public synchronized List<RecordedRequest> all() {
        return new ArrayList<>(requests);
    }

    /** The requests of one kind. */
    public synchronized List<RecordedRequest> of(RequestKind kind) {
        return requests.stream().filter(request -> request.kind() == kind).toList();
    }

    /** The latest request of one kind. */
    public RecordedRequest last(RequestKind kind) {
        List<RecordedRequest> matching = of(kind);
        if (matching.isEmpty()) {
            throw new IllegalStateException("no request of kind " + kind);
        }
        return matching.get(matching.size() - 1);
    }

    /** How many requests of one kind arrived. */
    public synchronized long count(RequestKind kind) {
        return counts.getOrDefault(kind, 0L);
    }

    /** How many requests arrived. */
    public synchronized long count() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Forgets everything so far. */
    public synchronized void clear() {
        requests.clear();
        counts.clear();
    }
}
