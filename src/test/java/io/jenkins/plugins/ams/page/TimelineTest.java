/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.page;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.result.WaitRecord;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.MediaTask;
import io.jenkins.plugins.ams.testing.Language;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;

public class TimelineTest {

    private static final Instant START = Instant.parse("2020-04-15T18:45:00Z");

    @Rule
    public final Language language = Language.english();

    @Test
    public void drawsThePhasesOfATaskOneAfterTheOther() {
        Timeline timeline = ended(100, task("Encode", JobState.FINISHED, 20, 25, 100));
        Timeline.Row row = row(timeline);
        assertEquals("Encode", row.getTask().getName());
        assertEquals(
                List.of(
                        new Timeline.Segment(Timeline.Phase.QUEUED, "0.00%", "20.00%", "Queued 20 s"),
                        new Timeline.Segment(Timeline.Phase.SCHEDULED, "20.00%", "5.00%", "Scheduled 5 s"),
                        new Timeline.Segment(Timeline.Phase.PROCESSING, "25.00%", "75.00%", "Processing 1 min 15 s")),
                row.getSegments());
        assertEquals("20 s", row.getQueued());
        assertEquals("5 s", row.getScheduled());
        assertEquals("1 min 15 s", row.getProcessing());
        assertEquals("Queued 20 s, Scheduled 5 s, Processing 1 min 15 s", row.getText());
    }

    @Test
    public void drawsRunningPhasesUpToNow() {
        Timeline timeline = running(50, task("Encode", JobState.PROCESSING, 10, 20, -1), waiting("Index"));
        assertEquals("30 s", timeline.getRows().get(0).getProcessing());
        assertEquals("50 s", timeline.getRows().get(1).getQueued());
        assertNull(timeline.getRows().get(1).getProcessing());
    }

    @Test
    public void drawsTheJobWithoutTasks() {
        WaitRecord job = polled(job(JobState.QUEUED, -1, -1), List.of(), at(10));
        job = Samples.polled(job, job(JobState.SCHEDULED, -1, -1), List.of(), at(30));
        job = Samples.polled(job, job(JobState.SCHEDULED, -1, -1), List.of(), at(35));
        Timeline.Row row = row(Timeline.of(job, at(40)));
        assertNull(row.getTask());
        assertEquals("30 s", row.getQueued());
        assertEquals("10 s", row.getScheduled());
    }

    @Test
    public void aTaskThatNeverRanWasQueuedUntilTheEnd() {
        Timeline timeline = ended(60, task("Encode", JobState.ERROR, 5, 10, 60), neverStarted("Index"));
        assertEquals("1 min", timeline.getRows().get(1).getQueued());
        assertEquals(1, timeline.getRows().get(1).getSegments().size());
    }

    @Test
    public void aTaskWithoutHistoryWasQueuedUntilItStarted() {
        Timeline.Row row = row(ended(60, task("Encode", JobState.FINISHED, -1, 10, 60)));
        assertEquals("10 s", row.getQueued());
        assertNull(row.getScheduled());
    }

    @Test
    public void ignoresContradictoryTimes() {
        for (MediaTask task : List.of(
                task("scheduled after its start", JobState.FINISHED, 50, 10, 60),
                task("ended before its start", JobState.FINISHED, 5, 50, 10),
                task("began before the job was created", JobState.FINISHED, -90, -100, 60),
                task("ended after the job", JobState.FINISHED, 5, 10, 600))) {
            for (Timeline.Segment segment : row(ended(60, task)).getSegments()) {
                double left = number(segment.left());
                double right = left + number(segment.width());
                assertTrue(task.name() + ": " + segment, left >= 0 && right <= 100.001 && number(segment.width()) > 0);
            }
        }
    }

    @Test
    public void ignoresImplausibleTimes() {
        MediaJob job = new MediaJob(
                Samples.ID,
                "Encoding",
                JobState.PROCESSING,
                "2",
                START,
                Instant.MAX,
                Instant.MAX,
                Duration.ofMillis(Long.MAX_VALUE),
                null);
        MediaTask task = new MediaTask(
                "", "Encode", JobState.PROCESSING, 1, Instant.MIN, Instant.MAX, Instant.MAX, Duration.ZERO, List.of());
        Timeline timeline = Timeline.of(polled(job, List.of(task), at(5)), at(10));
        assertEquals("10 s", row(timeline).getQueued());
    }

