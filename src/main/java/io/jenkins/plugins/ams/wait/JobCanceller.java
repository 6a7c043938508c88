/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.wait;

import io.jenkins.plugins.ams.console.ConsoleLog;
import io.jenkins.plugins.ams.console.DurationText;
import io.jenkins.plugins.ams.console.ErrorMessages;
import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.polling.CancellationListener;
import io.jenkins.plugins.ams.polling.JobPoller;
import io.jenkins.plugins.ams.polling.PollTarget;
import io.jenkins.plugins.ams.polling.Scheduler;
import io.jenkins.plugins.ams.result.CancelStatus;
import io.jenkins.plugins.ams.service.MediaJob;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Cancels the AMS jobs of waits that were aborted or timed out. A build stays a few seconds for the outcome, so that its
 * console can report it. Whether the job is canceled does not depend on that: attempts go on without the build, and
 * across restarts.
 */
final class JobCanceller {

    /** How long a build stays for the outcome. Usually a tenth of a second is enough, and who aborts wants an end. */
    static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(5);

    /**
     * How long after the request a job is still canceled. That covers the queue of an account with thousands of
     * cancellations and a controller that is down for a night. Later, the job has most likely ended or was canceled
     * manually, and its name may have been given to another job, which AMS v3 allows.
     */
    static final Duration MAX_AGE = Duration.ofHours(24);

    private static final Logger LOGGER = Logger.getLogger(JobCanceller.class.getName());

    private final JobPoller poller;
    private final Clock clock;
    private final PendingCancellations pending;
    private final Map<CancellationRequest, InProgress> inProgress = new ConcurrentHashMap<>();

    /** Shows on the page of a build what became of a cancellation. */
    interface Page {
        /**
         * Something is known of the cancellation.
         *
         * @param error why the job could not be canceled, or not yet; null if there is nothing to say
         */
        void canceling(CancelStatus status, String error);

        /** The job was polled since. */
        void polled(MediaJob job);
    }

    JobCanceller(JobPoller poller, Clock clock, PendingCancellations pending) {
        this.poller = poller;
        this.clock = clock;
        this.pending = pending;
    }

    /**
     * Cancels a job. If the build's request to cancel the job is in progress already, because the build asked before a
     * restart, its outcome is reported.
     *
     * @param log gets the outcome, even one that comes after the build has ended and its console is closed
     * @return completes without an exception: when the outcome, or that there is none yet, was written to the log; never
     *     if Jenkins is shut down before
     */
    CompletableFuture<Void> cancel(CancellationRequest request, PollTarget.Source targets, Page page, ConsoleLog log) {
        if (poller.isShutDown()) {
            pending.addNow(request);
            show(() -> page.canceling(CancelStatus.REQUESTED, null));
            log.cancelAfterRestart();
            return CompletableFuture.completedFuture(null);
        }
        show(() -> page.canceling(CancelStatus.REQUESTED, null));
        InProgress cancellation = start(request, targets, page, false);
        CompletableFuture<Void> reported = new CompletableFuture<>();
        Scheduler.ScheduledTask bound = poller.notifyAfter(RESPONSE_TIMEOUT, () -> {
            if (!reported.isDone()) {
                log.onCancelPending(cancellation.lastError);
                reported.complete(null);
            }
        });
        cancellation.whenDone((accepted, error) -> {
            try {
                if (error == null) {
                    log.onCancelResponse(accepted);
                } else {
                    log.onCancelFailed(request.job(), error);
                }
            } finally {
                bound.cancel();
                reported.complete(null);
            }
        });
        return reported;
    }

    /** Continues what was requested before Jenkins was started. The outcome is written to the log of Jenkins. */
    void resume(CancellationRequest request, PollTarget.Source targets, Page page) {
        if (!clock.instant().isBefore(request.requested().plus(MAX_AGE))) {
            String error = Messages.JobCanceller_tooLate(DurationText.of(MAX_AGE));
            LOGGER.log(Level.WARNING, () -> "Did not cancel " + request + ": it was requested too long ago");
            pending.remove(request);
            show(() -> page.canceling(CancelStatus.FAILED, error));
            return;
        }
        LOGGER.log(Level.INFO, () -> "Canceling " + request);
        start(request, targets, page, true).whenDone((accepted, error) -> {
            if (error == null) {
                LOGGER.log(Level.INFO, () -> (accepted ? "Canceled " : "There was nothing to cancel: ") + request);
            }
        });
    }

    private InProgress start(CancellationRequest request, PollTarget.Source targets, Page page, boolean resumed) {
        InProgress mine = new InProgress(page);
        InProgress before = inProgress.putIfAbsent(request, mine);
        if (before != null) {
            return before;
        }
        pending.add(request).thenRun(() -> {
            Duration within =
                    Duration.between(clock.instant(), request.requested().plus(MAX_AGE));
            CompletableFuture<Boolean> outcome = resumed
                    ? poller.resumeCancellation(request.job(), targets, within, mine)
                    : poller.cancelJob(request.job(), targets, within, mine);
            outcome.whenComplete((accepted, thrown) -> {
                inProgress.remove(request, mine);
                mine.done(request, accepted, thrown == null ? null : AmsException.of(thrown));
                pending.remove(request);
            });
        });
        return mine;
    }

    /** Changes a page. One that cannot be changed keeps no job from being canceled. */
    private static void show(Runnable change) {
        try {
            change.run();
        } catch (RuntimeException e) {
            LOGGER.log(Level.WARNING, "Could not show on a build's page what became of a cancellation", e);
        }
    }

    /** A cancellation whose outcome is not known yet, and the polls that follow. */
    private static final class InProgress implements CancellationListener {

        private final Page page;
        private final CompletableFuture<Boolean> outcome = new CompletableFuture<>();
        private volatile AmsException lastError;

        InProgress(Page page) {
            this.page = page;
        }

        @Override
        public void onRetry(AmsException error, Duration delay) {
            lastError = error;
            show(() -> page.canceling(CancelStatus.REQUESTED, ErrorMessages.of(error)));
        }

        @Override
        public void onPolled(MediaJob job) {
            show(() -> page.polled(job));
        }

        void done(CancellationRequest request, Boolean accepted, AmsException error) {
            if (error == null) {
                show(() -> page.canceling(accepted ? CancelStatus.ACCEPTED : CancelStatus.NOT_NEEDED, null));
                outcome.complete(accepted);
            } else {
                LOGGER.log(Level.WARNING, () -> "Could not cancel " + request + ": " + ErrorMessages.of(error));
                show(() -> page.canceling(CancelStatus.FAILED, ErrorMessages.of(error)));
                outcome.completeExceptionally(error);
            }
        }

        void whenDone(BiConsumer<Boolean, AmsException> action) {
            outcome.whenComplete(
                    (accepted, thrown) -> action.accept(accepted, thrown == null ? null : AmsException.of(thrown)));
        }
    }
}
