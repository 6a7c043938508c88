/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.page;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.console.ConsoleLog;
import io.jenkins.plugins.ams.polling.JobProgress;
import io.jenkins.plugins.ams.polling.WaitOutcome;
import io.jenkins.plugins.ams.result.WaitRecord;
import io.jenkins.plugins.ams.result.WaitStatus;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.testing.CapturedLog;
import io.jenkins.plugins.ams.testing.ManualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.UnaryOperator;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** When and how much of a build's jobs is written, and what is left after a crash or an error of the disk. */
public class JobSaverTest {

    private static final Instant NOW = Samples.STARTED.plusSeconds(60);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final CapturedLog log = CapturedLog.start();
    private final ManualTime time = new ManualTime();
    private final Queue<Runnable> disk = new ArrayDeque<>();
    private final JobSaver saver = new JobSaver(time, disk::add);
    private JobFile file;
    private BuildJobs jobs;

    @Before
    public void load() throws IOException {
        Path build = folder.newFolder("1").toPath();
        file = new JobFile(() -> build);
        jobs = BuildJobs.load(file, false, 0);
    }

    @After
    public void closeLog() {
        log.close();
    }

    @Test
    public void writesChangesOfASecondTogether() throws IOException {
        for (int i = 0; i < 5; i++) {
            entry("job/" + i).begin("media");
        }
        assertFalse(Files.exists(file.path()));
        advance(JobSaver.SAVE_DELAY);
        assertEquals(5, file.read().lines());
        advance(Duration.ofHours(1));
        assertEquals("nothing has changed", 5, file.read().lines());
    }

    @Test
    public void doesNotWriteProgressForItsOwnSake() throws IOException {
        poll("job/1", JobState.PROCESSING, 10);
        advance(JobSaver.SAVE_DELAY);
        for (int percent = 11; percent < 100; percent++) {
            poll("job/1", JobState.PROCESSING, percent);
            advance(JobSaver.SAVE_DELAY);
        }
        assertEquals(1, file.read().lines());
        assertEquals(99, jobs.records().get(0).getJob().getProgress(), 0);
    }

    @Test
    public void whatTheConsoleIsGoingToShowIsWrittenAtOnce() throws IOException {
        WaitEntry entry = entry("job/1");
        entry.begin("media");
        entry.onShown(new ConsoleLog.Shown("Queued", 0, List.of(), 1, false));
        BuildJobs afterCrash = BuildJobs.load(file, true, 0);
        assertEquals("Queued", afterCrash.records().get(0).shown().stateText());
        advance(JobSaver.SAVE_DELAY);
        assertEquals("once", 1, file.read().lines());
    }

    /** The page may get the outcome of a cancellation, or the last line of the console, after the end of the build. */
    @Test
    public void aChangeAfterTheEndOfTheBuildAddsNoLine() throws IOException {
        WaitEntry entry = entry("job/1");
        entry.begin("media");
        saver.saveEnded(jobs);
        advance(JobSaver.SAVE_DELAY);
        assertEquals(1, file.read().lines());

        entry.onEnded(Samples.ended(JobState.FINISHED));
        advance(JobSaver.SAVE_DELAY);
        assertEquals(1, file.read().lines());
        assertEquals(WaitStatus.FINISHED, file.read().records().get(0).getStatus());
    }

    @Test
    public void retriesUntilTheDiskWorksAndLogsOnce() throws IOException {
        Files.createDirectory(file.path());
        WaitEntry entry = entry("job/1");
        entry.begin("media");
        advance(Duration.ofMinutes(3));
        entry.onEnded(Samples.ended(JobState.FINISHED));
        advance(Duration.ofMinutes(3));
        assertEquals("a wait goes on", WaitStatus.FINISHED, entry.record().getStatus());
        assertThat(warnings(), hasSize(1));
        Files.delete(file.path());
        advance(JobSaver.RETRY_DELAY.plus(JobSaver.SAVE_DELAY));
        assertEquals(WaitStatus.FINISHED, file.read().records().get(0).getStatus());
        assertEquals(0, time.scheduledTasks());
    }

    @Test
    public void writesTheRestOnShutdown() throws IOException {
        entry("job/1").begin("media");
        saver.saveAll();
        assertEquals(1, file.read().lines());
        Path kept = file.path().resolveSibling("kept");
        Files.move(file.path(), kept);
        Files.createDirectory(file.path());
        entry("job/2").begin("media");
        advance(JobSaver.SAVE_DELAY);
        Files.delete(file.path());
        saver.saveAll();
        assertEquals("what failed before, too", 1, file.read().lines());
    }

    @Test
    public void theFileOfALongBuildStaysSmall() throws IOException {
        for (int i = 0; i < 20_000; i++) {
            poll("job/" + i % 10, i % 20 < 10 ? JobState.QUEUED : JobState.PROCESSING, 0);
            saver.saveNow(jobs);
        }
        assertThat(file.read().lines(), lessThan(1100));
        saver.saveEnded(jobs);
        runDisk();
        assertEquals(10, file.read().lines());
        assertEquals(10, file.read().records().size());
    }