    @Test
    public void showsShortPhasesAtTheEnd() {
        Timeline.Row row = row(ended(100_000, task("Encode", JobState.FINISHED, 99_998, 99_999, 100_000)));
        assertEquals(3, row.getSegments().size());
        row.getSegments().forEach(segment -> {
            assertTrue(segment.toString(), number(segment.width()) >= 0.4);
            assertTrue(segment.toString(), number(segment.left()) + number(segment.width()) <= 100.001);
        });
    }

    @Test
    public void ticksAreRoundAndFew() {
        assertTicks(0, "0 s");
        assertTicks(3, "0 s", "1 s", "2 s", "3 s");
        assertTicks(22, "0 s", "5 s", "10 s", "15 s", "20 s");
        assertTicks(372, "0 s", "2 min", "4 min", "6 min");
        assertTicks(4 * 3600, "0 s", "1 h", "2 h", "3 h", "4 h");
        assertTicks(6 * 86_400, "0 s", "48 h", "96 h", "144 h");
        assertTrue(ended(50L * 365 * 86_400).getTicks().size() <= 7);
    }

    @Test
    public void theLastTickIsInsideTheChart() {
        List<Timeline.Tick> ticks = ended(20).getTicks();
        assertEquals("start", ticks.get(0).anchor());
        assertEquals("middle", ticks.get(1).anchor());
        assertEquals(new Timeline.Tick("100.00%", "end", "20 s"), ticks.get(ticks.size() - 1));
    }

    @Test
    public void isEmptyWithoutACreationTime() {
        MediaJob job = new MediaJob(Samples.ID, "", JobState.QUEUED, "0", null, null, null, Duration.ZERO, null);
        Timeline timeline = Timeline.of(polled(job, List.of(), START), at(10));
        assertEquals(List.of(), timeline.getRows());
        assertEquals(List.of(), timeline.getTicks());
        assertEquals(
                List.of(),
                Timeline.of(WaitRecord.waiting(Samples.ID, null), null).getRows());
    }

    private static WaitRecord polled(MediaJob job, List<MediaTask> tasks, Instant now) {
        return Samples.polled(WaitRecord.waiting(Samples.ID, null), job, tasks, now);
    }

    private static void assertTicks(long seconds, String... texts) {
        assertEquals(
                List.of(texts),
                ended(seconds).getTicks().stream().map(Timeline.Tick::text).toList());
    }

    private static Timeline ended(long end, MediaTask... tasks) {
        MediaJob job = job(JobState.FINISHED, 0, end);
        return Timeline.of(polled(job, List.of(tasks), at(end + 5)), at(end + 1000));
    }

    private static Timeline running(long now, MediaTask... tasks) {
        MediaJob job = job(JobState.PROCESSING, 0, -1);
        return Timeline.of(polled(job, List.of(tasks), at(now - 5)), at(now));
    }

    private static MediaJob job(JobState state, long start, long end) {
        return new MediaJob(
                Samples.ID, "Encoding", state, state.label(), START, time(start), time(end), Duration.ZERO, null);
    }

    private static MediaTask task(String name, JobState state, long scheduled, long start, long end) {
        return new MediaTask(
                "", name, state, 0, time(scheduled), START.plusSeconds(start), time(end), Duration.ZERO, List.of());
    }

    private static MediaTask waiting(String name) {
        return new MediaTask("", name, JobState.QUEUED, 0, null, null, null, Duration.ZERO, List.of());
    }

    private static MediaTask neverStarted(String name) {
        return new MediaTask("", name, JobState.CANCELED, 0, null, null, null, Duration.ZERO, List.of());
    }

    private static Timeline.Row row(Timeline timeline) {
        assertEquals(1, timeline.getRows().size());
        return timeline.getRows().get(0);
    }

    private static Instant at(long seconds) {
        return START.plusSeconds(seconds);
    }

    private static Instant time(long seconds) {
        return seconds < 0 ? null : at(seconds);
    }

    private static double number(String percent) {
        return Double.parseDouble(percent.replace("%", ""));
    }
}
