/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.service.AmsService;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.ServiceException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Sends the requests of all waits that share an account and an application identity.
 *
 * <p>It holds the requests in flight, the backoff after errors and throttling, and the queue of waits that are to be
 * polled.
 *
 * <p>Thread-safe; guarded by its own lock.
 */
final class AccountQueue {

    /** Maximum number of consecutive network errors that are retried for the affected wait only. */
    private static final int MAX_ISOLATED_ERRORS = 2;

    /** A wait that is due within this time is included in the request of a wait that is due now. */
    private static final long SHARING_MILLIS = 1000;

    /**
     * A wait that is due within this fraction of its polling interval is also included. An early poll in a shared
     * request costs no request of its own.
     */
    private static final double SHARING_FRACTION = 0.25;

    /**
     * Maximum time that a request may be in flight before its place is given to another one.
     *
     * <p>The service client has timeouts of its own; this limit only catches a response that was lost. It exceeds the time
     * needed to request 25 jobs one by one at 30 seconds each.
     */
    static final Duration MAX_IN_FLIGHT = Duration.ofMinutes(15);

    private final JobPoller poller;
    private final PollTarget target;
    private final AmsService service;
    private final Poll poll;
    private final ServiceHealth health;
    private final PollQueue queue = new PollQueue();

    private final RequestQueue requests = new RequestQueue();
    private final ConcurrencyLimiter limiter = new ConcurrencyLimiter();
    private long backoffUntil;
    private long lastUsed;
    private final RescheduledTask wakeUp;

    /** @param responsive the accounts whose service has responded; a thread-safe set */
    AccountQueue(JobPoller poller, PollTarget target, Set<Object> responsive) {
        this.poller = poller;
        this.target = target;
        this.health = new ServiceHealth(target.account(), responsive);
        this.service = target.service().get();
        this.poll = new Poll(poller, this);
        this.wakeUp = new RescheduledTask(poller, this::onWakeUp);
        this.backoffUntil = poller.scheduler().millis();
        this.lastUsed = backoffUntil;
    }

    PollTarget target() {
        return target;
    }

    AmsService service() {
        return service;
    }

    /** Queues a wait to be polled after a delay. */
    void enqueue(JobWait wait, Duration delay) {
        synchronized (this) {
            enqueue(wait, Math.max(0, delay.toMillis()), SHARING_MILLIS, 0);
        }
        sendDue();
    }

    /** Queues a wait for its next regular poll. The delay is extended if the polls of all waits exceed the capacity. */
    void schedule(JobWait wait, PollSchedule.Next next) {
        synchronized (this) {
            boolean includesTasks =
                    wait.lastJob().flatMap(MediaJob::details).isPresent(); // so they cost no request
            boolean needsTaskRequest = next.tasks() && !includesTasks;
            wait.setWantsTasks(next.tasks());
            double requestsPerSecond = limiter.requestsPerSecond(next.delay(), needsTaskRequest);
            long delay = limiter.delay(next.delay(), queue.size() + 1).toMillis();
            long slack = Math.max(SHARING_MILLIS, Math.round(SHARING_FRACTION * delay));
            enqueue(wait, delay, slack, requestsPerSecond);
        }
        sendDue();
    }

    private void enqueue(JobWait wait, long delay, long slack, double requestsPerSecond) {
        wait.setQueue(this);
        if (wait.isEnded()) {
            return; // canceled concurrently, before it was in the queue
        }
        wait.setSchedule(poller.scheduler().millis() + delay, slack, requestsPerSecond);
        queue.add(wait);
        wait.setQueued(true);
        if (wait.isRegularPoll()) {
            limiter.addScheduled(requestsPerSecond);
        }
    }

    /** Removes a wait that has ended. */
    void remove(JobWait wait) {
        synchronized (this) {
            if (queue.remove(wait)) {
                removeScheduled(wait);
            }
        }
        cancelAbandoned();
    }

