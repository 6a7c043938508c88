/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.polling.PollQueue.QueuedPoll;
import io.jenkins.plugins.ams.service.AmsService;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.ServiceException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Sends the requests for all waits that share an account and an application identity. The queue tracks the requests in
 * flight, the backoff after errors and throttling, and the queue of waits to poll.
 *
 * <p>Thread-safe; guarded by its own lock.
 */
final class AccountQueue {

    /**
     * Maximum time that a request may be in flight. After this time, the queue considers the response lost and no
     * longer counts the request toward the concurrency limit.
     *
     * <p>The service client has its own timeouts; this limit only applies to lost responses. It is longer than 25
     * consecutive requests of 30 seconds each.
     */
    static final Duration MAX_IN_FLIGHT = Duration.ofMinutes(15);

    private final JobPoller poller;
    private final PollTarget target;
    private final AmsService service;
    private final ServiceHealth health;
    private final ConcurrencyLimiter limiter = new ConcurrencyLimiter();
    private final PollQueue queue = new PollQueue(limiter);
    private final RequestQueue requests = new RequestQueue(limiter);
    private long lastUsed;
    private final RescheduledTask wakeUp;

    /**
     * The status of a wait that is queued or in flight.
     *
     * @param error the error because of which a poll that is already due has been delayed, or null if there is no such
     *     error. Errors of polls in flight are reported separately
     * @param failingSince the time of the first error, in milliseconds on the scheduler's clock
     * @param rejectedFor how long requests have been rejected; zero for a transient error
     * @param untilPoll the time until the next poll; zero if the poll is in flight or due
     */
    record Status(@CheckForNull AmsException error, long failingSince, Duration rejectedFor, Duration untilPoll) {

        static final Status IN_FLIGHT = new Status(null, 0, Duration.ZERO, Duration.ZERO);
    }

    /** @param responsive the accounts whose service has responded to any wait; a thread-safe set */
    AccountQueue(JobPoller poller, PollTarget target, Set<Object> responsive) {
        this.poller = poller;
        this.target = target;
        this.health = new ServiceHealth(target.account(), responsive, poller.scheduler());
        this.service = target.service().get();
        this.wakeUp = new RescheduledTask(poller, this::onWakeUp);
        this.lastUsed = poller.scheduler().millis();
    }

    PollTarget target() {
        return target;
    }

    AmsService service() {
        return service;
    }

    /** Queues a wait to be polled after a delay. */
    void enqueue(JobWait wait, Duration delay) {
        boolean first = wait.isFirstPoll();
        boolean separate = wait.errors().isSeparate();
        synchronized (this) {
            long due = poller.scheduler().millis() + Math.max(0, delay.toMillis());
            enqueue(QueuedPoll.soon(wait, first, separate, due));
        }
        sendDue();
    }

    /**
     * Queues a wait for its next regular poll. If the polls of all waits exceed the capacity, the poll takes place
     * later than the polling interval requires.
     *
     * @param needsTaskRequest whether another request is necessary for the job's tasks
     */
    void schedule(JobWait wait, Duration interval, boolean needsTaskRequest) {
        boolean separate = wait.errors().isSeparate();
        synchronized (this) {
            double requestsPerSecond = limiter.requestsPerSecond(interval, needsTaskRequest);
            long delay = limiter.delay(interval, queue.size() + 1).toMillis();
            long now = poller.scheduler().millis();
            enqueue(QueuedPoll.regular(wait, separate, now, delay, requestsPerSecond));
        }
        sendDue();
    }

    private void enqueue(QueuedPoll poll) {
        poll.jobWait().setQueue(this);
        if (!poll.jobWait().isEnded()) { // otherwise, the wait was canceled before it was queued
            queue.add(poll);
        }
    }

    /** Removes a wait that has ended. */
    void remove(JobWait wait) {
        synchronized (this) {
            queue.remove(wait);
        }
        cancelAbandoned();
    }

