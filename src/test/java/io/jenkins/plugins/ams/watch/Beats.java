/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.watch;

/** Lets tests outside of this package have what otherwise comes once a minute. */
public final class Beats {

    private Beats() {}

    /** One heartbeat for all waits of a watcher. */
    public static void beat(JobWatcher watcher) {
        watcher.connections().forEach(Connection::wake);
        watcher.watches().forEach(Watch::beat);
    }
}
