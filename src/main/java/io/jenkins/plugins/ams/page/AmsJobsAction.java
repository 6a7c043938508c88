/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.page;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Api;
import hudson.model.Run;
import io.jenkins.plugins.ams.result.AmsJobResult;
import io.jenkins.plugins.ams.result.WaitRecord;
import io.jenkins.plugins.ams.runtime.AmsRuntime;
import io.jenkins.plugins.ams.service.JobId;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.RunAction2;
import jenkins.security.stapler.StaplerDispatchable;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/**
 * The AMS jobs that a build waits for, or waited for: a part of the build's page, a page of its own and a part of the REST
 * API. In {@code build.xml}, which Pipeline writes at each step, it is a mere marker; the jobs are in a file beside that,
 * which is read when they are first needed.
 *
 * @since TODO
 */
@ExportedBean
@Restricted(NoExternalUse.class)
public final class AmsJobsAction implements RunAction2 {

    private static final Logger LOGGER = Logger.getLogger(AmsJobsAction.class.getName());

    private transient volatile Run<?, ?> run;

    /** Whether the build had this action when it was loaded. */
    private transient volatile boolean isLoaded;

    private transient BuildJobs jobs;

    /** Returns the build's action, adding it if necessary. */
    static AmsJobsAction of(Run<?, ?> run) {
        synchronized (run) {
            AmsJobsAction action = run.getAction(AmsJobsAction.class);
            if (action == null) {
                action = new AmsJobsAction();
                run.addAction(action);
                AmsRuntime.get().diskExecutor().execute(() -> saveMarker(run));
            }
            return action;
        }
    }

    /** Returns the entry of a wait that begins. */
    @Restricted(NoExternalUse.class)
    public static WaitEntry begin(Run<?, ?> run, JobId job, String account) {
        WaitEntry entry = entry(run, job, account);
        entry.begin(account);
        return entry;
    }

    /**
     * Returns the entry of a wait that began before a restart, as it was stored.
     *
     * @param account null if it is not known
     */
    @Restricted(NoExternalUse.class)
    public static WaitEntry entry(Run<?, ?> run, JobId job, @CheckForNull String account) {
        BuildJobs jobs = of(run).jobs();
        return new WaitEntry(
                jobs,
                jobs.slot(job, account),
                EndedBuilds.saver(),
                AmsRuntime.get().clock());
    }

    /** Changes what is known of a job after its wait. The build may have ended. */
    @Restricted(NoExternalUse.class)
    public static void change(
            Run<?, ?> run, JobId job, @CheckForNull String account, UnaryOperator<WaitRecord> change) {
        BuildJobs jobs = of(run).jobs();
        if (jobs.change(jobs.slot(job, account), change)) {
            EndedBuilds.saver().saveSoon(jobs);
        }
    }

    /** Returns a job as it was last polled; null if the build is not known to have waited for it. */
    @Restricted(NoExternalUse.class)
    @CheckForNull
    public static AmsJobResult result(Run<?, ?> run, String job, @CheckForNull String account) {
        AmsJobsAction action = run.getAction(AmsJobsAction.class);
        if (action == null) {
            return null;
        }
        return action.getJobs().stream()
                .filter(record -> record.isOf(new JobId(job), account))
                .map(WaitRecord::getJob)
                .findFirst()
                .orElse(null);
    }

    @Override
    public void onAttached(Run<?, ?> build) {
        run = build;
    }

    @Override
    public void onLoad(Run<?, ?> build) {
        run = build;
        isLoaded = true;
    }

    @Override
    public String getIconFileName() {
        return "symbol-film plugin-azure-media-services";
    }

    @Override
    public String getDisplayName() {
        return Messages.AmsJobsAction_displayName();
    }

    @Override
    public String getUrlName() {
        return "ams-jobs";
    }

    public Run<?, ?> getRun() {
        return run;
    }

    /** Returns the REST API of this page. */
    public Api getApi() {
        return new Api(this);
    }

    /** Returns the jobs, in the order in which the build first waited for them. */
    @Exported(visibility = 2)
    public List<WaitRecord> getJobs() {
        return jobs().records();
    }

    /** Returns whether the build runs, so that the jobs may change. */
    @Exported
    public boolean isBuilding() {
        return run.isBuilding();
    }

    /**
     * Returns the jobs that the page shows at a time.
     *
     * @param state the state whose jobs are shown; null for all
     * @param page the number of the page, from 1; null for the first
     */
    @Restricted(NoExternalUse.class)
    public JobList list(@CheckForNull String state, @CheckForNull String page) {
        return JobList.page(jobs(), run.isBuilding(), now(), state, page);
    }

    /** Returns the jobs that the build's own page shows. */
    @Restricted(NoExternalUse.class)
    public JobList getSummary() {
        return JobList.summary(jobs(), run.isBuilding(), now());
    }

    /** Returns a job for {@code job/<guid>/} below this page; null if there is none. */
    @StaplerDispatchable // Stapler does not accept a type without web methods as a page on its own
    @CheckForNull
    public JobView getJob(String guid) {
        return jobs().slots().stream()
                .filter(slot -> slot.record().getGuid().equals(guid))
                .findFirst()
                .map(slot -> new JobView(slot.record(), slot.index(), run.isBuilding(), now()))
                .orElse(null);
    }

    /** Returns the changes since a revision, for {@code changes/<since>/api/json} below this page; null if it is invalid. */
    @StaplerDispatchable
    @CheckForNull
    @Restricted(NoExternalUse.class)
    public JobChanges getChanges(String since) {
        return JobChanges.of(jobs(), run.isBuilding(), now(), since);
    }

    /** Saves the jobs, unless they were not needed since the build was loaded. */
    synchronized void onBuildEnded() {
        if (jobs != null) {
            EndedBuilds.saver().saveEnded(jobs);
        }
    }

    private synchronized BuildJobs jobs() {
        if (jobs == null) {
            JobFile file = new JobFile(() -> run.getRootDir().toPath());
            jobs = BuildJobs.load(file, isLoaded, AmsRuntime.get().clock().millis());
        }
        return jobs;
    }

    private static Instant now() {
        return AmsRuntime.get().clock().instant();
    }

    /** Saves that the build has jobs. Must not write a build again that was deleted. */
    private static void saveMarker(Run<?, ?> run) {
        if (run.getParent().getBuildByNumber(run.getNumber()) != run) {
            return;
        }
        try {
            run.save();
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Could not save " + run);
        }
    }
}