    /**
     * Removes queued requests whose results are no longer needed, and aborts those in flight. If they were not aborted,
     * requests that hang would count toward the concurrency limit until they time out.
     */
    void cancelAbandoned() {
        List<ServiceRequest<?>> abandoned;
        synchronized (this) {
            abandoned = requests.removeAbandoned();
            wakeUp.set(nextWakeUp(), poller.scheduler().millis());
        }
        abandoned.forEach(ServiceRequest::cancel);
    }

    /**
     * Sends a request for details of a polled job as soon as the concurrency limit permits. First polls take
     * precedence.
     *
     * @param callback receives the response or the error; runs as a step of the wait on a poller thread
     */
    <T> void sendForDetails(
            JobWait wait, Function<AmsService, CompletableFuture<T>> request, BiConsumer<T, AmsException> callback) {
        synchronized (this) {
            if (wait.isEnded()) {
                return;
            }
            requests.addDetails(new ServiceRequest<>(
                    () -> !wait.isEnded(),
                    () -> request.apply(service),
                    (response, error) -> wait.step(() -> callback.accept(response, error))));
        }
        sendDue();
    }

    /** Returns the queue position for a new cancellation. */
    synchronized long nextCancellation() {
        return requests.nextCancellation();
    }

    /**
     * Sends a request to cancel a job as soon as the concurrency limit permits. Cancellations take precedence over
     * polls and have a higher limit.
     *
     * @param order the position returned by {@link #nextCancellation}
     */
    void sendCancellation(long order, ServiceRequest<Boolean> request) {
        synchronized (this) {
            requests.addCancellation(order, request);
        }
        sendDue();
    }

    /**
     * Records an error after which the wait is polled again.
     *
     * @param errorsOfWait the number of consecutive errors of this wait, including this one
     * @return the retry delay for this wait
     */
    synchronized Duration onError(AmsException error, int errorsOfWait) {
        boolean backsOff = health.isBackingOff();
        Duration delay = health.onError(error, errorsOfWait, poller.random());
        if (!backsOff && health.isBackingOff() && error.isTransient()) {
            limiter.onThrottled(queue.size());
        }
        return delay;
    }

    /** Returns the status of a wait that uses this queue. */
    synchronized Status status(JobWait wait) {
        QueuedPoll poll = queue.of(wait);
        if (poll == null) {
            return Status.IN_FLIGHT;
        }
        long now = poller.scheduler().millis();
        // Only polls in flight receive the error. For queued waits, report it once it has lasted one heartbeat
        // interval.
        boolean isDelayed = poll.due() <= now
                && health.lastError() != null
                && now - health.failingSince() >= Heartbeat.INTERVAL.toMillis();
        long nextPoll = Math.max(poll.due(), health.backoffUntil());
        return new Status(
                isDelayed ? health.lastError() : null,
                health.failingSince(),
                isDelayed ? health.rejectedFor() : Duration.ZERO,
                Duration.ofMillis(Math.max(0, nextPoll - now)));
    }

    /** Returns the health of the service, as shown by its responses. */
    ServiceHealth health() {
        return health;
    }

    /** Returns the last network error with a message that explains the error to users. */
    AmsException unreachable() {
        AmsException error = health.networkError();
        return AmsException.explained(target.explanation().apply(error), error);
    }

    /** Returns whether the queue has been idle for at least the given time. An idle queue can be removed. */
    synchronized boolean isIdleFor(Duration time) {
        long now = poller.scheduler().millis();
        return queue.isEmpty()
                && requests.isEmpty()
                && requests.inFlight() == 0
                && !health.isBackingOff() // a new queue would not know the retry delay
                && now - lastUsed >= time.toMillis();
    }

    synchronized int inFlight() {
        return requests.inFlight();
    }

    /**
     * Sends all requests that are due, and discards requests whose responses were lost. The heartbeat calls this method
     * because scheduled tasks may have been lost as well.
     */
    void wake() {
        List<ServiceRequest<?>> lost;
        synchronized (this) {
            // A late response is ignored.
            lost = requests.removeSentBefore(poller.scheduler().millis() - MAX_IN_FLIGHT.toMillis());
        }
        String reason = "no response within " + MAX_IN_FLIGHT.toMinutes() + " min";
        for (ServiceRequest<?> request : lost) {
            request.abort();
            request.onResponse(null, ServiceException.noResponse(reason));
        }
        sendDue();
    }