    /**
     * Removes queued requests whose result is no longer needed, and aborts those in flight, so that a request that
     * hangs does not keep its place until its timeout.
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
     * Sends a request for details of a polled job as soon as the concurrency limit permits. First polls are sent before
     * it.
     *
     * @param isNeeded whether the response is still needed
     * @param callback receives the response or the error, on a thread of the poller
     */
    <T> void sendForDetails(
            BooleanSupplier isNeeded, Supplier<CompletableFuture<T>> request, BiConsumer<T, AmsException> callback) {
        synchronized (this) {
            if (!isNeeded.getAsBoolean()) {
                return;
            }
            requests.addDetails(new ServiceRequest<>(isNeeded, request, callback));
        }
        sendDue();
    }

    /** Returns the position in the queue for a new cancellation. */
    synchronized long nextCancellation() {
        return requests.cancellations().nextOrder();
    }

    /**
     * Sends a request to cancel a job as soon as the concurrency limit permits. Cancellations are sent before polls,
     * with a higher limit.
     *
     * @param order the position returned by {@link #nextCancellation}
     */
    void sendCancellation(long order, ServiceRequest<Boolean> request) {
        synchronized (this) {
            requests.cancellations().add(order, request);
        }
        sendDue();
    }

    /**
     * Records an error after which a wait is polled again.
     *
     * @param errorsOfWait the number of consecutive errors of this wait, including this one
     * @return the retry delay for this wait
     */
    Duration onError(AmsException error, int errorsOfWait) {
        synchronized (this) {
            if (!error.concernsAccount()) {
                return RetryPolicy.retryDelay(error, errorsOfWait, poller.random());
            }
            long now = poller.scheduler().millis();
            boolean isTransient = error.isTransient();
            if (now >= backoffUntil) {
                // Count only the first of several requests in flight that fail for the same reason.
                health.onSharedError(error, now);
            }
            if (error.mayBeIsolated() && health.errors() <= MAX_ISOLATED_ERRORS) {
                return RetryPolicy.retryDelay(error, errorsOfWait, poller.random());
            }
            if (now >= backoffUntil && isTransient) {
                limiter.onThrottled(queue.size());
            }
            Duration sharedDelay = RetryPolicy.retryDelay(error, health.errors(), poller.random());
            backoffUntil = Math.max(backoffUntil, now + sharedDelay.toMillis());
            Duration untilRetry = Duration.ofMillis(backoffUntil - now);
            if (errorsOfWait <= health.errors()) {
                return untilRetry;
            }
            // The successful requests of other waits must not keep this wait from backing off.
            Duration ownDelay = RetryPolicy.retryDelay(error, errorsOfWait, poller.random());
            return ownDelay.compareTo(untilRetry) > 0 ? ownDelay : untilRetry;
        }
    }

    /** Returns the status of a wait in the queue. */
    synchronized QueueStatus status(JobWait wait) {
        if (!wait.isQueued()) {
            return QueueStatus.IN_FLIGHT;
        }
        long now = poller.scheduler().millis();
        // Only polls in flight see the error. It is reported to queued waits once it has lasted one heartbeat interval.
        boolean isDelayed = wait.due() <= now
                && health.lastError() != null
                && now - health.failingSince() >= Heartbeat.INTERVAL.toMillis();
        long nextPoll = Math.max(wait.due(), backoffUntil);
        return new QueueStatus(
                isDelayed ? health.lastError() : null,
                health.failingSince(),
                isDelayed ? health.rejectedFor() : Duration.ZERO,
                Duration.ofMillis(Math.max(0, nextPoll - now)));
    }

    /** Returns whether requests are held back after an error or because of throttling. */
    synchronized boolean isBackingOff() {
        return poller.scheduler().millis() < backoffUntil;
    }

    /** Returns whether the service has accepted the credentials of this queue. */
    synchronized boolean hasSucceeded() {
        return health.hasSucceeded();
    }

