/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

/** Gives measurements outside of this package the number of requests in flight. */
public final class InFlightRequests {

    private InFlightRequests() {}

    /** Returns the number of requests in flight in all queues. */
    public static int count(JobPoller poller) {
        return poller.inFlight();
    }
}
