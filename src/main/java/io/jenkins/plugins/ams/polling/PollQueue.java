/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
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

    private static final Comparator<JobWait> BY_TIME = Comparator.comparingLong(JobWait::due);

    private final PriorityQueue<JobWait> firstPolls = new PriorityQueue<>(BY_TIME);
    private final PriorityQueue<JobWait> laterPolls = new PriorityQueue<>(BY_TIME);

    void add(JobWait wait) {
        (wait.isPolled() || wait.isStateOnly() ? laterPolls : firstPolls).add(wait);
    }

    /** Removes a wait, and returns whether it was queued. */
    boolean remove(JobWait wait) {
        return firstPolls.remove(wait) || laterPolls.remove(wait);
    }

    int size() {
        return firstPolls.size() + laterPolls.size();
    }

    boolean isEmpty() {
        return size() == 0;
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
     * Removes and returns the waits that one request polls: the first that is due, and others that are due or may be
     * included in its request.
     *
     * @param maxJobs the maximum number of jobs per request
     * @return an empty list if no wait is due
     */
    List<JobWait> take(long now, int maxJobs) {
        List<JobWait> batch = new ArrayList<>();
        PriorityQueue<JobWait> queue = isFirstPollDue(now) ? firstPolls : laterPolls;
        if (nextDue(queue) > now) {
            return batch;
        }
        JobWait first = queue.remove();
        batch.add(first);
        if (!first.isSeparate()) {
            takeSharing(firstPolls, batch, now, maxJobs);
            takeSharing(laterPolls, batch, now, maxJobs);
        }
        return batch;
    }

    private static void takeSharing(PriorityQueue<JobWait> queue, List<JobWait> batch, long now, int maxJobs) {
        while (batch.size() < maxJobs
                && !queue.isEmpty()
                && queue.peek().sharesFrom() <= now
                && !queue.peek().isSeparate()) {
            batch.add(queue.remove());
        }
    }

    private static long nextDue(PriorityQueue<JobWait> queue) {
        return queue.isEmpty() ? Long.MAX_VALUE : queue.peek().due();
    }
}
