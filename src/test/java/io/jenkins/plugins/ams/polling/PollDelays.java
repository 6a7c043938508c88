/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import io.jenkins.plugins.ams.service.JobId;
import java.util.function.ObjLongConsumer;

/** Gives measurements outside of this package the delays of polls. */
public final class PollDelays {

    private PollDelays() {}

    /** @param listener receives milliseconds, negative for a poll that was sent early; called by several threads */
    public static void report(JobPoller poller, ObjLongConsumer<JobId> listener) {
        poller.setLatenessListener(listener);
    }
}
