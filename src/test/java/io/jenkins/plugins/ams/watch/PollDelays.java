/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.watch;

import io.jenkins.plugins.ams.service.JobId;
import java.util.function.ObjLongConsumer;

/** Lets measurements outside of this package hear how late looks are. */
public final class PollDelays {

    private PollDelays() {}

    /** @param listener gets milliseconds, less than none for a look that was sent early; called by many threads */
    public static void report(JobPoller poller, ObjLongConsumer<JobId> listener) {
        poller.setLatenessListener(listener);
    }
}
