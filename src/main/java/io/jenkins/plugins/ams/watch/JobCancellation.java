/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.watch;

import io.jenkins.plugins.ams.auth.AuthenticationException;
import io.jenkins.plugins.ams.auth.Futures;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.MediaTask;
import io.jenkins.plugins.ams.service.ServiceException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;

/**
 * Cancels one job: sends the request, repeats it after transient errors, and polls the job to find out what became of
 * it. The request may be repeated, because canceling a job that is being canceled changes nothing.
 *
 * <p>The outcome is what the service said or what a poll showed. A rejection or an unclear response says nothing about
 * the job: Azure Resource Manager rejects with 409 because of a lock, and a proxy responds with a page of its own.
 *
 * <p>Guarded by this. A wait's lock may be held when this lock is taken, and this lock when a connection's is taken, never
 * the other way round. The caller, whose console may hang, is notified without a lock and on other threads.
 */
final class JobCancellation {

    /**
     * How long attempts go on after the first one was sent. Deployments of gateways and throttling windows take some
     * minutes; after that the person who aborted the build should be told to cancel the job manually. The time in the
     * queue does not count.
     */
    static final Duration RETRY_PERIOD = Duration.ofMinutes(10);

    /** How long polls may take to show what became of a request that was rejected or not confirmed. */
    static final Duration VERIFICATION_PERIOD = Duration.ofMinutes(1);

    /**
     * How long the job is polled after the outcome. Recorded jobs were Canceled after 7 s, others stayed Canceling for
     * more than 32 s; a job that takes 20 times as long is not about to end.
     */
    static final Duration FOLLOW_PERIOD = Duration.ofMinutes(10);

    /** Until the first poll of a job that is being canceled. */
    static final Duration FIRST_POLL_DELAY = Duration.ofSeconds(10);

    private final JobPoller poller;
    private final JobId job;
    private final PollTarget.Source targets;
    private final CancellationListener listener;
    private final Notifications notifications;
    private final CompletableFuture<Boolean> outcome = new CompletableFuture<>();
    private final Scheduler.ScheduledTask expiry;

    /** Null before the target was looked up. */
    private AccountQueue queue;

    /** The place in the queue of the connection. */
    private long order;

    /** Milliseconds of the poller's timer; negative before there was an attempt. */
    private long firstAttempt = -1;

    private boolean inFlight;
    private boolean expired;
    private int errors;
    private Exception lastError;
    private JobWait followUp;
    private PollListener pollListener;

    /** What follows from a poll that finds the job running, or from none within the bound; null while attempts go on. */
    private Runnable verificationFallback;

    private Scheduler.ScheduledTask verificationBound;

    /** A rejection that a poll contradicts if it finds the job, null if there is none. */
    private ServiceException contradicted;

    /**
     * @param within how long the first attempt may wait for its turn, and attempts may go on
     * @param reported completed with true if the service cancels the job, with false if there was nothing to cancel,
     *     exceptionally if the job could not be canceled; not completed once the poller is shut
     */
    JobCancellation(
            JobPoller poller,
            JobId job,
            PollTarget.Source targets,
            Duration timeout,
            CancellationListener listener,
            CompletableFuture<Boolean> result) {
        this.poller = poller;
        this.job = job;
        this.targets = targets;
        this.listener = listener;
        this.notifications = new Notifications("the cancellation of " + job, poller.notifications());
        this.expiry = poller.after(timeout, this::expire);
        outcome.whenComplete((accepted, error) -> {
            expiry.cancel();
            notifications.post(Notifications.Kind.ENDED, () -> report(accepted, error, result));
        });
    }

    private static void report(Boolean accepted, Throwable error, CompletableFuture<Boolean> result) {
        if (error == null) {
            result.complete(accepted);
        } else {
            result.completeExceptionally(error);
        }
    }