    /** Returns how long all requests have been rejected. */
    synchronized Duration rejectedFor() {
        return health.rejectedFor();
    }

    /** Returns how long there have been only network errors, or zero if the service has responded before. */
    synchronized Duration unreachableFor() {
        return health.unreachableFor(poller.scheduler().millis());
    }

    /** Returns an error that describes the last network error to users. */
    AmsException unreachable() {
        AmsException error;
        synchronized (this) {
            error = health.networkError();
        }
        return AmsException.explained(target.explanation().apply(error), error);
    }

    /** Returns whether the queue has been unused for a given time, so that it can be removed. */
    synchronized boolean isIdleFor(Duration time) {
        long now = poller.scheduler().millis();
        return queue.isEmpty()
                && requests.isEmpty()
                && requests.inFlight() == 0
                && now >= backoffUntil // a new queue would ignore the Retry-After
                && now - lastUsed >= time.toMillis();
    }

    synchronized int inFlight() {
        return requests.inFlight();
    }

    /**
     * Sends all requests that are due, and drops requests whose response was lost. Called by the heartbeat, in case a
     * scheduled task was lost as well.
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
                while (now >= backoffUntil) {
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
            sent.forEach(this::dispatch); // counted as in flight already, even if scheduling failed
        }
    }

    /** Removes and returns the next request, or null if no request is due or the concurrency limit is reached. */
    private ServiceRequest<?> next(long now) {
        boolean pollIsDue = hasCapacityForPolls() && (requests.hasDetails() || queue.nextDue() <= now);
        if (hasCapacityForCancellations() && requests.cancellations().isNext(pollIsDue)) {
            return requests.cancellations().remove();
        } else if (!pollIsDue) {
            return null;
        }
        requests.cancellations().onPoll();
        ServiceRequest<?> details = queue.isFirstPollDue(now) ? null : requests.pollDetails();
        return details == null ? nextPoll(now) : details;
    }

    private boolean hasCapacityForCancellations() {
        return requests.inFlight() < limiter.maxInFlightWithCancellations();
    }

    private boolean hasCapacityForPolls() {
        return hasCapacityForCancellations()
                && requests.inFlight() - requests.cancellations().inFlight() < limiter.maxInFlight(queue.size());
    }

    /** Removes the waits that one request can poll, and returns that request, or null if no wait is due. */
    private ServiceRequest<?> nextPoll(long now) {
        List<JobWait> batch = queue.take(now, service.jobsPerRequest());
        if (batch.isEmpty()) {
            return null;
        }
        for (JobWait wait : batch) {
            wait.setQueued(false);
            removeScheduled(wait);
            poller.onPollSent(wait.job(), now - wait.due());
        }
        limiter.onPollSent(batch.size());
        return new ServiceRequest<>(
                () -> batch.stream().anyMatch(wait -> !wait.isEnded()),
                () -> poll.request(batch),
                (jobs, error) -> poll.onResponse(batch, jobs, error));
    }

    private void removeScheduled(JobWait wait) {
        if (wait.isRegularPoll()) {
            limiter.removeScheduled(wait.requestsPerSecond());
        }
    }

    private <T> void dispatch(ServiceRequest<T> request) {
        request.send()
                .whenComplete((value, thrown) -> poller.execute(
                        () -> onResponse(request, value, thrown == null ? null : AmsException.of(thrown))));
    }

    private <T> void onResponse(ServiceRequest<T> request, T value, AmsException error) {
        synchronized (this) {
            boolean isCancellation = requests.cancellations().contains(request);
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
                health.onFailure(error, now);
            }
        }
        try {
            request.onResponse(value, error);
        } finally {
            sendDue();
        }
    }

    /** Returns the time of the next request, or {@link RescheduledTask#NEVER} if it depends on a response. */
    private long nextWakeUp() {
        if (!requests.cancellations().isEmpty() && hasCapacityForCancellations()) {
            return backoffUntil;
        }
        if (!hasCapacityForPolls()) {
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
