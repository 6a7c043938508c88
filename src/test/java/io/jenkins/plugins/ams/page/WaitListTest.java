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

import io.jenkins.plugins.ams.result.CancelStatus;
import io.jenkins.plugins.ams.result.WaitRecord;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.testing.Language;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The order, the filters, and the pages of 1,250 waits. */
public class WaitListTest {

    private static final Instant NOW = Samples.CREATED.plusSeconds(100_000);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Rule
    public final Language language = Language.english();

    private BuildJobs jobs;
    private final List<RunningWait> waits = new ArrayList<>();

    /** Wait 0 began last. Every tenth wait is on another account, and the last hundred have not been polled. */
    @Before
    public void addWaits() {
        jobs = BuildJobs.load(new JobFile(() -> folder.getRoot().toPath()), false, 0);
        for (int i = 0; i < 1250; i++) {
            BuildJobs.Slot slot = jobs.slot(new JobId("job/" + i), i % 10 == 0 ? "archive" : "media");
            if (i < 1150) {
                JobState state = i % 2 == 0 ? JobState.PROCESSING : JobState.QUEUED;
                jobs.change(slot, before -> Samples.polled(before, Samples.job(state), List.of(), NOW));
            }
            WaitEntry entry = new WaitEntry(jobs, slot, null, null);
            waits.add(new RunningWait(i + 1, null, null, entry, null, NOW.minusSeconds(i), user -> {}));
        }
    }

    @Test
    public void showsTheOldestWaitsFirst() {
        WaitList list = page(null, null, null);
        assertThat(list.getRows(), hasSize(WaitList.PAGE_SIZE));
        assertEquals(1250, list.getRows().get(0).getNumber());
        assertEquals(1226, list.getRows().get(24).getNumber());
    }

    @Test
    public void showsFailingWaitsBeforeAllOthers() {
        change(3, before -> before.failing("The service is busy (503)", NOW));
        change(7, before -> before.failing("The service is busy (503)", NOW));
        change(5, before -> before.canceling(CancelStatus.FAILED, "no"));
        change(9, before -> before.canceling(CancelStatus.ACCEPTED, null));
        assertEquals(
                List.of(8L, 6L, 4L, 1250L),
                page(null, null, null).getRows().stream()
                        .map(WaitView::getNumber)
                        .limit(4)
                        .toList());
    }

    @Test
    public void pagesThroughAllWaits() {
        WaitList first = page(null, null, "1");
        assertEquals(50, first.getPages());
        assertNull(first.getPreviousLink());
        assertEquals("?page=2", first.getNextLink());
        assertEquals("1 of 50", first.getPosition());
        WaitList last = page(null, null, "50");
        assertThat(last.getRows(), hasSize(WaitList.PAGE_SIZE));
        assertNull(last.getNextLink());
        long shown = IntStream.rangeClosed(1, 50)
                .mapToObj(number -> page(null, null, Integer.toString(number)))
                .flatMap(each -> each.getRows().stream())
                .map(WaitView::getNumber)
                .distinct()
                .count();
        assertEquals(1250, shown);
        assertEquals("the nearest", "50 of 50", page(null, null, "51").getPosition());
        assertEquals("1 of 50", page(null, null, "<script>").getPosition());
    }

    @Test
    public void filtersByAccountAndState() {
        WaitList archive = page("archive", null, null);
        assertEquals(5, archive.getPages());
        assertEquals("?page=2&account=archive", archive.getNextLink());
        assertEquals("All accounts (1,250), 125 archive, 1,125 media", texts(archive.getAccounts()));
        assertEquals("All states (125), 115 Processing, 10 Not polled yet", texts(archive.getStates()));
        WaitList both = page("media", "Queued", "2");
        assertEquals("?page=1&account=media&state=Queued", both.getPreviousLink());
        assertEquals("All accounts (575), 575 media", texts(both.getAccounts()));
        assertTrue(both.getRows().stream()
                .allMatch(row -> row.getAccount().equals("media")
                        && row.getJob().getState().equals("Queued")));
        assertEquals("?page=1&account=media", both.getStates().get(0).getLink());
    }

