/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.watch;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * The waits of a connection that are to be polled, by the time when they are due. Waits whose job has not been seen yet
 * go first: their build may have to end at once, because its deadline passed while Jenkins was down.
 *
 * <p>Guarded by its connection.
 */
final class PollQueue {

    private static final Comparator<JobWait> BY_TIME = Comparator.comparingLong(JobWait::due);

    private final PriorityQueue<JobWait> firstPolls = new PriorityQueue<>(BY_TIME);
    private final PriorityQueue<JobWait> laterPolls = new PriorityQueue<>(BY_TIME);

    void add(JobWait wait) {
        (wait.isPolled() || wait.isStateOnly() ? laterPolls : firstPolls).add(wait);
    }

    /** Removes a wait; returns whether it was there. */
    boolean remove(JobWait wait) {
        return firstPolls.remove(wait) || laterPolls.remove(wait);
    }

    int size() {
        return firstPolls.size() + laterPolls.size();
    }

    boolean isEmpty() {
        return size() == 0;
    }

    /** The time when the next wait is due, in milliseconds of the timer; {@link Long#MAX_VALUE} if there is none. */
    long nextDue() {
        return Math.min(nextDue(firstPolls), nextDue(laterPolls));
    }

    boolean isFirstPollDue(long now) {
        return nextDue(firstPolls) <= now;
    }

    /**
     * Removes the waits that one request polls: one that is due, and others that are due or may share its request.
     *
     * @param maxJobs how many jobs a request may be for
     * @return empty if none is due
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
