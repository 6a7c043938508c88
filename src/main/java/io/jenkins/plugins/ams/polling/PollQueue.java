/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Queues the waits of one account that are to be polled, ordered by time.
 *
 * <p>Waits whose first poll is not complete go first: their build may have to end at once, because its deadline passed
 * while Jenkins was down.
 *
 * <p>Guarded by the lock of its {@link AccountQueue}.
 */
final class PollQueue {

    /** A wait that is due within this time is included in the request of a wait that is due now. */
    private static final long SHARING_MILLIS = 1000;

    /**
     * A wait that is due within this fraction of its polling interval is also included. An early poll in a shared
     * request costs no request of its own.
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
     * @param separate whether the poll needs a request of its own
     * @param due the time of the poll in milliseconds of the scheduler's clock
     * @param slack how long before that the poll may be included in a request for other waits, in milliseconds
     * @param requestsPerSecond the rate of requests that regular polls of the wait need; 0 for a first poll or a retry
     */
    record QueuedPoll(
            JobWait jobWait, boolean first, boolean separate, long due, long slack, double requestsPerSecond) {

        /** Creates a first poll or a retry. */
        static QueuedPoll soon(JobWait wait, boolean first, boolean separate, long due) {
            return new QueuedPoll(wait, first, separate, due, SHARING_MILLIS, 0);
        }

        /** Creates a regular poll. */
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

    /** @param limiter counts the queued polls */
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

    /** Removes the poll of a wait if it is queued. */
    void remove(JobWait wait) {
        QueuedPoll poll = polls.get(wait);
        if (poll != null) {
            (poll.first() ? firstPolls : laterPolls).remove(poll);
            onRemoved(poll);
        }
    }

    /** Returns the poll of a wait, or null if it is not queued. */
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
     * Returns the time of the next poll in milliseconds of the scheduler's clock, or {@link Long#MAX_VALUE} if the
     * queue is empty.
     */
    long nextDue() {
        return Math.min(nextDue(firstPolls), nextDue(laterPolls));
    }

    boolean isFirstPollDue(long now) {
        return nextDue(firstPolls) <= now;
    }

    /**
     * Removes and returns the polls that one request contains: the first that is due, and others that are due or may be
     * included in its request.
     *
     * @param maxJobs the maximum number of jobs per request
     * @return an empty list if no poll is due
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
