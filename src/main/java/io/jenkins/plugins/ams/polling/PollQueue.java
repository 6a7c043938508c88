/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Queues an account's waits for polling, ordered by time.
 *
 * <p>Waits that have not completed their first poll are polled before all others. If the deadline of such a wait passed
 * while Jenkins was down, its build may have to end immediately.
 *
 * <p>Guarded by the lock of its {@link AccountQueue}.
 */
final class PollQueue {

    /** How early any poll may be sent as part of another wait's request, in milliseconds. */
    private static final long SHARING_MILLIS = 1000;

    /**
     * How early a regular poll may be sent as part of another wait's request, as a fraction of the polling interval. If
     * {@link #SHARING_MILLIS} is longer than this fraction, {@code SHARING_MILLIS} applies instead. A poll that shares
     * a request does not need a separate request.
     */
    private static final double SHARING_FRACTION = 0.25;

    private static final Comparator<QueuedPoll> BY_TIME = Comparator.comparingLong(QueuedPoll::due);

    private final PriorityQueue<QueuedPoll> firstPolls = new PriorityQueue<>(BY_TIME);
    private final PriorityQueue<QueuedPoll> laterPolls = new PriorityQueue<>(BY_TIME);
    private final Map<JobWait, QueuedPoll> polls = new HashMap<>();
    private final ConcurrencyLimiter limiter;

    /**
     * The next poll of a wait.
     *
     * @param first whether the wait has not completed a poll yet
     * @param separate whether the poll must not share a request with other polls
     * @param due the time of the poll in milliseconds on the scheduler's clock
     * @param slack how early the poll may be sent as part of another wait's request, in milliseconds
     * @param requestsPerSecond the request rate of the wait's regular polls; zero if this poll is not a regular poll
     */
    record QueuedPoll(
            JobWait jobWait, boolean first, boolean separate, long due, long slack, double requestsPerSecond) {

        /**
         * Creates a poll that does not follow the regular polling interval, such as a wait's first poll or a retry
         * after an error.
         */
        static QueuedPoll soon(JobWait wait, boolean first, boolean separate, long due) {
            return new QueuedPoll(wait, first, separate, due, SHARING_MILLIS, 0);
        }

        /** Creates a poll that follows the regular polling interval. */
        static QueuedPoll regular(JobWait wait, boolean separate, long now, long delay, double requestsPerSecond) {
            long slack = Math.max(SHARING_MILLIS, Math.round(SHARING_FRACTION * delay));
            return new QueuedPoll(wait, false, separate, now + delay, slack, requestsPerSecond);
        }

        private boolean isRegular() {
            return requestsPerSecond > 0;
        }

        private boolean sharesAt(long now) {
            return !separate && due - slack <= now;
        }
    }

    /** @param limiter tracks the request rate of the queued polls */
    PollQueue(ConcurrencyLimiter limiter) {
        this.limiter = limiter;
    }

    void add(QueuedPoll poll) {
        (poll.first() ? firstPolls : laterPolls).add(poll);
        polls.put(poll.jobWait(), poll);
        if (poll.isRegular()) {
            limiter.addScheduled(poll.requestsPerSecond());
        }
    }

    /** Removes a wait's poll from the queue. Has no effect if no poll of this wait is queued. */
    void remove(JobWait wait) {
        QueuedPoll poll = polls.get(wait);
        if (poll != null) {
            (poll.first() ? firstPolls : laterPolls).remove(poll);
            onRemoved(poll);
        }
    }

    /** Returns a wait's poll, or null if no poll of this wait is queued. */
    @CheckForNull
    QueuedPoll of(JobWait wait) {
        return polls.get(wait);
    }

    int size() {
        return polls.size();
    }

    boolean isEmpty() {
        return polls.isEmpty();
    }

    /**
     * Returns the time of the next poll in milliseconds on the scheduler's clock, or {@link Long#MAX_VALUE} if the
     * queue is empty.
     */
    long nextDue() {
        return Math.min(nextDue(firstPolls), nextDue(laterPolls));
    }

    boolean isFirstPollDue(long now) {
        return nextDue(firstPolls) <= now;
    }

    /**
     * Removes and returns the polls for one request: the next poll that is due, and other polls that are due or may be
     * sent early.
     *
     * @param maxJobs the maximum number of jobs per request
     * @return the polls, or an empty list if no poll is due
     */
    List<QueuedPoll> take(long now, int maxJobs) {
        List<QueuedPoll> batch = new ArrayList<>();
        PriorityQueue<QueuedPoll> queue = isFirstPollDue(now) ? firstPolls : laterPolls;
        if (nextDue(queue) > now) {
            return batch;
        }
        QueuedPoll first = queue.remove();
        batch.add(first);
        if (!first.separate()) {
            takeSharing(firstPolls, batch, now, maxJobs);
            takeSharing(laterPolls, batch, now, maxJobs);
        }
        batch.forEach(this::onRemoved);
        return batch;
    }

    private void onRemoved(QueuedPoll poll) {
        polls.remove(poll.jobWait());
        if (poll.isRegular()) {
            limiter.removeScheduled(poll.requestsPerSecond());
        }
    }

    private static void takeSharing(PriorityQueue<QueuedPoll> queue, List<QueuedPoll> batch, long now, int maxJobs) {
        while (batch.size() < maxJobs && !queue.isEmpty() && queue.peek().sharesAt(now)) {
            batch.add(queue.remove());
        }
    }

    private static long nextDue(PriorityQueue<QueuedPoll> queue) {
        return queue.isEmpty() ? Long.MAX_VALUE : queue.peek().due();
    }
}
