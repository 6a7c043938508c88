/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

/** Triggers heartbeats for tests outside of this package. */
public final class Heartbeats {

    private Heartbeats() {}

    /** Triggers one heartbeat of all queues and waits of a poller. */
    public static void trigger(JobPoller poller) {
        poller.queues().forEach(AccountQueue::wake);
        poller.waits().forEach(JobWait::onHeartbeat);
    }
}