    /** Sends all requests that are due, and schedules the next wake-up. */
    void sendDue() {
        List<ServiceRequest<?>> sent = new ArrayList<>();
        try {
            synchronized (this) {
                long now = poller.scheduler().millis();
                while (!health.isBackingOff()) {
                    ServiceRequest<?> request = next(now);
                    if (request == null) {
                        break;
                    }
                    requests.onSent(request, now);
                    lastUsed = now;
                    sent.add(request);
                }
                wakeUp.set(nextWakeUp(), now);
            }
        } finally {
            sent.forEach(this::dispatch); // these requests count as in flight even if scheduling failed
        }
    }

    /**
     * Removes and returns the next request. Returns null if no request is due or the concurrency limit has been
     * reached.
     */
    @CheckForNull
    private ServiceRequest<?> next(long now) {
        boolean pollIsDue = requests.mayPoll(queue.size()) && (requests.hasDetails() || queue.nextDue() <= now);
        ServiceRequest<?> cancellation = requests.pollCancellation(pollIsDue);
        if (cancellation != null || !pollIsDue) {
            return cancellation;
        }
        requests.onPoll();
        ServiceRequest<?> details = queue.isFirstPollDue(now) ? null : requests.pollDetails();
        return details == null ? nextPoll(now) : details;
    }

    /** Removes waits from the queue and returns one request that polls all of them. Returns null if no wait is due. */
    @CheckForNull
    private ServiceRequest<?> nextPoll(long now) {
        List<QueuedPoll> batch = queue.take(now, service.jobsPerRequest());
        if (batch.isEmpty()) {
            return null;
        }
        batch.forEach(poll -> poller.onPollSent(poll.jobWait().job(), now - poll.due()));
        limiter.onPollSent(batch.size());
        List<JobWait> waits = batch.stream().map(QueuedPoll::jobWait).toList();
        return new ServiceRequest<Map<JobId, MediaJob>>(
                () -> waits.stream().anyMatch(wait -> !wait.isEnded()),
                () -> service.jobs(waits.stream().map(JobWait::job).distinct().toList()),
                (jobs, error) -> waits.forEach(wait -> wait.onResponse(jobs, error)));
    }

    private <T> void dispatch(ServiceRequest<T> request) {
        request.send()
                .whenComplete((value, thrown) -> poller.execute(
                        () -> onResponse(request, value, thrown == null ? null : AmsException.of(thrown))));
    }

    private <T> void onResponse(ServiceRequest<T> request, @CheckForNull T value, @CheckForNull AmsException error) {
        synchronized (this) {
            boolean isCancellation = requests.isCancellation(request);
            if (!requests.onCompleted(request)) {
                return;
            }
            long now = poller.scheduler().millis();
            if (error == null) {
                health.onSuccess();
                if (isCancellation) {
                    limiter.onAccepted();
                } else {
                    limiter.onSuccess(Duration.ofMillis(now - request.sentAt()));
                }
            } else {
                health.onFailure(error);
            }
        }
        try {
            request.onResponse(value, error);
        } finally {
            sendDue();
        }
    }

    /**
     * Returns the time of the next request in milliseconds on the scheduler's clock, or {@link RescheduledTask#NEVER}
     * if the next request can only be sent after a response.
     */
    private long nextWakeUp() {
        long backoffUntil = health.backoffUntil();
        if (requests.hasCancellations() && requests.mayCancel()) {
            return backoffUntil;
        }
        if (!requests.mayPoll(queue.size())) {
            return RescheduledTask.NEVER;
        }
        return requests.hasDetails() ? backoffUntil : Math.max(backoffUntil, queue.nextDue());
    }

    private void onWakeUp() {
        synchronized (this) {
            wakeUp.elapsed(poller.scheduler().millis());
        }
        sendDue();
    }
}
