/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.http.Futures;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.MediaTask;
import io.jenkins.plugins.ams.service.ServiceException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;

/**
 * Cancels one job: sends a cancellation request, repeats the request after transient errors, and polls the job to
 * verify that it is canceled.
 *
 * <p>The request can be repeated safely, because canceling a job that is already being canceled has no effect.
 *
 * <p>The outcome is based on the service's response to the request or on a poll. A rejected request or an unclear
 * response does not reveal the job's state. For example, Azure Resource Manager responds with HTTP 409 if the resource
 * is locked, and a proxy may return its own error page.
 *
 * <p>Thread-safe; guarded by its own lock. A thread that holds this lock may acquire the locks of a {@link JobWait} and
 * an {@link AccountQueue}, but not the other way around. Because a listener may hang when it writes to the console, it
 * is called on another thread and without a lock.
 */
final class JobCancellation {

    /**
     * Maximum time between the first and the last attempt. Time in the queue before the first attempt does not count. A
     * gateway deployment or throttling can last several minutes. If no attempt succeeds in this time, the cancellation
     * fails, so that the user can cancel the job manually.
     */
    static final Duration RETRY_PERIOD = Duration.ofMinutes(10);

    /**
     * Maximum time to poll the job to find out whether it was canceled even though the cancellation request was
     * rejected or not confirmed. Throttling can delay the first successful poll by minutes. The build does not wait for
     * the verification.
     */
    static final Duration VERIFICATION_PERIOD = Duration.ofMinutes(5);

    /**
     * Maximum time for which the job is polled after the outcome of its cancellation is known. In recorded traffic,
     * some jobs were Canceled after 7 s, and others were still Canceling after 32 s. A job that is still Canceling
     * after 10 minutes is unlikely to end soon.
     */
    static final Duration FOLLOW_PERIOD = Duration.ofMinutes(10);

    /** Delay before the first poll of a job that is being canceled. */
    static final Duration FIRST_POLL_DELAY = Duration.ofSeconds(10);

    private final JobPoller poller;
    private final JobId job;
    private final PollTarget.Source targets;
    private final boolean resumed;
    private final CancellationListener listener;
    private final Notifications notifications;
    private final CompletableFuture<Boolean> outcome = new CompletableFuture<>();

    /** The account's queue. Null until the target has been looked up. */
    private AccountQueue queue;

    /** The cancellation's position in the queue. */
    private long order;

    /** Time of the first attempt in milliseconds on the scheduler's clock, or -1 if there has been no attempt. */
    private long firstAttempt = -1;

    private boolean inFlight;
    private boolean expired;
    private int errors;
    private AmsException lastError;
    private JobWait followUp;
    private volatile PollListener pollListener; // listeners read this field without the lock

    /**
     * Completes the outcome if the verification times out or finds that the job is still running. Null if no
     * verification is in progress.
     */
    private Runnable verificationFallback;

    private Scheduler.ScheduledTask verificationBound;

    /**
     * A rejection that may have come from an outdated replica of the service. If a poll finds the job running, the
     * request is repeated. Null if there is no such rejection.
     */
    @CheckForNull
    private AmsException contradicted;

    /**
     * Creates a cancellation. Call {@link #start} to begin it.
     *
     * @param timeout the maximum time for all attempts, including the time in the queue
     * @param resumed whether the cancellation was requested before a restart
     * @param result the future that receives the outcome: true if the service cancels the job, false if there was
     *     nothing to cancel, or an exception if the job could not be canceled. The future is not completed after the
     *     poller has been shut down
     */
    JobCancellation(
            JobPoller poller,
            JobId job,
            PollTarget.Source targets,
            Duration timeout,
            boolean resumed,
            CancellationListener listener,
            CompletableFuture<Boolean> result) {
        this.poller = poller;
        this.job = job;
        this.targets = targets;
        this.resumed = resumed;
        this.listener = listener;
        this.notifications = new Notifications("the cancellation of " + job, poller.notifications());
        Scheduler.ScheduledTask expiry = poller.after(timeout, this::expire);
        outcome.whenComplete((accepted, error) -> {
            expiry.cancel();
            notifications.post(Notifications.Kind.ENDED, () -> Futures.complete(result, accepted, error));
        });
    }

