package io.jenkins.plugins.ams.watch;

import java.time.Duration;

/**
 * How fast a connection may go. As many requests are under way at once as the planned looks need, and some more for what
 * comes unplanned; the service publishes no limit, so there is one here, which its refusals lower for some time. If the
 * planned looks need more than that, all of them are put off in proportion, rather than some of them for ever.
 *
 * <p>Guarded by its connection.
 */
final class Pace {

    /** Requests at once, however little is planned: one that hangs does not keep all others waiting. */
    static final int FEW_IN_FLIGHT = 2;

    /** Requests at once, however much is planned: more would look like an attack. */
    static final int MOST_IN_FLIGHT = 16;

    /** First looks and the ends of jobs come unplanned and take their share. */
    private static final double ROOM = 2;

    /** So much of the most is for planned looks when these are put off. */
    private static final double SHARE_OF_PLANNED = 0.8;

    /** Good answers after which a connection that was refused something may have one more request under way. */
    private static final int GOOD_ANSWERS = 50;

    /** Weight of the newest in a mean that forgets. */
    private static final double WEIGHT = 0.05;

    /**
     * The same for the time until an answer, which is to be the service's own: a longer one may have waited for a token,
     * a connection or its turn on this machine, and asking more at once would not help.
     */
    private static final double WEIGHT_OF_LONGER = 0.02;

    private static final double WEIGHT_OF_SHORTER = 0.2;

    private int most = MOST_IN_FLIGHT;
    private int goodAnswers;
    private double secondsPerRequest;
    private double jobsPerLook = 1;
    private double requestsPerSecond;
    private int planned;

    /**
     * How many requests may be under way.
     *
     * @param waits how many there are, those included for which no look is planned since they have just begun
     */
    int allowed(int waits) {
        return Math.min(most, Math.max(FEW_IN_FLIGHT, (int) Math.ceil(ROOM * needed(waits))));
    }

    /** What the delays of planned looks are to be multiplied by; at least 1. */
    double stretch(int waits) {
        return Math.max(1, needed(waits) / (SHARE_OF_PLANNED * most));
    }

    /** An answer came, and it was no fault. */
    void answered(Duration after) {
        double seconds = after.toMillis() / 1000d;
        double weight = seconds < secondsPerRequest ? WEIGHT_OF_SHORTER : WEIGHT_OF_LONGER;
        secondsPerRequest = secondsPerRequest == 0 ? seconds : mean(secondsPerRequest, seconds, weight);
        if (most < MOST_IN_FLIGHT && ++goodAnswers >= GOOD_ANSWERS) {
            goodAnswers = 0;
            most++;
        }
    }

    /** The service asked to be left alone, or does not answer any more. */
    void refused(int waits) {
        most = Math.max(1, allowed(waits) / 2);
        goodAnswers = 0;
    }

    /** A request for so many jobs is sent. */
    void looked(int jobs) {
        jobsPerLook = mean(jobsPerLook, jobs, WEIGHT);
    }

    /** Requests per second that a look means if it is repeated at its interval. */
    double requestsPerSecond(PollSchedule.Next next) {
        double seconds = next.delay().toMillis() / 1000d;
        return (1 / jobsPerLook + (next.tasks() ? 1 : 0)) / seconds;
    }

    /** A look is planned that means so many requests per second. */
    void plan(double more) {
        planned++;
        requestsPerSecond += more;
    }

    /** A look that was planned is made now, or never. */
    void unplan(double less) {
        planned--;
        requestsPerSecond = planned == 0 ? 0 : requestsPerSecond - less; // what rounding left does not add up
    }

    /**
     * Requests that are under way on average if everything is done (Little's law). Waits for which nothing is planned
     * yet will be like the others.
     */
    private double needed(int waits) {
        return planned == 0 ? 0 : requestsPerSecond / planned * Math.max(planned, waits) * secondsPerRequest;
    }

    private static double mean(double before, double newest, double weight) {
        return before + weight * (newest - before);
    }
}
