/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.page;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/**
 * One page of a build's jobs. Jobs that need attention come first, followed by running jobs. The number of jobs on a
 * page is limited.
 */
@Restricted(NoExternalUse.class)
public final class JobList {

    /** Maximum number of jobs on one <em>AMS jobs</em> page. */
    static final int PAGE_SIZE = 50;

    /** Maximum number of jobs in the summary on the build page. The summary links to the other jobs. */
    static final int SUMMARY_SIZE = 10;

    /** Maximum number of jobs whose details are initially expanded. */
    private static final int MAX_OPEN = 5;

    private final long revision;
    private final int size;
    private final String filter;
    private final List<Count> counts;
    private final int inNeed;
    private final int total;
    private final int matching;
    private final int page;
    private final List<JobView> views;

    private JobList(BuildJobs jobs, boolean building, Instant now, int size, String filter, int page) {
        this.revision = jobs.revision(); // before the records are read, so that concurrent changes are sent again
        this.size = size;
        List<JobView> all = jobs.slots().stream()
                .map(slot -> new JobView(slot.record(), slot.index(), building, now))
                .toList();
        this.total = all.size();
        this.counts = counts(all);
        this.inNeed = (int) all.stream().filter(JobView::isInNeed).count();
        this.filter = counts.stream().anyMatch(count -> count.state().equals(filter)) ? filter : null;
        List<JobView> matches = all.stream()
                .filter(view -> this.filter == null || view.getStateKey().equals(this.filter))
                .sorted(Comparator.comparing(JobView::urgency))
                .toList();
        this.matching = matches.size();
        this.page = Math.max(1, Math.min(page, getPages()));
        this.views = matches.stream().skip((this.page - 1L) * size).limit(size).toList();
    }

    /**
     * Returns one page of a build's jobs.
     *
     * @param filter the key of the state to filter the jobs by; null or an unknown key selects all jobs
     * @param page the page number, starting at 1; null or an invalid number selects the first page
     */
    static JobList page(
            BuildJobs jobs, boolean building, Instant now, @CheckForNull String filter, @CheckForNull String page) {
        JobList list = new JobList(jobs, building, now, PAGE_SIZE, filter, number(page));
        open(list.views, list.total);
        return list;
    }

    /** Returns the jobs for the summary on the build page. */
    static JobList summary(BuildJobs jobs, boolean building, Instant now) {
        return new JobList(jobs, building, now, SUMMARY_SIZE, null, 1);
    }

    /** The number of jobs in a state. */
    @ExportedBean(defaultVisibility = 2)
    public record Count(String state, String text) {

        /**
         * Returns the state's key, which is the service's name for the state. For jobs that have never been polled, the
         * plugin defines the key.
         */
        @Exported
        public String getState() {
            return state;
        }

        /** Returns the number of jobs and the state, in the user's language. */
        @Exported
        public String getText() {
            return text;
        }

        /** Returns the link to the jobs in this state, relative to the <em>AMS jobs</em> page. */
        public String getLink() {
            return link(state, 1);
        }
    }

    /** Returns the jobs on this page. */
    public List<JobView> getViews() {
        return views;
    }

    /** Returns the number of jobs in each state, including jobs on other pages. */
    public List<Count> getCounts() {
        return counts;
    }

    /** Returns whether the build has jobs that are not on this page. */
    public boolean isPartial() {
        return views.size() < total;
    }

    /** Returns the key of the state that the jobs are filtered by, or null if the jobs are not filtered. */
    @CheckForNull
    public String getFilter() {
        return filter;
    }

    /** Returns the page number, starting at 1. */
    public int getPage() {
        return page;
    }

    public int getPages() {
        return Math.max(1, (matching + size - 1) / size);
    }

    /** Returns the link to the previous page, or null on the first page. */
    @CheckForNull
    public String getPreviousLink() {
        return page > 1 ? link(filter, page - 1) : null;
    }

    /** Returns the link to the next page, or null on the last page. */
    @CheckForNull
    public String getNextLink() {
        return page < getPages() ? link(filter, page + 1) : null;
    }

    public String getPosition() {
        return Messages.JobList_position(page, getPages());
    }

    public String getAllText() {
        return Messages.JobList_all(total);
    }

    public String getPreviousText() {
        return Messages.JobList_previous();
    }

    public String getNextText() {
        return Messages.JobList_next();
    }

    /** Returns the revision of the build's jobs when this list was created. */
    public long getRevision() {
        return revision;
    }

    /**
     * Returns a string that changes when the entire list must be reloaded. It does not change with every job update.
     */
    public String getLayout() {
        String states = counts.stream().map(Count::state).collect(Collectors.joining(","));
        return total + "/" + inNeed + '/' + states;
    }

    static List<Count> counts(List<JobView> all) {
        Map<String, List<JobView>> byState = new LinkedHashMap<>();
        all.stream()
                .sorted(Comparator.comparing(JobView::stateOrder))
                .forEach(view -> byState.computeIfAbsent(view.getStateKey(), key -> new ArrayList<>())
                        .add(view));
        return byState.entrySet().stream()
                .map(entry -> new Count(
                        entry.getKey(),
                        Messages.JobView_count(
                                entry.getValue().size(), entry.getValue().get(0).getState())))
                .toList();
    }

    private static void open(List<JobView> views, int total) {
        if (total <= MAX_OPEN) {
            views.forEach(JobView::open);
        } else {
            views.stream().filter(JobView::isInNeed).limit(MAX_OPEN).forEach(JobView::open);
        }
    }

    private static String link(@CheckForNull String filter, int page) {
        String state = filter == null ? "" : "&state=" + URLEncoder.encode(filter, StandardCharsets.UTF_8);
        return "?page=" + page + state;
    }

    /** Returns a page number, or 1 if it is missing or invalid. */
    static int number(@CheckForNull String text) {
        return text != null && text.matches("[1-9]\\d{0,6}") ? Integer.parseInt(text) : 1;
    }
}