    /** Looks up the service and sends the request. */
    void start() {
        poller.execute(() -> targets.lookUp()
                .whenComplete((target, error) -> poller.execute(() -> {
                    try {
                        if (error != null) {
                            throw error;
                        }
                        onLookedUp(poller.queues().of(target));
                    } catch (Throwable e) { // Errors too, such as NoClassDefFoundError: the outcome must be result
                        onLookupFailure(Futures.exception(e));
                    }
                })));
    }

    private void onLookedUp(AccountQueue found) {
        synchronized (this) {
            if (found != queue) {
                queue = found;
                order = found.nextCancellation();
            }
        }
        attempt();
    }

    private synchronized void onLookupFailure(Exception error) {
        if (poller.isShutDown() || outcome.isDone()) {
            return;
        }
        errors++;
        Duration delay = RetryPolicy.retryDelay(error, errors, poller.random());
        if (RetryPolicy.isTransient(error) && mayRetryAfter(delay)) {
            retryAfter(delay, error, this::start);
        } else {
            outcome.completeExceptionally(error);
        }
    }

    /** Sends the request as soon as there is room. A repeated attempt keeps its place in the queue. */
    private void attempt() {
        AccountQueue currentQueue;
        long currentOrder;
        synchronized (this) {
            currentQueue = queue;
            currentOrder = order;
        }
        if (!poller.isShutDown()) { // otherwise the next start of Jenkins continues
            currentQueue.sendCancellation(
                    currentOrder, new ServiceRequest<>(() -> !outcome.isDone(), this::send, this::onResponse));
        }
    }

    /** What has failed is never sent: the person who aborted the build may have canceled the job manually by then. */
    private synchronized CompletableFuture<Boolean> send() {
        if (outcome.isDone() || expired) {
            return CompletableFuture.failedFuture(new CancellationException());
        }
        inFlight = true;
        mayRetryAfter(Duration.ZERO); // the time begins
        return queue.service().cancel(job);
    }

    private synchronized void onResponse(Boolean accepted, Exception error) {
        if (!inFlight || outcome.isDone() || poller.isShutDown()) {
            return; // it was not sent, or a poll was faster, or the error is the shutdown
        }
        inFlight = false;
        if (error == null) {
            onResponse(accepted);
        } else if (RetryPolicy.isTransient(error)) {
            retry(error);
        } else if (error instanceof AuthenticationException) {
            if (queue.hasSucceeded()) {
                retry(error); // what has worked is not given up at the first rejection
            } else {
                outcome.completeExceptionally(error); // a poll has no token either
            }
        } else {
            contradicted = error instanceof ServiceException service && isContradictedByPoll(service) ? service : null;
            verify(() -> outcome.completeExceptionally(error));
        }
    }

    /** Such as a replica of the service that does not know the job yet, or the credentials. */
    private static boolean isContradictedByPoll(ServiceException rejection) {
        return rejection.kind() == ServiceException.Kind.NOT_FOUND
                || rejection.kind() == ServiceException.Kind.UNAUTHORIZED;
    }

    private void onResponse(boolean accepted) {
        if (accepted) {
            outcome.complete(true);
            poll(FIRST_POLL_DELAY);
        } else if (errors == 0) {
            outcome.complete(false);
            poll(Duration.ZERO);
        } else {
            // "nothing to cancel" may be the effect of an attempt whose response was lost
            verify(() -> outcome.complete(false));
        }
    }

    private void retry(Exception error) {
        errors++;
        Duration delay = queue.onError(error, errors);
        if (!mayRetryAfter(delay)) {
            verify(() -> outcome.completeExceptionally(error));
            return;
        }
        if (followUp == null && isUnclear(error)) {
            poll(Duration.ZERO);
        }
        // there may be other credentials by then
        retryAfter(delay, error, RetryPolicy.concernsCredentials(error) ? this::start : this::attempt);
    }

