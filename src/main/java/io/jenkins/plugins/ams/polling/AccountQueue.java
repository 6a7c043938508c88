/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.ams.auth.TokenStatus;
import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.polling.PollQueue.QueuedPoll;
import io.jenkins.plugins.ams.service.AmsService;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.ServiceException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.LongFunction;

/**
 * Sends the requests for all waits that use the same account and authenticate with the same identity. This class keeps
 * track of the waits to poll next, the requests in flight, and the backoff after errors and throttling.
 *
 * <p>Thread-safe; guarded by its own lock.
 */
final class AccountQueue {

    /**
     * Maximum time that a request may be in flight. After this time, the queue considers the response lost and no
     * longer counts the request toward the concurrency limit.
     *
     * <p>The service client has its own timeouts, so this limit is reached only if a response is lost. A call to the
     * client may send 25 requests one after another, which takes up to 12.5 minutes with a timeout of 30 seconds per
     * request.
     */
    static final Duration MAX_IN_FLIGHT = Duration.ofMinutes(15);

    private final JobPoller poller;
    private final PollTarget target;
    private final AmsService service;
    private final ServiceHealth health;
    private final ConcurrencyLimiter limiter = new ConcurrencyLimiter();
    private final PollQueue queue = new PollQueue(limiter);
    private final RequestQueue requests = new RequestQueue(limiter);
    private final RequestRate rate = new RequestRate();
    private final ResponseHistory responses = new ResponseHistory();
    private long lastUsed;

    /** The time when {@link #onTaken} was last called, in milliseconds on the scheduler's clock. */
    private volatile long takenAt;

    /** The origin of the target that was last assigned to this queue. */
    private volatile PollTarget.Origin origin;

    private final RescheduledTask wakeUp;

    /**
     * The status of a wait that is queued or in flight.
     *
     * @param error the error that delays the wait's next poll even though the poll is due, or null if there is no such
     *     error. Errors that occur during a poll are reported separately
     * @param failingSince the time of the first error since the last successful request, in milliseconds on the
     *     scheduler's clock
     * @param rejectedFor how long requests have been rejected; zero if the error is transient
     * @param untilPoll the time until the next poll; zero if the poll is in flight or due
     */
    record Status(@CheckForNull AmsException error, long failingSince, Duration rejectedFor, Duration untilPoll) {

        static final Status IN_FLIGHT = new Status(null, 0, Duration.ZERO, Duration.ZERO);
    }

    /** @param responsive a thread-safe set of the accounts whose service has responded at least once */
    AccountQueue(JobPoller poller, PollTarget target, Set<Object> responsive) {
        this.poller = poller;
        this.target = target;
        this.origin = target.origin();
        this.health = new ServiceHealth(target.account(), responsive, poller.scheduler());
        this.service = target.service().get();
        this.wakeUp = new RescheduledTask(poller, this::sendDue);
        this.lastUsed = poller.scheduler().millis();
    }

    PollTarget target() {
        return target;
    }

