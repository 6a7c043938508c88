/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.watch;

/** Lets those who measure know how many requests of a poller are under way. */
public final class InFlightRequests {

    private InFlightRequests() {}

    /** Over all connections. */
    public static int count(JobPoller poller) {
        return poller.inFlight();
    }
}
