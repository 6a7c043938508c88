/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import java.time.Duration;

/**
 * Limits the number of concurrent requests for an account. If all waits together need more requests than the limit
 * permits, this class extends their polling intervals.
 *
 * <p>The limit is based on the average number of concurrent requests that the scheduled polls need. This number is the
 * request rate multiplied by the average duration of a request (Little's law). The limit also includes headroom for
 * unscheduled requests. The concurrency limit itself has a maximum. Because the services do not publish how many
 * requests they permit, this maximum is increased slowly after successful requests and halved after throttling. If the
 * scheduled polls need more concurrent requests than the maximum, all polling intervals are extended proportionally, so
 * that no wait starves.
 *
 * <p>Guarded by the lock of its {@link AccountQueue}.
 */
final class ConcurrencyLimiter {

    /**
     * The concurrency limit is at least this value, unless throttling reduces it further. The maximum of the limit
     * starts at this value. With several concurrent requests, a request that hangs does not block all others.
     */
    static final int MIN_IN_FLIGHT = 4;

    /** Maximum number of concurrent requests. A service might treat more concurrent requests as an attack. */
    static final int MAX_IN_FLIGHT = 16;

    /**
     * Ratio of the concurrency limit to the number of concurrent requests that the scheduled polls need. The headroom
     * is for unscheduled requests, such as first polls and requests for the details of ended jobs.
     */
    private static final double HEADROOM_FACTOR = 2;

    /** Fraction of the capacity that scheduled polls may use. */
    private static final double PLANNED_FRACTION = 0.8;

    /** Maximum extended polling interval, as a multiple of the time needed to poll all jobs once. */
    private static final double MAX_ROUNDS = 3;

    /** Number of successful requests after which the maximum of the limit is increased by one. */
    private static final int SUCCESSES_TO_GROW = 200;

    /**
     * Number of successful requests after which the limit's maximum is increased by one. Applies only after throttling
     * has reduced the maximum.
     */
    private static final int SUCCESSES_TO_GROW_AFTER_THROTTLING = 50;

    /** Weight of the newest value in exponential moving averages. */
    private static final double WEIGHT = 0.05;

    /**
     * Weight of a new request duration in the average if the duration is longer than the average. This weight is low
     * because a long duration may include time spent waiting for a token, a network connection, or a controller thread.
     * In these cases, more concurrent requests would not help.
     */
    private static final double SLOWER_WEIGHT = 0.02;

    private static final double FASTER_WEIGHT = 0.2;

    private int limit = MIN_IN_FLIGHT;
    private boolean throttled;
    private int successes;
    private double secondsPerRequest;
    private double serviceSeconds;
    private double jobsPerPoll = 1;
    private double requestsPerPoll = 1;
    private double requestsPerSecond;
    private int scheduledPolls;

    /**
     * Returns the maximum number of concurrent requests, excluding cancellations.
     *
     * @param waits the number of waits, including new waits that have no scheduled poll yet
     */
    int maxInFlight(int waits) {
        return Math.min(
                limit, Math.max(MIN_IN_FLIGHT, (int) Math.ceil(HEADROOM_FACTOR * requests(waits) * serviceSeconds)));
    }

    /** Returns the maximum number of concurrent requests, including cancellations. */
    int maxInFlightWithCancellations() {
        return throttled ? limit : MAX_IN_FLIGHT;
    }

    /**
     * Returns the delay until a poll. The delay is extended if the scheduled polls exceed the capacity.
     *
     * @param delay the delay according to the polling schedule
     * @return the delay, extended if necessary to at most {@link #MAX_ROUNDS} times the time needed to poll all jobs
     *     once
     */
    Duration delay(Duration delay, int waits) {
        // in requests per second
        double availableRate = PLANNED_FRACTION * (throttled ? limit : MAX_IN_FLIGHT) / secondsPerRequest;
        double delayAtCapacity = delay.toMillis() * requests(waits) / availableRate;
        double maxDelay = MAX_ROUNDS * 1000 * waits * requestsPerPoll / availableRate;
        return Duration.ofMillis(Math.max(delay.toMillis(), Math.round(Math.min(delayAtCapacity, maxDelay))));
    }

    /**
     * Called after a successful poll or request for details.
     *
     * @param duration the time between the request and its response
     */
    void onSuccess(Duration duration) {
        double seconds = duration.toMillis() / 1000d;
        boolean first = secondsPerRequest == 0;
        secondsPerRequest = first ? seconds : mean(secondsPerRequest, seconds, WEIGHT);
        double weight = seconds < serviceSeconds ? FASTER_WEIGHT : SLOWER_WEIGHT;
        serviceSeconds = first ? seconds : mean(serviceSeconds, seconds, weight);
        onAccepted();
    }

    /** Counts a successful request without measuring its duration, which may not be representative of polls. */
    void onAccepted() {
        if (limit < MAX_IN_FLIGHT
                && ++successes >= (throttled ? SUCCESSES_TO_GROW_AFTER_THROTTLING : SUCCESSES_TO_GROW)) {
            successes = 0;
            limit++;
            throttled = throttled && limit < MAX_IN_FLIGHT;
        }
    }

    /** Called when the service throttles requests or stops responding. */
    void onThrottled(int waits) {
        limit = Math.max(1, maxInFlight(waits) / 2);
        successes = 0;
        throttled = true;
    }

    /** Called when a request that polls the given number of jobs is sent. */
    void onPollSent(int jobs) {
        jobsPerPoll = mean(jobsPerPoll, jobs, WEIGHT);
    }

    /**
     * Returns the request rate of a wait that is polled at the given interval, in requests per second. Also updates the
     * average number of requests per poll.
     *
     * @param needsTaskRequest whether each poll needs a second request for the job's tasks
     */
    double requestsPerSecond(Duration delay, boolean needsTaskRequest) {
        double requests = 1 / jobsPerPoll + (needsTaskRequest ? 1 : 0);
        requestsPerPoll = mean(requestsPerPoll, requests, WEIGHT);
        return requests / (delay.toMillis() / 1000d);
    }

    /** Adds the request rate of a scheduled poll, in requests per second. */
    void addScheduled(double rate) {
        scheduledPolls++;
        requestsPerSecond += rate;
    }

    /** Subtracts the request rate of a poll that has been sent or canceled, in requests per second. */
    void removeScheduled(double rate) {
        scheduledPolls--;
        requestsPerSecond = scheduledPolls == 0 ? 0 : requestsPerSecond - rate; // discards rounding errors
    }

    /**
     * Returns the request rate of all waits, in requests per second. Waits without a scheduled poll are counted at the
     * average rate.
     */
    private double requests(int waits) {
        return scheduledPolls == 0 ? 0 : requestsPerSecond / scheduledPolls * Math.max(scheduledPolls, waits);
    }

    private static double mean(double previous, double newest, double weight) {
        return previous + weight * (newest - previous);
    }
}
