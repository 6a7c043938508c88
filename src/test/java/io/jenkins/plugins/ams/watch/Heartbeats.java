/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.watch;

/** Lets tests outside of this package have what otherwise comes once a minute. */
public final class Heartbeats {

    private Heartbeats() {}

    /** One heartbeat for all waits of a poller. */
    public static void trigger(JobPoller poller) {
        poller.queues().forEach(AccountQueue::wake);
        poller.waits().forEach(JobWait::onHeartbeat);
    }
}
