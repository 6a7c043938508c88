/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.watch;

import java.time.Duration;

/**
 * How fast a connection may go. As many requests are under way at once as the planned looks need, and some more for what
 * comes unplanned; the service publishes no limit, so there is one here, which is approached slowly and lowered by refusals. If the
 * planned looks need more than that, all of them are put off in proportion, rather than some of them for ever. Requests per
 * second times the seconds that one takes are the requests under way on average (Little's law).
 *
 * <p>Guarded by its connection.
 */
final class ConcurrencyLimiter {

    /**
     * Requests at once, however little is planned, as one that hangs must not keep all others waiting; and however much
     * is planned, to begin with.
     */
    static final int MIN_IN_FLIGHT = 4;

    /** Requests at once, however much is planned: more would look like an attack. */
    static final int MAX_IN_FLIGHT = 16;

    /** First looks and the ends of jobs come unplanned and take their share. */
    private static final double HEADROOM_FACTOR = 2;

    /** So much of the most is for planned looks when these are put off. */
    private static final double PLANNED_FRACTION = 0.8;

    /** However much is planned: while all jobs are looked at so often, each is once at least. */
    private static final double MAX_ROUNDS = 3;

    /** Good answers after which one more request may be under way, if it is needed. */
    private static final int SUCCESSES_TO_GROW = 200;

    /** The same after a refusal. */
    private static final int SUCCESSES_TO_GROW_AFTER_THROTTLING = 50;

    /** Weight of the newest in a mean that forgets. */
    private static final double WEIGHT = 0.05;

    /**
     * The same for the time that the service takes by itself: a longer one may have waited for a token, a connection or
     * its turn on this machine, and asking more at once would not help.
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
     * How many requests may be under way.
     *
     * @param waits how many there are, those included for which no look is planned since they have just begun
     */
    int maxInFlight(int waits) {
        return Math.min(
                limit, Math.max(MIN_IN_FLIGHT, (int) Math.ceil(HEADROOM_FACTOR * requests(waits) * serviceSeconds)));
    }

    /** How many requests may be under way where all but a few are cancellations, which nobody is kept waiting by. */
    int maxInFlightWithCancellations() {
        return throttled ? limit : MAX_IN_FLIGHT;
    }

    /**
     * How long to wait for a look that is planned after a delay.
     *
     * @return the delay, or more if the connection cannot do all that is planned; but not more than some times as long as
     *     it takes to look at all jobs once
     */
    Duration delay(Duration delay, int waits) {
        double availableRate =
                PLANNED_FRACTION * (throttled ? limit : MAX_IN_FLIGHT) / secondsPerRequest; // requests per second
        double delayAtCapacity = delay.toMillis() * requests(waits) / availableRate;
        double maxDelay = MAX_ROUNDS * 1000 * waits * requestsPerPoll / availableRate;
        return Duration.ofMillis(Math.max(delay.toMillis(), Math.round(Math.min(delayAtCapacity, maxDelay))));
    }

    /** An answer came, and it was no error. */
    void onSuccess(Duration duration) {
        double seconds = duration.toMillis() / 1000d;
        boolean first = secondsPerRequest == 0;
        secondsPerRequest = first ? seconds : mean(secondsPerRequest, seconds, WEIGHT);
        double weight = seconds < serviceSeconds ? FASTER_WEIGHT : SLOWER_WEIGHT;
        serviceSeconds = first ? seconds : mean(serviceSeconds, seconds, weight);
        onAccepted();
    }

    /** An answer came which was no error, and whose time says nothing of looks. */
    void onAccepted() {
        if (limit < MAX_IN_FLIGHT
                && ++successes >= (throttled ? SUCCESSES_TO_GROW_AFTER_THROTTLING : SUCCESSES_TO_GROW)) {
            successes = 0;
            limit++;
            throttled = throttled && limit < MAX_IN_FLIGHT;
        }
    }

    /** The service asked to be left alone, or does not answer any more. */
    void onThrottled(int waits) {
        limit = Math.max(1, maxInFlight(waits) / 2);
        successes = 0;
        throttled = true;
    }

    /** A request for so many jobs is sent. */
    void onPollSent(int jobs) {
        jobsPerPoll = mean(jobsPerPoll, jobs, WEIGHT);
    }

    /**
     * Requests per second that a look means if it is repeated at its interval; keeps in mind how many it takes.
     *
     * @param asksForTasks whether the tasks take a request of their own
     */
    double requestsPerSecond(Duration delay, boolean needsTaskRequest) {
        double requests = 1 / jobsPerPoll + (needsTaskRequest ? 1 : 0);
        requestsPerPoll = mean(requestsPerPoll, requests, WEIGHT);
        return requests / (delay.toMillis() / 1000d);
    }

    /** A look is planned that means so many requests per second. */
    void addScheduled(double rate) {
        scheduledPolls++;
        requestsPerSecond += rate;
    }

    /** A look that was planned is made now, or never. */
    void removeScheduled(double rate) {
        scheduledPolls--;
        requestsPerSecond = scheduledPolls == 0 ? 0 : requestsPerSecond - rate; // what rounding left does not add up
    }

    /** Requests per second for all waits; those for which nothing is planned yet will be like the others. */
    private double requests(int waits) {
        return scheduledPolls == 0 ? 0 : requestsPerSecond / scheduledPolls * Math.max(scheduledPolls, waits);
    }

    private static double mean(double previous, double newest, double weight) {
        return previous + weight * (newest - previous);
    }
}
