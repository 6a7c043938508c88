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
 * What the answers of the last moments held of jobs besides the jobs: whoever looks at a job asks for its tasks next,
 * and these came along.
 */
final class RecentJobs {

    private static final Duration TTL = Duration.ofSeconds(5);

    /** Beyond, a job is asked for again. */
    private static final int MAX_JOBS = 1000;

    private final Clock clock;
    private final Map<JobId, Entry> entries = new LinkedHashMap<>();

    private record Entry(JobWithDetails whole, Instant since) {}

    RecentJobs(Clock clock) {
        this.clock = clock;
    }

    synchronized void add(JobWithDetails whole) {
        JobId id = whole.job().id();
        entries.remove(id); // the newest last
        entries.put(id, new Entry(whole, clock.instant()));
        Iterator<Entry> oldest = entries.values().iterator();
        while (oldest.hasNext() && (isExpired(oldest.next()) || entries.size() > MAX_JOBS)) {
            oldest.remove();
        }
    }

    /** How much is kept. */
    synchronized int size() {
        return entries.size();
    }

    /** The job as it was seen a moment ago; empty if that is longer ago. */
    synchronized Optional<JobWithDetails> find(JobId id) {
        Entry last = entries.get(id);
        return last == null || isExpired(last) ? Optional.empty() : Optional.of(last.whole());
    }

    private boolean isExpired(Entry one) {
        Duration age = Duration.between(one.since(), clock.instant());
        return age.isNegative() || age.compareTo(TTL) > 0;
    }
}
