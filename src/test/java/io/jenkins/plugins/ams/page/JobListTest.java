/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.page;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.result.WaitRecord;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.testing.Language;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Which of 1,200 jobs a page shows. */
public class JobListTest {

    private static final Instant NOW = Samples.STARTED.plusSeconds(60);

    @Rule
    public final Language language = Language.english();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private BuildJobs jobs;

    /** 1,000 jobs have finished, 150 are processed, 40 failed and 10 were never polled. */
    @Before
    public void addJobs() {
        jobs = BuildJobs.load(new JobFile(() -> folder.getRoot().toPath()), false, 0);
        for (int i = 0; i < 1200; i++) {
            BuildJobs.Slot slot = jobs.slot(new JobId("job/" + i), "media");
            if (i < 1000) {
                jobs.change(slot, before -> before.ended(Samples.ended(JobState.FINISHED), NOW));
            } else if (i < 1150) {
                jobs.change(slot, before -> Samples.polled(before, Samples.job(JobState.PROCESSING), List.of(), NOW));
            } else if (i < 1190) {
                jobs.change(slot, before -> before.ended(Samples.ended(JobState.ERROR), NOW));
            }
        }
    }

    @Test
    public void showsFailedAndRunningJobsFirst() {
        JobList first = page(null, null);
        assertThat(first.getViews(), hasSize(JobList.PAGE_SIZE));
        assertEquals("Error", first.getViews().get(0).getState());
        assertEquals("Error", first.getViews().get(39).getState());
        assertEquals("Processing", first.getViews().get(40).getState());
        assertEquals(1150, first.getViews().get(0).getIndex());
        JobList summary = JobList.summary(jobs, true, NOW);
        assertThat(summary.getViews(), hasSize(JobList.SUMMARY_SIZE));
        assertTrue(summary.isPartial());
    }

    @Test
    public void opensAFewFailedJobs() {
        assertEquals(
                5, page(null, null).getViews().stream().filter(JobView::isOpen).count());
        assertEquals(
                0,
                page("Finished", null).getViews().stream()
                        .filter(JobView::isOpen)
                        .count());
    }

    @Test
    public void pagesThroughAllJobs() {
        JobList page = page(null, "1");
        assertEquals(24, page.getPages());
        assertNull(page.getPreviousLink());
        assertEquals("?page=2", page.getNextLink());
        assertEquals("1 of 24", page.getPosition());
        JobList last = page(null, "24");
        assertThat(last.getViews(), hasSize(50));
        assertNull(last.getNextLink());
        assertEquals("?page=23", last.getPreviousLink());
        long shown = IntStream.rangeClosed(1, 24)
                .mapToObj(number -> page(null, Integer.toString(number)))
                .flatMap(each -> each.getViews().stream())
                .map(JobView::getIndex)
                .distinct()
                .count();
        assertEquals(1200, shown);
    }

    @Test
    public void anInvalidPageIsTheNearestOne() {
        for (String text : new String[] {"", "0", "-1", "x", "1.5", "99999999999999999999", " 2", null}) {
            assertEquals(text, 1, page(null, text).getPage());
        }
        assertEquals(24, page(null, "25").getPage());
        assertEquals(24, page(null, "9999999").getPage());
    }

    @Test
    public void filtersByState() {
        JobList failed = page("Error", null);
        assertThat(failed.getViews(), hasSize(40));
        assertEquals(1, failed.getPages());
        assertThat(page("notPolled", null).getViews(), hasSize(10));
        assertEquals("?page=2&state=Processing", page("Processing", null).getNextLink());
        assertNull("shows all", page("<script>", null).getFilter());
        assertEquals(24, page("No such state", null).getPages());
    }

    @Test
    public void countsTheJobsInEachState() {
        assertEquals(
                "150 Processing, 1,000 Finished, 40 Error, 10 Not polled yet",
                page("Error", null).getCounts().stream()
                        .map(JobList.Count::text)
                        .collect(Collectors.joining(", ")));
        language.use(Locale.FRENCH);
        assertEquals("Suivant", page(null, null).getNextText());
        assertEquals("1 sur 24", page(null, null).getPosition());
    }

    @Test
    public void theLayoutChangesWithNewFailuresOnly() {
        String before = page(null, null).getLayout();
        jobs.change(
                jobs.slots().get(1000),
                running -> Samples.polled(
                        running,
                        Samples.job(JobState.PROCESSING),
                        List.of(Samples.task("Encode", JobState.PROCESSING, 50)),
                        NOW));
        jobs.change(jobs.slots().get(1001), running -> running.ended(Samples.ended(JobState.FINISHED), NOW));
        assertEquals(before, page(null, null).getLayout());
        jobs.change(jobs.slots().get(1002), WaitRecord::aborted);
        assertNotEquals(before, page(null, null).getLayout());
    }

    @Test
    public void allOfAFewJobsAreOpen() {
        BuildJobs few = BuildJobs.load(new JobFile(() -> folder.getRoot().toPath()), false, 0);
        few.slot(Samples.ID, "media");
        JobList list = JobList.page(few, true, NOW, null, null);
        assertTrue(list.getViews().get(0).isOpen());
        assertFalse(list.isPartial());
        assertEquals(1, list.getPages());
    }

    private JobList page(String state, String page) {
        return JobList.page(jobs, true, NOW, state, page);
    }
}
