/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.watch;

import io.jenkins.plugins.ams.auth.Futures;
import io.jenkins.plugins.ams.service.AmsService;
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
 * What the waits on one account and principal share: the requests in flight, of which there are few; the pause that the
 * service asked for; and the queue of who is looked at next.
 */
final class AccountQueue {

    /** So many requests in a row may get no answer before that is taken for more than a stumble of the network. */
    private static final int MAX_ISOLATED_ERRORS = 2;

    /** A wait that is due this soon shares the request of one that is due now... */
    private static final long SHARING_MILLIS = 1000;

    /** ...or within this share of the time between its looks: it costs the service no request, and is early at worst. */
    private static final double SHARING_FRACTION = 0.25;

    /**
     * Maximum time that a request may be under way before its place is given to another one. The service bounds its
     * requests itself; this is for a response that gets lost all the same, and longer than it takes to ask for 25 jobs
     * one by one, at 30 seconds each.
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

    /** @param responsive accounts whose service has responded; safe for use by several threads */
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

    /** Puts a wait into the queue, to be looked at after a delay. */
    void enqueue(JobWait wait, Duration delay) {
        synchronized (this) {
            enqueue(wait, Math.max(0, delay.toMillis()), SHARING_MILLIS, 0);
        }
        sendDue();
    }

    /** Puts a wait into the queue for its next look; a connection that has too much to do puts it off. */
    void schedule(JobWait wait, PollSchedule.Next next) {
        synchronized (this) {
            boolean includesTasks = service.hasDetailsOf(wait.job()); // as they did now
            boolean needsTaskRequest = next.tasks() && !includesTasks;
            wait.setWantsTasks(next.tasks() || includesTasks); // a better estimate costs nothing callback
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
            return; // cancelled in between, when there was no queue to take it out of
        }
        wait.setSchedule(poller.scheduler().millis() + delay, slack, requestsPerSecond);
        queue.add(wait);
        wait.setQueued(true);
        if (wait.isRegularPoll()) {
            limiter.addScheduled(requestsPerSecond);
        }
    }

    /** A wait is over. */
    void remove(JobWait wait) {
        synchronized (this) {
            if (queue.remove(wait)) {
                removeScheduled(wait);
            }
        }
        cancelAbandoned();
    }

    /**
     * Forgets requests that nobody waits for any more, and aborts those that are under way: one that hangs would keep its
     * place until its time is up.
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
     * Sends a request that belongs to a poll as soon as there is room; first polls go before it.
     *
     * @param wanted whether the answer is still waited for
     * @param then gets the answer or what went wrong, on a thread of the poller's
     */
    <T> void sendForDetails(
            BooleanSupplier isNeeded, Supplier<CompletableFuture<T>> request, BiConsumer<T, Exception> callback) {
        synchronized (this) {
            if (!isNeeded.getAsBoolean()) {
                return;
            }
            requests.addDetails(new ServiceRequest<>(isNeeded, request, callback));
        }
        sendDue();
    }

    /** The place in the queue of a job that is to be canceled. */
    synchronized long nextCancellation() {
        return requests.cancellations().nextOrder();
    }

    /**
     * Sends a request to cancel a job as soon as there is room. Cancellations are sent before polls, and more of them at
     * once.
     *
     * @param order from {@link #nextCancellation}
     */
    void sendCancellation(long order, ServiceRequest<Boolean> request) {
        synchronized (this) {
            requests.cancellations().add(order, request);
        }
        sendDue();
    }

