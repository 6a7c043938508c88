/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.wait;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.init.Terminator;
import hudson.model.Job;
import hudson.model.Run;
import hudson.model.listeners.ItemListener;
import io.jenkins.plugins.ams.config.BuildTargets;
import io.jenkins.plugins.ams.console.ConsoleLog;
import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.page.AmsJobsAction;
import io.jenkins.plugins.ams.page.RunningWaits;
import io.jenkins.plugins.ams.page.WaitEntry;
import io.jenkins.plugins.ams.polling.PollTarget;
import io.jenkins.plugins.ams.result.CancelStatus;
import io.jenkins.plugins.ams.result.WaitRecord;
import io.jenkins.plugins.ams.runtime.AmsRuntime;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import jenkins.model.CauseOfInterruption;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Manages job cancellations for the controller's builds. Starts cancellations, shows their status on the build page,
 * and resumes unfinished cancellations when Jenkins starts.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class BuildCancellations extends ItemListener {

    private static final Logger LOGGER = Logger.getLogger(BuildCancellations.class.getName());

    /** Created on first use, because other extensions might not be available while this extension is being created. */
    private PendingCancellations pending;

    private JobCanceller canceller;

    /**
     * Cancels the job of a wait whose build was aborted or whose timeout elapsed.
     *
     * @param reason who aborted the build, or why it was aborted
     * @param log receives the outcome
     * @return a future that completes when the log contains either the outcome or a message that the outcome is not
     *     known yet. It never completes exceptionally, and it does not complete if Jenkins shuts down first
     */
    public static CompletableFuture<Void> cancel(
            Run<?, ?> run, WaitParameters parameters, String reason, ConsoleLog log) {
        try {
            CancellationRequest request = request(run, parameters, reason);
            PollTarget.Source targets =
                    BuildTargets.get().source(run, request.job(), request.account(), request.credentialsId());
            return get().canceller().cancel(request, targets, page(run, request), log);
        } catch (RuntimeException e) { // for example because Jenkins is shutting down
            LOGGER.log(Level.WARNING, e, () -> "Could not cancel AMS job " + parameters.rawJobId() + " of " + run);
            log.onCancelFailed(parameters.jobId(), AmsException.of(e));
            return CompletableFuture.completedFuture(null);
        }
    }

    /**
     * Cancels the job of a wait because a user has requested it. The wait continues, so that the build ends when the
     * job ends.
     *
     * @param user the user's name
     * @param log receives the user's name and the outcome
     */
    public static void cancelForUser(Run<?, ?> run, WaitParameters parameters, String user, ConsoleLog log) {
        cancel(run, parameters, "canceled by " + user, log); // first, because the console might hang or fail
        log.onCanceledBy(user);
    }

    /**
     * Repeats a user's cancellation request if Jenkins was killed before the request was written to disk.
     *
     * @param entry the record of a wait that resumes
     */
    public static void repeatLost(Run<?, ?> run, WaitParameters parameters, WaitEntry entry, ConsoleLog log) {
        // check the pending requests first: each is removed only after the record contains its outcome
        boolean isLost = !get().pending().all().contains(request(run, parameters, ""))
                && entry.record().getCancelStatus() == CancelStatus.REQUESTED;
        if (isLost) {
            cancel(run, parameters, "requested before a restart", log);
        }
    }

    private static CancellationRequest request(Run<?, ?> run, WaitParameters parameters, String reason) {
        return new CancellationRequest(
                run.getExternalizableId(),
                parameters.jobId(),
                parameters.account(),
                parameters.credentialsId(),
                reason,
                AmsRuntime.get().clock().instant());
    }

    /** Returns the reasons for a build's interruption as a single line. */
    public static String reason(Collection<CauseOfInterruption> causes) {
        return causes.stream().map(CauseOfInterruption::getShortDescription).collect(Collectors.joining("; "));
    }

    /**
     * Resumes unfinished cancellations in one of the plugin's threads, because reading builds from disk can take a long
     * time.
     */
    @Override
    public void onLoaded() {
        AmsRuntime.get().cancellations().execute(this::resume);
    }

    /** Writes unsaved requests before Jenkins stops, because no thread can write them later. */
    @Terminator
    public static void shutDown() {
        get().pending().write();
    }

    static BuildCancellations get() {
        return ExtensionList.lookupSingleton(BuildCancellations.class);
    }

    private void resume() {
        for (CancellationRequest request : pending().all()) {
            try {
                resume(request);
            } catch (RuntimeException e) {
                LOGGER.log(Level.WARNING, e, () -> "Could not cancel " + request);
            }
        }
    }

    private void resume(CancellationRequest request) {
        Run<?, ?> run = build(request.build());
        if (run != null) {
            canceller()
                    .resume(
                            request,
                            BuildTargets.get().source(run, request.job(), request.account(), request.credentialsId()),
                            page(run, request));
        } else {
            canceller().resume(request, targetSourceWithoutBuild(request), change -> {}); // the page was deleted
        }
    }

    /**
     * Returns the source that finds the target for canceling a job whose build has been deleted. The build's project
     * determines which credentials can be used.
     */
    private static PollTarget.Source targetSourceWithoutBuild(CancellationRequest request) {
        String build = request.build();
        Job<?, ?> project =
                Jenkins.get().getItemByFullName(build.substring(0, Math.max(0, build.lastIndexOf('#'))), Job.class);
        if (project == null) {
            return () -> {
                throw AmsException.configurationError(Messages.BuildCancellations_noProject(build));
            };
        }
        return BuildTargets.get().source(project, request.job(), request.account(), request.credentialsId());
    }

    @CheckForNull
    private static Run<?, ?> build(String id) {
        try {
            return Run.fromExternalizableId(id);
        } catch (IllegalArgumentException e) {
            LOGGER.log(Level.WARNING, e, () -> "Invalid build ID: " + id);
            return null;
        }
    }

    private synchronized JobCanceller canceller() {
        if (canceller == null) {
            AmsRuntime runtime = AmsRuntime.get();
            canceller = new JobCanceller(runtime.poller(), runtime.clock(), pending());
        }
        return canceller;
    }

    private synchronized PendingCancellations pending() {
        if (pending == null) {
            AmsRuntime runtime = AmsRuntime.get();
            CancellationFile file = new CancellationFile(Jenkins.get().getRootDir());
            pending = new PendingCancellations(file, runtime.timer(), runtime.cancellations());
        }
        return pending;
    }

    /**
     * Returns the build page. After the build has ended, each change looks up the build again, because the build may
     * have been deleted. A deleted build must not be written to disk again.
     */
    private static JobCanceller.Page page(Run<?, ?> run, CancellationRequest request) {
        return new JobCanceller.Page() {
            @Override
            public void change(UnaryOperator<WaitRecord> change) {
                Run<?, ?> current = run.isBuilding() ? run : run.getParent().getBuildByNumber(run.getNumber());
                if (current != null) {
                    AmsJobsAction.change(current, request.job(), request.account(), change);
                }
            }

            @Override
            public void onJobEnded() {
                RunningWaits.get().pollSoon(run, request.job(), request.account());
            }
        };
    }
}
