/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.testing;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Sleeps in real time, for programs that run the plugin for minutes. Tests use {@link ManualTime} instead. */
public final class RealTime {

    private RealTime() {}

    /** Waits for the given time. */
    public static void sleep(Duration time) throws InterruptedException {
        if (new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("the latch must not be counted down");
        }
    }
}