    /**
     * Records that a wait or a cancellation is about to use this queue, which is therefore not idle.
     *
     * @param newOrigin the origin of the target that led to this queue. Its credentials ID can be different if several
     *     credentials contain the same identity
     */
    void onTaken(PollTarget.Origin newOrigin) {
        origin = newOrigin;
        takenAt = poller.scheduler().millis();
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
     * Queues a wait for its next regular poll. If all waits together need more polls than the concurrency limit
     * permits, the interval is extended.
     *
     * @param needsTaskRequest whether the poll needs a second request for the job's tasks
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

    /** Moves the next poll of a queued wait to the current time. */
    void pollSoon(JobWait wait) {
        synchronized (this) {
            QueuedPoll queued = queue.of(wait);
            long now = poller.scheduler().millis();
            if (queued == null || queued.due() <= now) {
                return;
            }
            queue.remove(wait);
            enqueue(QueuedPoll.soon(wait, queued.first(), queued.separate(), now));
        }
        sendDue();
    }

    private void enqueue(QueuedPoll poll) {
        poll.jobWait().setQueue(this);
        if (!poll.jobWait().isEnded()) { // a wait can be canceled before it is queued
            queue.add(poll);
        }
    }

    /** Removes a wait that has ended, and cancels requests that are no longer needed. */
    void remove(JobWait wait) {
        synchronized (this) {
            queue.remove(wait);
        }
        cancelAbandoned();
    }

    /**
     * Cancels all requests whose results are no longer needed. Queued requests are removed, and requests in flight are
     * aborted. Otherwise, a request that hangs would count toward the concurrency limit until it times out.
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
     * Sends a request for a polled job's details as soon as the concurrency limit permits. First polls are sent before
     * requests for details.
     *
     * @param callback receives the response or the error; called on a poller thread as a step of the wait
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
     * polls and have a higher concurrency limit.
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
     * Records an error after which a wait or a cancellation is retried.
     *
     * @param errorsOfWait the number of consecutive errors of this wait or cancellation, including this error
     * @return the retry delay for this wait or cancellation
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
        // An error reaches only the waits whose polls are in flight. Report it to queued waits once it has lasted one
        // heartbeat interval.
        boolean isDelayed = poll.due() <= now && now - health.failingSince() >= Heartbeat.INTERVAL.toMillis();
        long nextPoll = Math.max(poll.due(), health.backoffUntil());
        return new Status(
                isDelayed ? health.lastError() : null,
                health.failingSince(),
                health.rejectedFor(),
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
        return queue.isEmpty()
                && requests.isEmpty()
                && requests.inFlight() == 0
                && !health.isBackingOff() // a new queue would not know how long to hold back requests
                && poller.scheduler().millis() - Math.max(lastUsed, takenAt) >= time.toMillis();
    }

    /**
     * Returns whether there may be a problem that administrators must be informed of. This check is faster than {@link
     * #snapshot}, and most queues have no problem.
     *
     * @param now the time on the system clock
     */
    boolean mayHaveProblem(Instant now) {
        Instant expiry = service.tokenStatus().certificateExpiry();
        if (expiry != null && !now.isBefore(expiry.minus(AccountProblem.CERTIFICATE_LEAD))) {
            return true;
        }
        synchronized (this) {
            return responses.hasProblem(
                    AccountProblem.MIN_OUTAGE, poller.scheduler().millis());
        }
    }

    /**
     * Returns a snapshot for administrators.
     *
     * @param waits the number of waits that use this queue
     * @param builds the number of builds that these waits belong to
     */
    AccountHealth snapshot(int waits, int builds) {
        TokenStatus token = service.tokenStatus();
        Instant instant = poller.clock().instant();
        synchronized (this) {
            long now = poller.scheduler().millis();
            LongFunction<Instant> toInstant = time -> instant.plusMillis(time - now);
            return new AccountHealth(
                    origin,
                    waits,
                    builds,
                    rate.perMinute(now),
                    requests.inFlight(),
                    service.jobsPerRequest(),
                    health.isBackingOff() ? toInstant.apply(health.backoffUntil()) : null,
                    toInstant.apply(lastUsed),
                    responses.toResponses(toInstant),
                    token);
        }
    }

    synchronized int inFlight() {
        return requests.inFlight();
    }

    /**
     * Sends all requests that are due, and treats requests that have been in flight for too long as failed. The
     * heartbeat calls this method in case a response or a scheduled task was lost.
     */
    void wake() {
        AmsException error = ServiceException.noResponse("no response within " + MAX_IN_FLIGHT.toMinutes() + " min");
        List<ServiceRequest<?>> lost;
        synchronized (this) {
            long now = poller.scheduler().millis();
            // If a response to one of these requests still arrives, it is ignored.
            lost = requests.removeSentBefore(now - MAX_IN_FLIGHT.toMillis());
            lost.forEach(request -> responses.onFailure(error, now));
        }
        for (ServiceRequest<?> request : lost) {
            request.abort();
            request.onResponse(null, error);
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
                    rate.add(now);
                    sent.add(request);
                }
                wakeUp.set(nextWakeUp(), now);
            }
        } finally {
            // Send these requests even if scheduling failed, because they already count as in flight.
            sent.forEach(this::dispatch);
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

    /**
     * Removes the waits to poll next from the queue, and returns one request that polls all of these waits. Returns
     * null if no wait is due.
     */
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
            long now = poller.scheduler().millis();
            if (!requests.onCompleted(request, error == null, now)) {
                return;
            }
            if (error == null) {
                health.onSuccess();
                responses.onSuccess(now);
            } else {
                health.onFailure(error);
                responses.onFailure(error, now);
            }
        }
        try {
            request.onResponse(value, error);
        } finally {
            sendDue();
        }
    }

    /**
     * Returns the time when the next request can be sent, in milliseconds on the scheduler's clock. Returns {@link
     * RescheduledTask#NEVER} if nothing is queued, or if no request can be sent until a request in flight completes.
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
}