    @Test
    public void aFilterWithoutMatchesIsKept() {
        WaitList none = page("account of another team", null, null);
        assertThat(none.getRows(), hasSize(0));
        assertTrue(none.isAny());
        assertEquals("All accounts (1,250), 125 archive, 1,125 media", texts(none.getAccounts()));
        assertEquals("?page=1", none.getAccounts().get(0).getLink());
        assertEquals("All states (0)", texts(none.getStates()));
        assertFalse(new WaitList(List.of(), WaitList.Selection.of("media", null, null)).isAny());
    }

    @Test
    public void oneAccountNeedsNoFilter() {
        List<WaitView> ofOne = views().stream()
                .filter(view -> view.getAccount().equals("media"))
                .toList();
        assertThat(new WaitList(ofOne, WaitList.Selection.of(null, null, null)).getAccounts(), hasSize(0));
    }

    @Test
    public void linksEncodeNames() {
        change(3, before -> WaitRecord.waiting(new JobId("job/3"), "a&b=c /\u00e9"));
        WaitList list = page(null, null, null);
        String link = list.getAccounts().stream()
                .filter(option -> option.getText().contains("a&b"))
                .findFirst()
                .orElseThrow()
                .getLink();
        assertEquals("?page=1&account=a%26b%3Dc+%2F%C3%A9", link);
    }

    @Test
    public void theTokenSelectsTheSamePage() {
        WaitList list = page("media", "Queued", "2");
        assertTrue(list.getRevision(), list.getRevision().matches("[A-Za-z0-9_-]+"));
        WaitList again = new WaitList(views(), WaitList.Selection.parse(list.getRevision()));
        assertEquals(list.getLayout(), again.getLayout());
        assertEquals(list.getRevision(), again.getRevision());
        WaitList all = new WaitList(
                views(), WaitList.Selection.parse(page(null, null, null).getRevision()));
        assertEquals(page(null, null, null).getLayout(), all.getLayout());
        for (String token : List.of("", "x", "****", "MQ", "\u00e9")) {
            assertNull(token, WaitList.Selection.parse(token));
        }
    }

    @Test
    public void theLayoutChangesWithTheRowsOnly() {
        String before = page(null, null, null).getLayout();
        change(
                1249,
                record -> Samples.polled(
                        record,
                        Samples.job(JobState.PROCESSING),
                        List.of(Samples.task("Encode", JobState.PROCESSING, 50)),
                        NOW));
        assertEquals("a row has progressed", before, page(null, null, null).getLayout());
        change(0, record -> record.failing("no", NOW));
        assertNotEquals("a row has come first", before, page(null, null, null).getLayout());
        change(0, record -> record.failing(null, NOW));
        assertEquals(before, page(null, null, null).getLayout());
        waits.remove(1249);
        assertNotEquals("a wait has ended", before, page(null, null, null).getLayout());
    }

    @Test
    public void isTranslated() {
        language.use(Locale.FRENCH);
        assertEquals("Suivant", page(null, null, null).getNextText());
        assertTrue(texts(page(null, null, null).getAccounts()).startsWith("Tous les comptes (1"));
    }

    private void change(int wait, UnaryOperator<WaitRecord> change) {
        jobs.change(jobs.slots().get(wait), change);
    }

    private List<WaitView> views() {
        return waits.stream().map(wait -> new WaitView(wait, NOW)).toList();
    }

    private WaitList page(String account, String state, String page) {
        return new WaitList(views(), WaitList.Selection.of(account, state, page));
    }

    private static String texts(List<WaitList.Option> options) {
        return options.stream().map(WaitList.Option::getText).collect(Collectors.joining(", "));
    }
}
