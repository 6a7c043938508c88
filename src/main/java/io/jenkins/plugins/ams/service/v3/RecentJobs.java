/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service.v3;

import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.v3.V3Json.JobWithDetails;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A cache of the tasks and output assets in recent responses. A response for a job contains them, and callers request
 * them right after polling the job.
 *
 * <p>Thread-safe. The object itself is the lock.
 */
final class RecentJobs {

    private static final Duration TTL = Duration.ofSeconds(5);

    /** Maximum number of cached jobs; the oldest are removed. */
    private static final int MAX_JOBS = 1000;

    private final Clock clock;
    private final Map<JobId, Entry> entries = new LinkedHashMap<>();

    private record Entry(JobWithDetails details, Instant cachedAt) {}

    RecentJobs(Clock clock) {
        this.clock = clock;
    }

    synchronized void add(JobWithDetails details) {
        JobId id = details.job().id();
        entries.remove(id); // so that put appends the job as the newest
        entries.put(id, new Entry(details, clock.instant()));
        Iterator<Entry> oldest = entries.values().iterator();
        while (oldest.hasNext() && (isExpired(oldest.next()) || entries.size() > MAX_JOBS)) {
            oldest.remove();
        }
    }

    /** Returns the number of cached jobs, including expired ones. */
    synchronized int size() {
        return entries.size();
    }

    /** Returns the job with its details, or empty if it is not cached or has expired. */
    synchronized Optional<JobWithDetails> find(JobId id) {
        Entry entry = entries.get(id);
        return entry == null || isExpired(entry) ? Optional.empty() : Optional.of(entry.details());
    }

    private boolean isExpired(Entry entry) {
        Duration age = Duration.between(entry.cachedAt(), clock.instant());
        return age.isNegative() || age.compareTo(TTL) > 0;
    }
}
