/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Stores the jobs of the account in the order in which they were added. */
final class JobStore {

    /** "Job records older than 90 days are deleted" (AMS quotas and limitations). */
    private static final Duration TTL = Duration.ofDays(90);

    private final Map<String, EmulatedJob> jobs = new LinkedHashMap<>();
    private final Map<String, EmulatedJob> byV3Id = new HashMap<>();
    private final Clock clock;

    JobStore(Clock clock) {
        this.clock = clock;
    }

    synchronized EmulatedJob add(JobScript script) {
        String id = Ids.job(script.guid == null ? Ids.randomGuid() : script.guid);
        if (jobs.containsKey(key(id))) {
            throw new IllegalArgumentException("job " + id + " already exists");
        }
        EmulatedJob job = new EmulatedJob(id, script, clock);
        if (byV3Id.putIfAbsent(key(job.v3Id()), job) != null) {
            throw new IllegalArgumentException("job " + job.v3Id() + " already exists");
        }
        jobs.put(key(id), job);
        return job;
    }

    synchronized Optional<EmulatedJob> find(String id) {
        return Optional.ofNullable(jobs.get(key(id))).filter(this::isRetained);
    }

    /** Finds a job by its ID in APIs like AMS v3, {@code transform/job}. */
    synchronized Optional<EmulatedJob> findV3(String transform, String name) {
        return Optional.ofNullable(byV3Id.get(key(transform + "/" + name))).filter(this::isRetained);
    }

    synchronized List<EmulatedJob> all() {
        return jobs.values().stream().filter(this::isRetained).toList();
    }

    synchronized boolean remove(String id) {
        EmulatedJob removed = jobs.remove(key(id));
        if (removed != null) {
            byV3Id.remove(key(removed.v3Id()));
        }
        return removed != null;
    }

    private boolean isRetained(EmulatedJob job) {
        Instant oldest = clock.instant().minus(TTL);
        return !job.created().isBefore(oldest);
    }

    private static String key(String id) {
        return id.toLowerCase(Locale.ROOT);
    }
}
