/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.wait;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.ams.console.ConsoleLog;
import io.jenkins.plugins.ams.console.DurationText;
import io.jenkins.plugins.ams.console.ErrorMessages;
import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.polling.CancellationListener;
import io.jenkins.plugins.ams.polling.JobPoller;
import io.jenkins.plugins.ams.polling.PollTarget;
import io.jenkins.plugins.ams.polling.Scheduler;
import io.jenkins.plugins.ams.result.CancelStatus;
import io.jenkins.plugins.ams.result.WaitRecord;
import io.jenkins.plugins.ams.service.MediaJob;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Cancels the AMS jobs of waits that were aborted or timed out. The build waits a few seconds for the outcome, so that
 * its console can report it. If necessary, attempts to cancel the job continue after the build has ended and across
 * restarts.
 */
final class JobCanceller {

    /**
     * Maximum time that a build waits for the outcome. The service usually responds within 100 milliseconds, and users
     * who abort a build expect it to end quickly.
     */
    static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(5);

    /**
     * Maximum age of a request. The limit leaves enough time for an account with thousands of queued cancellations and
     * for a controller that is down overnight. An older request is discarded, because the job has most likely ended or
     * been canceled manually. In AMS v3, another job may even have been created with the same name.
     */
    static final Duration MAX_AGE = Duration.ofHours(24);

    private static final Logger LOGGER = Logger.getLogger(JobCanceller.class.getName());

    private final JobPoller poller;
    private final Clock clock;
    private final PendingCancellations pending;
    private final Map<CancellationRequest, InProgress> inProgress = new ConcurrentHashMap<>();

    /** Shows the status of a cancellation, and the polls that follow it, on the build page. */
    interface Page {
        /** Changes the build's record of its wait for the job. */
        void change(UnaryOperator<WaitRecord> change);

        /** Called when a poll after the cancellation request finds that the job has ended. */
        default void onJobEnded() {}
    }

    JobCanceller(JobPoller poller, Clock clock, PendingCancellations pending) {
        this.poller = poller;
        this.clock = clock;
        this.pending = pending;
    }

    /**
     * Cancels a job. If the same request is already in progress because the build made the request before a restart,
     * the outcome of that request is reported.
     *
     * @param log receives the outcome, even after the build has ended and its console has been closed
     * @return a future that completes when the log contains either the outcome or a message that the outcome is not
     *     known yet. It never completes exceptionally, and it does not complete if Jenkins shuts down first
     */
    CompletableFuture<Void> cancel(CancellationRequest request, PollTarget.Source targets, Page page, ConsoleLog log) {
        if (poller.isShutDown()) {
            pending.addNow(request);
            show(page, CancelStatus.REQUESTED, null);
            log.cancelAfterRestart();
            return CompletableFuture.completedFuture(null);
        }
        show(page, CancelStatus.REQUESTED, null);
        InProgress cancellation = start(request, targets, page, false);
        CompletableFuture<Void> reported = new CompletableFuture<>();
        Scheduler.ScheduledTask timeout = poller.notifyAfter(RESPONSE_TIMEOUT, () -> {
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
                timeout.cancel();
                reported.complete(null);
            }
        });
        return reported;
    }

    /** Resumes a cancellation that was requested before a restart. Writes the outcome to the Jenkins log. */
    void resume(CancellationRequest request, PollTarget.Source targets, Page page) {
        if (!clock.instant().isBefore(request.requested().plus(MAX_AGE))) {
            String error = Messages.JobCanceller_tooLate(DurationText.of(MAX_AGE));
            LOGGER.log(Level.WARNING, () -> "Did not cancel " + request + ": it was requested too long ago");
            pending.remove(request);
            show(page, CancelStatus.FAILED, error);
            return;
        }
        LOGGER.log(Level.INFO, () -> "Canceling " + request);
        // if Jenkins was killed, the build's record might not contain the request yet
        show(
                page,
                before -> before.getCancelStatus() == null ? before.canceling(CancelStatus.REQUESTED, null) : before);
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
            poller.cancelJob(request.job(), targets, within, resumed, mine).whenComplete((accepted, thrown) -> {
                inProgress.remove(request, mine);
                mine.done(request, accepted, thrown == null ? null : AmsException.of(thrown));
                pending.remove(request);
            });
        });
        return mine;
    }

    /**
     * Shows the status of a cancellation.
     *
     * @param error why the job could not be canceled or has not been canceled yet, or null if there is no error
     */
    private static void show(Page page, CancelStatus status, @CheckForNull String error) {
        show(page, before -> before.canceling(status, error));
    }

    /** Updates a page. Errors are only logged, because they must not prevent the job from being canceled. */
    private static void show(Page page, UnaryOperator<WaitRecord> change) {
        try {
            page.change(change);
        } catch (RuntimeException e) {
            LOGGER.log(Level.WARNING, "Could not show the status of a cancellation on the build page", e);
        }
    }

    /** A cancellation whose outcome is not known yet, and the polls that follow it. */
    private final class InProgress implements CancellationListener {

        private final Page page;
        private final CompletableFuture<Boolean> outcome = new CompletableFuture<>();
        private volatile AmsException lastError;

        InProgress(Page page) {
            this.page = page;
        }

        @Override
        public void onRetry(AmsException error, Duration delay) {
            lastError = error;
            show(page, CancelStatus.REQUESTED, ErrorMessages.of(error));
        }

        @Override
        public void onPolled(MediaJob job) {
            Instant now = clock.instant();
            show(page, before -> before.polledAfterCancel(job, now));
            if (job.state().isTerminal()) {
                page.onJobEnded();
            }
        }

        void done(CancellationRequest request, Boolean accepted, AmsException error) {
            if (error == null) {
                show(page, accepted ? CancelStatus.ACCEPTED : CancelStatus.NOT_NEEDED, null);
                outcome.complete(accepted);
            } else {
                LOGGER.log(Level.WARNING, () -> "Could not cancel " + request + ": " + ErrorMessages.of(error));
                show(page, CancelStatus.FAILED, ErrorMessages.of(error));
                outcome.completeExceptionally(error);
            }
        }

        void whenDone(BiConsumer<Boolean, AmsException> action) {
            outcome.whenComplete(
                    (accepted, thrown) -> action.accept(accepted, thrown == null ? null : AmsException.of(thrown)));
        }
    }
}
