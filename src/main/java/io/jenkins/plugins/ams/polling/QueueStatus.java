/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import io.jenkins.plugins.ams.http.AmsException;
import java.time.Duration;

/**
 * The status of a wait that is queued or in flight.
 *
 * @param error the error that delays a poll that is due, or null. Errors of polls in flight are reported separately
 * @param failingSince the time of the first error in milliseconds of the scheduler's clock
 * @param rejectedFor how long requests have been rejected; zero for a transient error
 * @param untilPoll the time until the next poll; zero if it is in flight or due
 */
record QueueStatus(AmsException error, long failingSince, Duration rejectedFor, Duration untilPoll) {

    static final QueueStatus IN_FLIGHT = new QueueStatus(null, 0, Duration.ZERO, Duration.ZERO);
}
