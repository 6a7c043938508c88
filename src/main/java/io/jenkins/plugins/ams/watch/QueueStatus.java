/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.watch;

import java.time.Duration;

/**
 * How things stand with a wait that has nothing to do itself.
 *
 * @param error what keeps it from its look, which is due; null if nothing does that it is not told anyway
 * @param troubledSince when that began, of the poller's timer
 * @param rejectedFor how long the error has been a rejection; zero if it is none
 * @param untilLook zero if its look is under way, or due as soon as there is room
 */
record QueueStatus(Exception error, long failingSince, Duration rejectedFor, Duration untilPoll) {

    static final QueueStatus IN_FLIGHT = new QueueStatus(null, 0, Duration.ZERO, Duration.ZERO);
}
