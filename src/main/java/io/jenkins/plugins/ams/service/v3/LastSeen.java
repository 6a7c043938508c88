/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service.v3;

import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.v3.V3Json.Whole;
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
final class LastSeen {

    private static final Duration MOMENT = Duration.ofSeconds(5);

    /** Beyond, a job is asked for again. */
    private static final int MOST = 1000;

    private final Clock clock;
    private final Map<JobId, Kept> kept = new LinkedHashMap<>();

    private record Kept(Whole whole, Instant since) {}

    LastSeen(Clock clock) {
        this.clock = clock;
    }

    synchronized void keep(Whole whole) {
        JobId id = whole.job().id();
        kept.remove(id); // the newest last
        kept.put(id, new Kept(whole, clock.instant()));
        Iterator<Kept> oldest = kept.values().iterator();
        while (oldest.hasNext() && (isPast(oldest.next()) || kept.size() > MOST)) {
            oldest.remove();
        }
    }

    /** How much is kept. */
    synchronized int size() {
        return kept.size();
    }

    /** The job as it was seen a moment ago; empty if that is longer ago. */
    synchronized Optional<Whole> of(JobId id) {
        Kept last = kept.get(id);
        return last == null || isPast(last) ? Optional.empty() : Optional.of(last.whole());
    }

    private boolean isPast(Kept one) {
        Duration age = Duration.between(one.since(), clock.instant());
        return age.isNegative() || age.compareTo(MOMENT) > 0;
    }
}
