/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.page;

import hudson.model.Api;
import hudson.model.Run;
import io.jenkins.plugins.ams.polling.JobProgress;
import io.jenkins.plugins.ams.polling.WaitOutcome;
import io.jenkins.plugins.ams.runtime.AmsRuntime;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.MediaTask;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import jenkins.model.RunAction2;
import jenkins.security.stapler.StaplerDispatchable;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/**
 * The AMS jobs that a build waits for, or waited for: a part of the build's page, a page of its own and a part of the
 * REST API. One for each build that has such a wait. Watchers change it while it is shown and saved.
 *
 * @since TODO
 */
@ExportedBean
@Restricted(NoExternalUse.class)
public final class AmsJobsAction implements RunAction2 {

    /** The build's own page shows so many; the rest is behind a link. */
    static final int MAX_SUMMARY_JOBS = 10;

    /** With more jobs than these, the page shows the heads alone of those that are well. */
    private static final int MAX_EXPANDED_JOBS = 5;

    /** In the order of the first wait for each. A list is never changed, but another one put in its place. */
    private volatile ArrayList<StoredJob> jobs = new ArrayList<>();

    private transient volatile Run<?, ?> run;

    /** The one of a build, which it is added to if need be. */
    public static AmsJobsAction of(Run<?, ?> run) {
        synchronized (run) {
            AmsJobsAction action = run.getAction(AmsJobsAction.class);
            if (action == null) {
                action = new AmsJobsAction();
                run.addAction(action);
            }
            return action;
        }
    }

    /**
     * A wait of a build begins or goes on.
     *
     * @param account null if it is not known, or the one that is known already
     */
    public static Entry enter(Run<?, ?> run, JobId job, String account) {
        Entry entry = of(run).new Entry(job, account);
        entry.change(seen -> seen == null ? StoredJob.waiting(job, account) : seen.waitingAgain(account));
        return entry;
    }

    /** Keeps what can be shown of data that was cut off, edited or written by another version. */
    private Object readResolve() {
        jobs = StoredJob.present(jobs, StoredJob.class);
        return this;
    }

    @Override
    public void onAttached(Run<?, ?> build) {
        run = build;
    }

    @Override
    public void onLoad(Run<?, ?> build) {
        run = build;
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

    /** The build. */
    public Run<?, ?> getRun() {
        return run;
    }

    /** The REST API of this page. */
    public Api getApi() {
        return new Api(this);
    }

    /** The jobs, in the order of the first wait for each. */
    @Exported(visibility = 2)
    public List<StoredJob> getJobs() {
        return List.copyOf(jobs);
    }

    /** Whether the build runs, so that what is shown may change. */
    @Exported
    public boolean isBuilding() {
        return run.isBuilding();
    }

    /** What the page shows of each job. */
    public List<JobView> getViews() {
        List<StoredJob> all = jobs;
        return views(all, all.size() <= MAX_EXPANDED_JOBS);
    }

    /** What the build's own page shows: all jobs if they are few; otherwise those first that somebody has to look at. */
    public List<JobView> getLines() {
        List<JobView> all = views(jobs, false);
        if (all.size() <= MAX_SUMMARY_JOBS) {
            return all;
        }
        return all.stream()
                .sorted(Comparator.comparing(JobView::urgency))
                .limit(MAX_SUMMARY_JOBS)
                .toList();
    }

    /** How many jobs there are in each state, in words, if the build's own page does not show them all; null if it does. */
    public String getCounts() {
        List<JobView> all = views(jobs, false);
        return all.size() <= MAX_SUMMARY_JOBS ? null : JobView.counts(all);
    }

    /** One job, for {@code job/<guid>/} below this page. */
    @StaplerDispatchable // Stapler does not take a type without web methods for a page on its own
    public JobView getJob(String guid) {
        return views(jobs, true).stream()
                .filter(view -> view.getGuid().equals(guid))
                .findFirst()
                .orElse(null);
    }

    private List<JobView> views(List<StoredJob> all, boolean open) {
        boolean building = run.isBuilding();
        Instant now = AmsRuntime.get().clock().instant();
        return all.stream().map(job -> new JobView(job, building, now, open)).toList();
    }

    /** Puts another picture of a job in place of the one there is, if there is one; says whether a state changed. */
    private synchronized boolean replace(String id, String account, UnaryOperator<StoredJob> change) {
        ArrayList<StoredJob> next = new ArrayList<>(jobs);
        int at = 0;
        while (at < next.size() && !next.get(at).is(id, account)) {
            at++;
        }
        StoredJob before = at < next.size() ? next.get(at) : null;
        StoredJob after = change.apply(before);
        if (before == null) {
            next.add(after);
        } else {
            next.set(at, after);
        }
        jobs = next;
        return before == null || !after.isInSameStatesAs(before);
    }

    /** Changes what is known of a job after its wait, even if the build has ended. */
    public void change(JobId job, String account, UnaryOperator<StoredJob> change) {
        saveIf(replace(
                job.value(),
                account,
                seen -> change.apply(
                        seen == null ? StoredJob.waiting(job, account).aborted() : seen)));
    }

    private void saveIf(boolean changed) {
        if (changed) {
            PageSaver.get().changed(run, jobs.size());
        }
    }

    /** What one wait of the build writes to. Two waits for the same job, one after the other or not, share its place. */
    public final class Entry implements JobPage {

        private final String id;
        private final String account;
        private final Clock clock = AmsRuntime.get().clock();

        /** Nothing is heard any more: a look may have been under way when the build was aborted. */
        private boolean closed;

        private Entry(JobId job, String account) {
            this.id = job.value();
            this.account = account;
        }

        @Override
        public void onPolled(MediaJob job, List<MediaTask> tasks, JobProgress progress) {
            change(seen -> seen.polled(job, tasks, progress, clock.instant()));
        }

        @Override
        public void onError(String text) {
            change(seen -> seen.failing(text, clock.instant()));
        }

        @Override
        public void onEnded(WaitOutcome outcome) {
            change(seen -> seen.ended(outcome, clock.instant()));
        }

        /** The build was aborted. */
        public void aborted() {
            change(seen -> {
                closed = true;
                return seen.aborted();
            });
        }

        private void change(UnaryOperator<StoredJob> change) {
            boolean changed;
            synchronized (AmsJobsAction.this) {
                changed = !closed && replace(id, account, change);
            }
            saveIf(changed);
        }
    }
}
