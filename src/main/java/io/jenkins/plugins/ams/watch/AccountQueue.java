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
    private static final double SHARING_SHARE = 0.25;

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
    private long pausedUntil;
    private long lastUsed;
    private final RescheduledTask wakeUp;

    /** @param responsive accounts whose service has responded; safe for use by several threads */
    AccountQueue(JobPoller watcher, PollTarget target, Set<Object> responsive) {
        this.poller = watcher;
        this.target = target;
        this.health = new ServiceHealth(target.account(), responsive);
        this.service = target.service().get();
        this.poll = new Poll(watcher, this);
        this.wakeUp = new RescheduledTask(watcher, this::alarmed);
        this.pausedUntil = watcher.timer().millis();
        this.lastUsed = pausedUntil;
    }

    PollTarget target() {
        return target;
    }

    AmsService service() {
        return service;
    }

    /** Puts a wait into the queue, to be looked at after a delay. */
    void enqueue(JobWait watch, Duration delay) {
        synchronized (this) {
            enqueue(watch, Math.max(0, delay.toMillis()), SHARING_MILLIS, 0);
        }
        sendDue();
    }

    /** Puts a wait into the queue for its next look; a connection that has too much to do puts it off. */
    void schedule(JobWait watch, PollSchedule.Next next) {
        synchronized (this) {
            boolean tasksComeAlong = service.hasDetailsOf(watch.job()); // as they did now
            boolean asksForTasks = next.tasks() && !tasksComeAlong;
            watch.wantsTasks(next.tasks() || tasksComeAlong); // a better estimate costs nothing then
            double requestsPerSecond = limiter.requestsPerSecond(next.delay(), asksForTasks);
            long delay = limiter.delay(next.delay(), queue.size() + 1).toMillis();
            long slack = Math.max(SHARING_MILLIS, Math.round(SHARING_SHARE * delay));
            enqueue(watch, delay, slack, requestsPerSecond);
        }
        sendDue();
    }

    private void enqueue(JobWait watch, long delay, long slack, double requestsPerSecond) {
        watch.connection(this);
        if (watch.isEnded()) {
            return; // cancelled in between, when there was no queue to take it out of
        }
        watch.setSchedule(poller.timer().millis() + delay, slack, requestsPerSecond);
        queue.add(watch);
        watch.isQueued(true);
        if (watch.isPlanned()) {
            limiter.addScheduled(requestsPerSecond);
        }
    }

    /** A wait is over. */
    void remove(JobWait watch) {
        synchronized (this) {
            if (queue.remove(watch)) {
                unplan(watch);
            }
        }
        dropAbandoned();
    }

    /**
     * Forgets requests that nobody waits for any more, and aborts those that are under way: one that hangs would keep its
     * place until its time is up.
     */
    void dropAbandoned() {
        List<ServiceRequest<?>> unwanted;
        synchronized (this) {
            unwanted = requests.dropAbandoned();
            wakeUp.set(nextWakeUp(), poller.timer().millis());
        }
        unwanted.forEach(ServiceRequest::cancel);
    }

    /**
     * Sends a request that belongs to a poll as soon as there is room; first polls go before it.
     *
     * @param wanted whether the answer is still waited for
     * @param then gets the answer or what went wrong, on a thread of the watcher's
     */
    <T> void sendForDetails(
            BooleanSupplier wanted, Supplier<CompletableFuture<T>> request, BiConsumer<T, Exception> then) {
        synchronized (this) {
            if (!wanted.getAsBoolean()) {
                return;
            }
            requests.addDetails(new ServiceRequest<>(wanted, request, then));
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
     * @param faultsOfWatch how many the wait met in a row, this one included
     * @return how long the wait that met it should be left alone
     */
    Duration onError(Exception fault, int faultsOfWatch) {
        synchronized (this) {
            if (!RetryPolicy.concernsService(fault)) {
                return RetryPolicy.retryDelay(fault, faultsOfWatch, poller.random());
            }
            long now = poller.timer().millis();
            boolean load = RetryPolicy.isTransient(fault);
            if (now >= pausedUntil) {
                // the first to tell; those that were in flight beside it tell nothing new
                health.onConnectionError(fault, now);
            }
            if (RetryPolicy.mayBeIsolated(fault) && health.errors() <= MAX_ISOLATED_ERRORS) {
                return RetryPolicy.retryDelay(fault, faultsOfWatch, poller.random());
            }
            if (now >= pausedUntil && load) {
                limiter.onThrottled(queue.size());
            }
            Duration pause = RetryPolicy.retryDelay(fault, health.errors(), poller.random());
            pausedUntil = Math.max(pausedUntil, now + pause.toMillis());
            Duration untilEnd = Duration.ofMillis(pausedUntil - now);
            if (faultsOfWatch <= health.errors()) {
                return untilEnd;
            }
            // other requests succeed in between, and would keep this wait from backing off
            Duration own = RetryPolicy.retryDelay(fault, faultsOfWatch, poller.random());
            return own.compareTo(untilEnd) > 0 ? own : untilEnd;
        }
    }

    /** Where a wait stands in the queue. */
    synchronized QueueStatus status(JobWait watch) {
        if (!watch.isQueued()) {
            return QueueStatus.IN_FLIGHT;
        }
        long now = poller.timer().millis();
        // of many that are due a few look, and these alone meet a fault; what passes soon is not worth a word of others
        boolean kept = watch.due() <= now
                && health.lastError() != null
                && now - health.failingSince() >= Heartbeat.INTERVAL.toMillis();
        long at = Math.max(watch.due(), pausedUntil);
        return new QueueStatus(
                kept ? health.lastError() : null,
                health.failingSince(),
                kept ? health.rejectedFor() : Duration.ZERO,
                Duration.ofMillis(Math.max(0, at - now)));
    }

    /** Whether nothing is sent for a while, because the service asked for it or fails. */
    synchronized boolean isPaused() {
        return poller.timer().millis() < pausedUntil;
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
        return health.unreachableFor(poller.timer().millis());
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
        long now = poller.timer().millis();
        return queue.isEmpty()
                && requests.isEmpty()
                && requests.inFlight() == 0
                && now >= pausedUntil // else the next wait would ask before the service wants to be asked
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
            lost = requests.removeSentBefore(poller.timer().millis() - MAX_IN_FLIGHT.toMillis());
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
                long now = poller.timer().millis();
                while (now >= pausedUntil) {
                    ServiceRequest<?> request = next(now);
                    if (request == null) {
                        break;
                    }
                    requests.sent(request, now);
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
        return requests.inFlight() < limiter.allowedWithCancellations();
    }

    private boolean hasCapacityForPolls() {
        return hasCapacityForCancellations()
                && requests.inFlight() - requests.cancellations().inFlight() < limiter.maxInFlight(queue.size());
    }

    /** Takes those that are due, and those that are nearly, out of the queue; null if nobody is due. */
    private ServiceRequest<?> nextPoll(long now) {
        List<JobWait> together = queue.take(now, service.jobsPerRequest());
        if (together.isEmpty()) {
            return null;
        }
        for (JobWait watch : together) {
            watch.isQueued(false);
            unplan(watch);
            poller.sentAfter(watch.job(), now - watch.due());
        }
        limiter.onPollSent(together.size());
        return new ServiceRequest<>(
                () -> together.stream().anyMatch(watch -> !watch.isEnded()),
                () -> poll.request(together),
                (jobs, fault) -> poll.onResponse(together, jobs, fault));
    }

    private void unplan(JobWait watch) {
        if (watch.isPlanned()) {
            limiter.removeScheduled(watch.requestsPerSecond());
        }
    }

    private <T> void dispatch(ServiceRequest<T> request) {
        request.send()
                .whenComplete((value, thrown) -> poller.execute(
                        () -> onResponse(request, value, thrown == null ? null : Futures.exception(thrown))));
    }

    private <T> void onResponse(ServiceRequest<T> request, T value, Exception fault) {
        synchronized (this) {
            boolean isCancellation = requests.cancellations().contains(request);
            if (!requests.completed(request)) {
                return;
            }
            long now = poller.timer().millis();
            if (fault == null) {
                health.onSuccess();
                if (isCancellation) {
                    limiter.accepted();
                } else {
                    limiter.onSuccess(Duration.ofMillis(now - request.sentAt()));
                }
            } else {
                health.onFailure(fault, now);
            }
        }
        try {
            request.onResponse(value, fault);
        } finally {
            sendDue();
        }
    }

    /** When there will be something to send; never, if that is when an answer comes. */
    private long nextWakeUp() {
        if (!requests.cancellations().isEmpty() && hasCapacityForCancellations()) {
            return pausedUntil;
        }
        if (!hasCapacityForPolls()) {
            return RescheduledTask.NEVER; // the next answer pumps
        }
        return requests.hasDetails() ? pausedUntil : Math.max(pausedUntil, queue.nextDue());
    }

    private void alarmed() {
        synchronized (this) {
            wakeUp.elapsed(poller.timer().millis());
        }
        sendDue();
    }
}