    /** Looks up the target and sends the request. */
    void start() {
        AccountQueues queues = poller.queues();
        queues.lookUp(targets, target -> onLookedUp(queues.of(target)), this::onLookupFailure);
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

    private synchronized void onLookupFailure(AmsException error) {
        if (poller.isShutDown() || outcome.isDone()) {
            return;
        }
        errors++;
        Duration delay = RetryPolicy.retryDelay(error, errors, poller.random());
        if (error.isTransient() && mayRetryAfter(delay)) {
            retryAfter(delay, error, this::start);
        } else {
            outcome.completeExceptionally(error);
        }
    }

    /** Queues the cancellation request. Repeated requests keep the position of the first request. */
    private void attempt() {
        AccountQueue currentQueue;
        long currentOrder;
        synchronized (this) {
            currentQueue = queue;
            currentOrder = order;
        }
        if (!poller.isShutDown()) { // after a shutdown, the cancellation resumes when Jenkins restarts
            currentQueue.sendCancellation(
                    currentOrder, new ServiceRequest<>(() -> !outcome.isDone(), this::send, this::onResponse));
        }
    }

    /**
     * Sends the cancellation request, unless the outcome is known or the timeout has expired. When the timeout
     * expires, the user is asked to cancel the job manually, so no further request may follow.
     */
    private synchronized CompletableFuture<Boolean> send() {
        if (outcome.isDone() || expired) {
            return CompletableFuture.failedFuture(new CancellationException());
        }
        inFlight = true;
        mayRetryAfter(Duration.ZERO); // starts the retry period
        return queue.service().cancel(job);
    }

    private synchronized void onResponse(Boolean accepted, @CheckForNull AmsException error) {
        if (!inFlight || outcome.isDone() || poller.isShutDown()) {
            return; // the request was not sent, a poll determined the outcome, or the shutdown caused the error
        }
        inFlight = false;
        if (error == null) {
            onResponse(accepted);
        } else if (error.isTransient()) {
            retry(error);
        } else if (error.isRejection() && !error.isFromService()) { // no token was issued
            if (resumed || queue.health().hasSucceeded()) {
                retry(error); // The credentials were valid before, so the rejection may not be final.
            } else {
                outcome.completeExceptionally(error); // Polls cannot verify the outcome: they would be rejected too.
            }
        } else {
            contradicted = error.mayBeOfReplica() ? error : null; // a poll that finds the job disproves the rejection
            verify(() -> outcome.completeExceptionally(error));
        }
    }

    private void onResponse(boolean accepted) {
        if (accepted) {
            outcome.complete(true);
            poll(FIRST_POLL_DELAY);
        } else if (errors == 0) {
            outcome.complete(false);
            poll(Duration.ZERO);
        } else {
            // An earlier attempt whose response was lost may have canceled the job.
            verify(() -> outcome.complete(false));
        }
    }

    private void retry(AmsException error) {
        errors++;
        Duration delay = queue.onError(error, errors);
        if (!mayRetryAfter(delay)) {
            verify(() -> outcome.completeExceptionally(error));
            return;
        }
        if (followUp == null && error.mayHaveBeenCarriedOut()) {
            poll(Duration.ZERO);
        }
        // Look up rejected credentials again, since they may have been replaced.
        retryAfter(delay, error, error.concernsCredentials() ? this::start : this::attempt);
    }

    private void retryAfter(Duration delay, AmsException error, Runnable action) {
        lastError = error;
        poller.after(delay, action);
        notifications.post(Notifications.Kind.ERROR, () -> listener.onRetry(error, delay));
    }

    /**
     * Returns whether an attempt after the given delay would be within the retry period. The first call starts the
     * retry period.
     */
    private boolean mayRetryAfter(Duration delay) {
        long now = poller.scheduler().millis();
        if (firstAttempt < 0) {
            firstAttempt = now;
        }
        return !expired && now + delay.toMillis() < firstAttempt + RETRY_PERIOD.toMillis();
    }

    /**
     * Polls the job immediately, and runs an action unless a poll within {@link #VERIFICATION_PERIOD} shows that the
     * job has ended or is being canceled.
     */
    private void verify(Runnable action) {
        verificationFallback = action;
        verificationBound = poller.after(VERIFICATION_PERIOD, this::onUnverified);
        poll(Duration.ZERO);
    }

    private synchronized void onUnverified() {
        if (verificationFallback != null && !poller.isShutDown()) {
            endVerification().run(); // no effect if the outcome is already known
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
        AmsException rejection = contradicted;
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

    /**
     * Ends the cancellation because its timeout has expired. If a request is in flight, its response is processed
     * first, since the request may cancel the job.
     */
    private synchronized void expire() {
        expired = true;
        if (inFlight || verificationFallback != null || poller.isShutDown()) {
            return;
        }
        AmsException error =
                lastError != null ? lastError : ServiceException.noResponse("the request could not be sent in time");
        if (lastError != null && queue != null) {
            verify(() -> outcome.completeExceptionally(error));
        } else {
            outcome.completeExceptionally(error);
        }
        if (queue != null) {
            queue.cancelAbandoned();
        }
    }

    /**
     * Receives the results of the polls that verify the cancellation and follow the job until it ends. Results of polls
     * that were started before the last attempt are ignored, because they may not show the effect of that attempt.
     * Errors are ignored as well, because polls are repeated until the verification period ends.
     */
    private final class PollListener implements JobWaitListener {

        @Override
        public void onPolled(MediaJob found, List<MediaTask> tasks, JobProgress progress) {
            if (this == pollListener) {
                onFollowUp(found);
            }
        }

        @Override
        public void onEnded(WaitOutcome ended) {
            if (this == pollListener) {
                onUnverified(); // no effect if a poll has already ended the verification
            }
        }
    }
}