    /**
     * Takes note of an error after which a wait is polled again.
     *
     * @param errorsOfWait how many the wait met in a row, this one included
     * @return how long the wait that met it should be left alone
     */
    Duration onError(Exception error, int errorsOfWait) {
        synchronized (this) {
            if (!RetryPolicy.concernsService(error)) {
                return RetryPolicy.retryDelay(error, errorsOfWait, poller.random());
            }
            long now = poller.scheduler().millis();
            boolean isTransient = RetryPolicy.isTransient(error);
            if (now >= backoffUntil) {
                // the first to tell; those that were in flight beside it tell nothing new
                health.onSharedError(error, now);
            }
            if (RetryPolicy.mayBeIsolated(error) && health.errors() <= MAX_ISOLATED_ERRORS) {
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
            // other requests succeed in between, and would keep this wait from backing off
            Duration ownDelay = RetryPolicy.retryDelay(error, errorsOfWait, poller.random());
            return ownDelay.compareTo(untilRetry) > 0 ? ownDelay : untilRetry;
        }
    }

    /** Where a wait stands in the queue. */
    synchronized QueueStatus status(JobWait wait) {
        if (!wait.isQueued()) {
            return QueueStatus.IN_FLIGHT;
        }
        long now = poller.scheduler().millis();
        // of many that are due a few look, and these alone meet a error; what passes soon is not worth a word of others
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

    /** Whether nothing is sent for a while, because the service asked for it or fails. */
    synchronized boolean isBackingOff() {
        return poller.scheduler().millis() < backoffUntil;
    }

    /** Whether the service has taken the credentials of this connection. */
    synchronized boolean hasSucceeded() {
        return health.hasSucceeded();
    }

    /** How long all requests have been rejected. */
    synchronized Duration rejectedFor() {
        return health.rejectedFor();
    }

    /** How long nothing but network errors has come, from a service that has never responded; otherwise zero. */
    synchronized Duration unreachableFor() {
        return health.unreachableFor(poller.scheduler().millis());
    }

    /** Describes the last network error for users. */
    UnreachableServiceException unreachable() {
        Exception error;
        synchronized (this) {
            error = health.networkError();
        }
        return new UnreachableServiceException(target.explanation().apply(error), error);
    }

    /** Whether nothing has been asked for so long that all that the connection knows may be forgotten. */
    synchronized boolean isIdleFor(Duration time) {
        long now = poller.scheduler().millis();
        return queue.isEmpty()
                && requests.isEmpty()
                && requests.inFlight() == 0
                && now >= backoffUntil // else the next wait would ask before the service wants to be asked
                && now - lastUsed >= time.toMillis();
    }

    synchronized int inFlight() {
        return requests.inFlight();
    }

    /**
     * Sends what may be sent, also where an alarm or a response got lost that should have caused it. Called once a
     * minute.
     */
    void wake() {
        List<ServiceRequest<?>> lost;
        synchronized (this) {
            // a response that comes after all is ignored
            lost = requests.removeSentBefore(poller.scheduler().millis() - MAX_IN_FLIGHT.toMillis());
        }
        String reason = "no response within " + MAX_IN_FLIGHT.toMinutes() + " min";
        for (ServiceRequest<?> request : lost) {
            request.abort();
            request.onResponse(
                    null, new ServiceException(ServiceException.Kind.NO_RESPONSE, 0, reason, null, null, null));
        }
        sendDue();
    }

    /** Sends what may be sent now, and sets the alarm for what may not. */
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
            sent.forEach(this::dispatch); // they hold a place, also where no alarm could be set
        }
    }

    /** Takes the next request out of its queue; null if there is none to be sent now, or no room for it. */
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

    /** Takes those that are due, and those that are nearly, out of the queue; null if nobody is due. */
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
                        () -> onResponse(request, value, thrown == null ? null : Futures.exception(thrown))));
    }

    private <T> void onResponse(ServiceRequest<T> request, T value, Exception error) {
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

    /** When there will be something to send; never, if that is when an answer comes. */
    private long nextWakeUp() {
        if (!requests.cancellations().isEmpty() && hasCapacityForCancellations()) {
            return backoffUntil;
        }
        if (!hasCapacityForPolls()) {
            return RescheduledTask.NEVER; // the next response pumps
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