    @Test
    public void keepsLinesThatCouldNotBeRead() throws IOException {
        Files.writeString(file.path(), "{\"of a later version\n\n");
        file.append(List.of(WaitRecord.waiting(new JobId("job/1"), "media")));
        jobs = BuildJobs.load(file, true, 0);
        assertThat(warnings().toString(), containsString("1 of 2 lines"));
        entry("job/1").aborted();
        saver.saveEnded(jobs);
        runDisk();
        assertThat(Files.readString(file.path()), containsString("of a later version"));
        assertEquals(WaitStatus.ABORTED, file.read().records().get(0).getStatus());
    }

    @Test
    public void findsJobsByTheirIdAndAccount() throws IOException {
        JobId id = new JobId("transform/job");
        entry(id.value()).begin("media");
        new WaitEntry(jobs, jobs.slot(id, "archive"), saver, time.clock()).begin("archive");
        jobs.save();
        for (BuildJobs each : List.of(jobs, BuildJobs.load(file, true, 0))) {
            assertEquals(0, each.find(id, "media").orElseThrow().index());
            assertEquals(1, each.find(id, "archive").orElseThrow().index());
            assertEquals("of any account", 0, each.find(id, null).orElseThrow().index());
            assertTrue(each.find(id, "third").isEmpty());
            assertTrue(each.find(new JobId("transform/other"), "media").isEmpty());
        }
    }

    @Test
    public void logsAMissingFileOfABuildThatHadJobs() {
        assertThat(warnings(), empty());
        assertThat(BuildJobs.load(file, true, 0).records(), empty());
        assertThat(warnings(), hasSize(1));
    }

    @Test
    public void doesNotBringADeletedBuildBack() throws IOException {
        entry("job/1").begin("media");
        Files.delete(file.path().getParent());
        advance(Duration.ofMinutes(5));
        saver.saveEnded(jobs);
        runDisk();
        assertFalse(Files.exists(file.path().getParent()));
        assertThat(warnings(), empty());
    }

    @Test
    public void anAbortedWaitIgnoresAPollInFlight() {
        WaitEntry entry = entry("job/1");
        entry.aborted();
        entry.onPolled(Samples.job(JobState.PROCESSING), List.of(), progress(JobState.PROCESSING));
        entry.onEnded(new WaitOutcome.TimedOut(null));
        assertEquals(WaitStatus.ABORTED, entry.record().getStatus());
    }

    @Test
    public void waitsForTheSameJobShareItsPlace() {
        entry("job/1").begin("media");
        entry("job/1").begin("media");
        new WaitEntry(jobs, jobs.slot(new JobId("job/1"), "other"), saver, time.clock()).begin("other");
        assertThat(jobs.records(), hasSize(2));
        assertThat(jobs.records().get(0).getGuid(), not(jobs.records().get(1).getGuid()));
        jobs.slot(Samples.ID, "media");
        jobs.slot(Samples.ID, "other");
        assertThat("IDs of AMS v2 are unique", jobs.records(), hasSize(3));
    }

    @Test
    public void sendsOnlyWhatHasChangedSinceARevision() {
        for (int i = 0; i < 3; i++) {
            entry("job/" + i).begin("media");
        }
        long before = jobs.revision();
        entry("job/1").aborted();
        entry("job/2").aborted();
        assertEquals(List.of("job/1"), changes(before + "-0,1"));
        assertEquals(List.of("job/1", "job/2"), changes(before + "-1,2,77"));
        assertEquals(List.of(), changes(jobs.revision() + "-0,1,2"));
        assertEquals(List.of(), changes(before + "-"));
        for (String invalid :
                List.of("", "-", "x", "1-x", "1-1,", "1", "1--1", "99999999999999999999-1", "1-9999999999")) {
            assertEquals(invalid, null, JobChanges.of(jobs, true, NOW, invalid));
        }
        assertTrue(
                "a page from before a restart",
                BuildJobs.load(file, false, 1_900_000_000_000L).revision() > before);
    }

    private List<String> warnings() {
        List<String> warnings = new ArrayList<>(log.messagesOf(JobSaver.class));
        warnings.addAll(log.messagesOf(BuildJobs.class));
        return warnings;
    }

    private List<String> changes(String since) {
        return JobChanges.of(jobs, true, NOW, since).getJobs().stream()
                .map(record -> record.getJob().getId())
                .toList();
    }

    private WaitEntry entry(String job) {
        return new WaitEntry(jobs, jobs.slot(new JobId(job), "media"), saver, time.clock());
    }

    private void poll(String job, JobState state, double percent) {
        UnaryOperator<WaitRecord> polled = before ->
                Samples.polled(before, Samples.job(state), List.of(Samples.task("Encode", state, percent)), NOW);
        if (jobs.change(jobs.slot(new JobId(job), "media"), polled)) {
            saver.saveSoon(jobs);
        }
    }

    private static io.jenkins.plugins.ams.polling.JobProgress progress(JobState state) {
        return JobProgress.of(Samples.job(state), List.of(), NOW);
    }

    private void advance(Duration by) {
        time.advance(by, this::runDisk);
    }

    private void runDisk() {
        while (!disk.isEmpty()) {
            disk.remove().run();
        }
    }
}
