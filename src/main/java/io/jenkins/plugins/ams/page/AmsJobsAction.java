/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.page;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Api;
import hudson.model.Item;
import hudson.model.Run;
import hudson.model.User;
import io.jenkins.plugins.ams.credentials.RawParameter;
import io.jenkins.plugins.ams.result.AmsJobResult;
import io.jenkins.plugins.ams.result.WaitRecord;
import io.jenkins.plugins.ams.runtime.AmsRuntime;
import io.jenkins.plugins.ams.service.JobId;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;
import jenkins.model.RunAction2;
import jenkins.security.stapler.StaplerDispatchable;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.HttpResponses;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;
import org.kohsuke.stapler.verb.POST;

/**
 * The AMS jobs that a build is waiting for or has waited for. They are shown on the build page and on a separate page,
 * and are available through the REST API. The jobs are stored in a separate file, because Pipeline rewrites {@code
 * build.xml} at each step. In {@code build.xml}, this action is only a marker. The separate file is read when the jobs
 * are first needed.
 *
 * @since TODO
 */
@ExportedBean
@Restricted(NoExternalUse.class)
public final class AmsJobsAction implements RunAction2 {

    private static final Logger LOGGER = Logger.getLogger(AmsJobsAction.class.getName());

    private transient volatile Run<?, ?> run;

    /** Whether the build already had this action when it was loaded from disk. */
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

    /** Records the start of a wait and returns the wait's entry. */
    public static WaitEntry begin(Run<?, ?> run, JobId job, String account) {
        WaitEntry entry = entry(run, job, account);
        entry.begin(account);
        return entry;
    }

    /**
     * Returns the stored entry of a wait that began before a restart.
     *
     * @param account the name of the account, or null if it is unknown
     */
    public static WaitEntry entry(Run<?, ?> run, JobId job, @CheckForNull String account) {
        BuildJobs jobs = of(run).jobs();
        return new WaitEntry(
                jobs,
                jobs.slot(job, account),
                EndedBuilds.saver(),
                AmsRuntime.get().clock());
    }

    /** Updates a job's record after the wait for the job has ended. The build may also have ended. */
    public static void change(
            Run<?, ?> run, JobId job, @CheckForNull String account, UnaryOperator<WaitRecord> change) {
        BuildJobs jobs = of(run).jobs();
        if (jobs.change(jobs.slot(job, account), change)) {
            EndedBuilds.saver().saveSoon(jobs);
        }
    }

    /** Returns the job as of its last poll, or null if the build has no record of the job. */
    @CheckForNull
    public static AmsJobResult result(Run<?, ?> run, String job, @CheckForNull String account) {
        AmsJobsAction action = run.getAction(AmsJobsAction.class);
        if (action == null) {
            return null;
        }
        return action.jobs()
                .find(new JobId(job), account)
                .map(slot -> slot.record().getJob())
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

    /** Returns this page's REST API. */
    public Api getApi() {
        return new Api(this);
    }

    /** Returns the jobs in the order in which the build first waited for them. */
    public List<WaitRecord> getJobs() {
        return jobs().records();
    }

    /** Returns the build's jobs with links to their web pages, for the REST API. */
    @Exported(name = "jobs", visibility = 2)
    public List<LinkedJob> getLinkedJobs() {
        return getJobs().stream().map(LinkedJob::new).toList();
    }

    /** Returns whether the build is still running. If so, the jobs can still change. */
    @Exported
    public boolean isBuilding() {
        return run.isBuilding();
    }

    /**
     * Returns one page of jobs.
     *
     * @param state the state to filter the jobs by, or null for all jobs
     * @param page the page number, starting at 1, or null for the first page
     */
    public JobList list(@CheckForNull String state, @CheckForNull String page) {
        JobList list = JobList.page(jobs(), run.isBuilding(), now(), state, page);
        offerCancellation(list.getViews());
        return list;
    }

    /** Returns the jobs for the summary on the build page. */
    public JobList getSummary() {
        JobList summary = JobList.summary(jobs(), run.isBuilding(), now());
        offerCancellation(summary.getViews());
        return summary;
    }

    /** Returns the job for the URL {@code job/<guid>/} below this page, or null if there is no such job. */
    @StaplerDispatchable // Stapler requires this because JobView has no web methods
    @CheckForNull
    public JobView getJob(String guid) {
        Optional<JobView> job = jobs().slots().stream()
                .filter(slot -> slot.record().getGuid().equals(guid))
                .findFirst()
                .map(slot -> new JobView(slot.record(), slot.index(), run.isBuilding(), now()));
        offerCancellation(job.stream().toList());
        return job.orElse(null);
    }

    /**
     * Handles requests to the URL {@code cancel} below this page: cancels a job that the build is waiting for. The
     * build keeps waiting. Has no effect if the build is not waiting for the job, or if a cancellation has already been
     * requested.
     *
     * @param job the ID that identifies the job on this page
     */
    @POST
    public HttpResponse doCancel(@QueryParameter RawParameter job) {
        run.checkPermission(Item.CANCEL);
        if (getJob(job.orEmpty()) == null) {
            return HttpResponses.notFound();
        }
        String user = userName();
        RunningWaits.get().of(run).stream()
                .filter(wait -> wait.record().getGuid().equals(job.text()))
                .forEach(wait -> wait.cancelJob(user));
        return HttpResponses.forwardToPreviousPage();
    }

    /**
     * Returns the changes since a revision, for the URL {@code changes/<since>/api/json} below this page, or null if
     * {@code since} is invalid.
     */
    @StaplerDispatchable
    @CheckForNull
    public JobChanges getChanges(String since) {
        return JobChanges.of(jobs(), run.isBuilding(), now(), since);
    }

    /** Saves the jobs of a build that has ended. Jobs that were never loaded from the file have not changed. */
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

    /** Shows the button that cancels a job for each job with a wait in progress, if the user may cancel the build. */
    private void offerCancellation(List<JobView> views) {
        if (run.isBuilding() && run.hasPermission(Item.CANCEL)) {
            Set<Integer> running =
                    RunningWaits.get().of(run).stream().map(RunningWait::index).collect(Collectors.toSet());
            views.stream().filter(view -> running.contains(view.getIndex())).forEach(JobView::offerCancellation);
        }
    }

    /**
     * Returns the current user's full name and ID. The name alone is not sufficient, because users can choose it
     * freely.
     */
    private static String userName() {
        String id = Jenkins.getAuthentication2().getName();
        User user = User.current();
        return user == null || user.getFullName().equals(id) ? id : user.getFullName() + " (" + id + ')';
    }

    private static Instant now() {
        return AmsRuntime.get().clock().instant();
    }

    /**
     * Saves the build after this action, which marks it as a build with AMS jobs, has been added to it. Does nothing if
     * the build has been deleted, because a deleted build must not be written to disk again.
     */
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
