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
import io.jenkins.plugins.ams.config.AmsConfigurationException;
import io.jenkins.plugins.ams.config.BuildTargets;
import io.jenkins.plugins.ams.console.ConsoleLog;
import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.page.AmsJobsAction;
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
 * The cancellations of this controller's builds: starts them, shows on a build's page what became of them, and continues
 * after a start of Jenkins what was not done before.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class BuildCancellations extends ItemListener {

    private static final Logger LOGGER = Logger.getLogger(BuildCancellations.class.getName());

    /** Created when it is needed first: an extension that asks for another one while it is created may find none. */
    private PendingCancellations pending;

    private JobCanceller canceller;

    /**
     * Cancels the job of a wait whose build was aborted or whose time limit has passed.
     *
     * @param reason who aborted the build, or why it was aborted
     * @param log gets the outcome
     * @return completes without an exception: when the outcome, or that there is none yet, was written to the log; never
     *     if Jenkins is shut down before
     */
    public static CompletableFuture<Void> cancel(
            Run<?, ?> run, WaitParameters parameters, String reason, ConsoleLog log) {
        try {
            AmsRuntime engine = AmsRuntime.get();
            CancellationRequest request = new CancellationRequest(
                    run.getExternalizableId(),
                    parameters.jobId(),
                    parameters.account(),
                    parameters.credentialsId(),
                    reason,
                    engine.clock().instant());
            PollTarget.Source targets =
                    BuildTargets.get().source(run, request.job(), request.account(), request.credentialsId());
            return get().canceller().cancel(request, targets, new BuildPage(run, request), log);
        } catch (RuntimeException e) { // such as that Jenkins is gone, in the last moments of a shutdown
            LOGGER.log(Level.WARNING, e, () -> "Could not cancel AMS job " + parameters.rawJobId() + " of " + run);
            log.onCancelFailed(parameters.jobId(), AmsException.of(e));
            return CompletableFuture.completedFuture(null);
        }
    }

    /** Returns in one line why a build was interrupted. */
    public static String reason(Collection<CauseOfInterruption> causes) {
        return causes.stream().map(CauseOfInterruption::getShortDescription).collect(Collectors.joining("; "));
    }

    /** Continues in a thread of the plugin's, since builds are read from disk for it. */
    @Override
    public void onLoaded() {
        AmsRuntime.get().cancellations().execute(this::resume);
    }

    /** Writes what has changed; afterwards no thread is left to do it. */
    @Terminator
    public static void shutDown() {
        get().pending().flush();
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
                            new BuildPage(run, request));
        } else {
            canceller().resume(request, targetSourceWithoutBuild(request), new NoBuildPage());
        }
    }

    /** The project that the build belonged to decides which credentials may be used. */
    private static PollTarget.Source targetSourceWithoutBuild(CancellationRequest request) {
        String build = request.build();
        Job<?, ?> project =
                Jenkins.get().getItemByFullName(build.substring(0, Math.max(0, build.lastIndexOf('#'))), Job.class);
        if (project == null) {
            return () -> {
                throw new AmsConfigurationException(Messages.BuildCancellations_noProject(build));
            };
        }
        return BuildTargets.get().source(project, request.job(), request.account(), request.credentialsId());
    }

    @CheckForNull
    private static Run<?, ?> build(String id) {
        try {
            return Run.fromExternalizableId(id);
        } catch (IllegalArgumentException e) {
            LOGGER.log(Level.WARNING, e, () -> "Not a build: " + id);
            return null;
        }
    }

    private synchronized JobCanceller canceller() {
        if (canceller == null) {
            AmsRuntime engine = AmsRuntime.get();
            canceller = new JobCanceller(engine.poller(), engine.clock(), pending());
        }
        return canceller;
    }

    private synchronized PendingCancellations pending() {
        if (pending == null) {
            AmsRuntime engine = AmsRuntime.get();
            CancellationFile file = new CancellationFile(Jenkins.get().getRootDir());
            pending = new PendingCancellations(file, engine.timer(), engine.cancellations());
        }
        return pending;
    }

    /**
     * The page of a build, which may have ended. Then the build is looked up each time: it may have been deleted, and must
     * not be written again.
     */
    private static final class BuildPage implements JobCanceller.Page {

        private final Run<?, ?> run;
        private final CancellationRequest request;

        BuildPage(Run<?, ?> run, CancellationRequest request) {
            this.run = run;
            this.request = request;
        }

        @Override
        public void canceling(CancelStatus status, String error) {
            change(before -> before.canceling(status, error));
        }

        @Override
        public void polled(io.jenkins.plugins.ams.service.MediaJob job) {
            change(before ->
                    before.polledAfterCancel(job, AmsRuntime.get().clock().instant()));
        }

        private void change(UnaryOperator<WaitRecord> change) {
            Run<?, ?> current = run.isBuilding() ? run : run.getParent().getBuildByNumber(run.getNumber());
            if (current != null) {
                AmsJobsAction.change(current, request.job(), request.account(), change);
            }
        }
    }

    /** For a build that was deleted. */
    private static final class NoBuildPage implements JobCanceller.Page {

        @Override
        public void canceling(CancelStatus status, String error) {
            // the log of Jenkins has the outcome
        }

        @Override
        public void polled(io.jenkins.plugins.ams.service.MediaJob job) {
            // nobody can read it
        }
    }
}