    private void retryAfter(Duration delay, Exception error, Runnable action) {
        lastError = error;
        poller.after(delay, action);
        notifications.post(Notifications.Kind.ERROR, () -> listener.onRetry(error, delay));
    }

    /** Whether another attempt after a delay is within the time. That begins with the first call. */
    private boolean mayRetryAfter(Duration delay) {
        long now = poller.scheduler().millis();
        if (firstAttempt < 0) {
            firstAttempt = now;
        }
        return !expired && now + delay.toMillis() < firstAttempt + RETRY_PERIOD.toMillis();
    }

    /** Whether the request may have had its effect. A service that is busy is just asked again. */
    private static boolean isUnclear(Exception error) {
        return error instanceof ServiceException service
                && (service.kind() == ServiceException.Kind.NO_RESPONSE
                        || service.kind() == ServiceException.Kind.INVALID_RESPONSE);
    }

    /** Polls the job now. If no poll shows within {@link #VERIFICATION_PERIOD} what became of it, the action does. */
    private void verify(Runnable action) {
        verificationFallback = action;
        verificationBound = poller.after(VERIFICATION_PERIOD, this::onUnverified);
        poll(Duration.ZERO);
    }

    private synchronized void onUnverified() {
        if (verificationFallback != null && !poller.isShutDown()) {
            endVerification().run(); // does nothing if the outcome is known by now
        }
    }

    private Runnable endVerification() {
        Runnable action = verificationFallback;
        verificationFallback = null;
        verificationBound.cancel();
        return action;
    }

    private synchronized void onFollowUp(MediaJob found) {
        switch (found.state()) {
            case CANCELING, CANCELED -> settle(true);
            case FINISHED, ERROR -> settle(false);
            default -> onRunning();
        }
        notifications.post(Notifications.Kind.POLLED, () -> listener.onPolled(found));
    }

    private void settle(boolean canceled) {
        outcome.complete(canceled);
        if (verificationFallback != null) {
            endVerification();
        }
    }

    private void onRunning() {
        ServiceException rejection = contradicted;
        if (rejection != null && !outcome.isDone()) {
            contradicted = null;
            endVerification();
            retry(rejection);
        } else {
            onUnverified();
        }
    }

    private void poll(Duration firstDelay) {
        if (followUp != null) {
            followUp.cancel();
        }
        pollListener = new PollListener();
        followUp = poller.follow(queue, job, targets, firstDelay, FOLLOW_PERIOD, pollListener);
    }

    /** An attempt that is in flight is awaited, since it may have its effect. */
    private synchronized void expire() {
        expired = true;
        if (inFlight || verificationFallback != null || poller.isShutDown()) {
            return;
        }
        Exception error = lastError;
        if (error != null && queue != null) {
            verify(() -> outcome.completeExceptionally(error));
        } else if (error != null) {
            outcome.completeExceptionally(error);
        } else {
            outcome.completeExceptionally(new ServiceException(
                    ServiceException.Kind.NO_RESPONSE, 0, "the request could not be sent in time", null, null, null));
        }
        if (queue != null) {
            queue.cancelAbandoned();
        }
    }

    /** Of the polls that began last: one that was in flight before may not show the effect of the last attempt. */
    private final class PollListener implements JobWaitListener {

        @Override
        public void onPolled(MediaJob found, List<MediaTask> tasks, JobProgress progress) {
            if (isCurrent()) {
                onFollowUp(found);
            }
        }

        @Override
        public void onError(Exception error, Duration pause) {
            // the polls are repeated; the bound of the verification ends it
        }

        @Override
        public void onRecovered(Duration after) {
            // nothing was reported before
        }

        @Override
        public void onEnded(WaitOutcome ended) {
            if (isCurrent()) {
                onUnverified(); // does nothing after a poll that found the job
            }
        }

        private boolean isCurrent() {
            synchronized (JobCancellation.this) {
                return this == pollListener;
            }
        }
    }
}
