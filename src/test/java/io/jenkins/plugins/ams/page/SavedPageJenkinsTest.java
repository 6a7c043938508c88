/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.page;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.lessThan;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotSame;

import hudson.XmlFile;
import hudson.model.Result;
import hudson.model.Saveable;
import hudson.model.listeners.SaveableListener;
import io.jenkins.plugins.ams.result.WaitRecord;
import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.emulator.JobScript;
import io.jenkins.plugins.ams.emulator.RequestKind;
import io.jenkins.plugins.ams.emulator.StateNumbers;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.testing.AmsJenkinsRule;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.regex.Pattern;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.Rule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.JenkinsSessionRule;
import org.jvnet.hudson.test.LoggerRule;
import org.jvnet.hudson.test.TestExtension;

/** When the page of AMS jobs is saved, and what is left of it when Jenkins is started again. */
public class SavedPageJenkinsTest {

    private static final String PROJECT = "encode";

    @Rule
    public final AmsJenkinsRule ams = new AmsJenkinsRule();

    @Rule
    public final JenkinsSessionRule sessions = new JenkinsSessionRule();

    @Rule
    public final LoggerRule warnings = new LoggerRule()
            .record("jenkins.security.ClassFilterImpl", Level.WARNING)
            .record(PageSaver.class, Level.WARNING)
            .capture(100);

    @Test
    public void anEndedBuildKeepsItsPage() throws Throwable {
        EmulatedJob job = ams.emulator()
                .addJob(JobScript.named("Encoding")
                        .task("Encode", Duration.ofHours(1))
                        .outputAsset("encoded"));
        job.fail("ErrorParsingConfiguration", "no such preset");
        sessions.then(jenkins -> {
            WorkflowRun run = start(jenkins, "waitForAmsJob '" + job.id() + "'");
            jenkins.assertBuildStatus(Result.FAILURE, jenkins.waitForCompletion(run));
        });
        sessions.then(jenkins -> {
            WaitRecord kept = only(run(jenkins));
            assertEquals(job.id(), kept.getId());
            assertEquals("Encoding", kept.getName());
            assertEquals("Error", kept.getState());
            assertEquals("ENDED", kept.getWaitStatus());
            assertEquals("Encode", kept.getTasks().get(0).getName());
            assertEquals("no such preset", kept.getErrors().get(0).getMessage());
            assertEquals("encoded", kept.getOutputAssets().get(0).getName());
            try (JenkinsRule.WebClient client = jenkins.createWebClient()) {
                assertThat(
                        client.getPage(run(jenkins), "ams-jobs/")
                                .querySelector(".ams-jobs")
                                .getTextContent(),
                        containsString("no such preset"));
            }
        });
        assertEquals(List.of(), warnings.getMessages());
    }

    @Test
    public void aResumedWaitUpdatesItsEntry() throws Throwable {
        EmulatedJob job = ams.addRunningJob("Encoding");
        sessions.then(jenkins -> {
            WorkflowRun run = start(jenkins, "waitForAmsJob jobId: '" + job.id() + "', pollInterval: 2");
            await().until(() -> "Processing".equals(only(run).getState()));
        });
        sessions.then(jenkins -> {
            WorkflowRun run = run(jenkins);
            assertEquals("Encoding", only(run).getName());
            assertEquals("Processing", only(run).getState());
            assertEquals("media-test", only(run).getAccount());
            jenkins.waitForMessage("still waiting", run);
            job.finish();
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
            assertEquals("Finished", only(run).getState());
        });
        assertEquals(List.of(), warnings.getMessages());
    }

    @Test
    public void savesTheLastChangeOnShutdown() throws Throwable {
        EmulatedJob job = ams.emulator()
                .addJob(JobScript.named("Encoding").queued(Duration.ofHours(1)).task("Encode", Duration.ofHours(1)));
        sessions.then(jenkins -> {
            WorkflowRun run = start(jenkins, "waitForAmsJob jobId: '" + job.id() + "', pollInterval: 2");
            await().until(() -> "Queued".equals(only(run).getState()));
            job.setState(StateNumbers.of(JobState.SCHEDULED));
            await().until(() -> "Scheduled".equals(only(run).getState()));
        });
        sessions.then(jenkins -> assertEquals("Scheduled", only(run(jenkins)).getState()));
    }

    @Test
    public void savesOnStateChangesOnly() throws Throwable {
        EmulatedJob job = ams.addRunningJob("Encoding");
        sessions.then(jenkins -> {
            WorkflowRun run = start(jenkins, "waitForAmsJob jobId: '" + job.id() + "', pollInterval: 2");
            await().until(() -> "Processing".equals(only(run).getState()));
            await().until(() -> saved(run).contains("<stateNumber>2</stateNumber>"));

            int before = SaveCounter.COUNT.get();
            long looks = polls();
            job.setProgress(0, 60);
            await().until(() -> polls() >= looks + 3 && only(run).getProgress() == 60);
            assertEquals("progress alone is not saved", before, SaveCounter.COUNT.get());

            job.finish();
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
            assertThat(saved(run), containsString("<stateNumber>3</stateNumber>"));
        });
    }

    @Test
    public void savesManyWaitsTogether() throws Throwable {
        int jobs = 60;
        List<EmulatedJob> emulated = new ArrayList<>();
        List<String> waits = new ArrayList<>();
        for (int i = 0; i < jobs; i++) {
            emulated.add(ams.addRunningJob("Encoding " + i));
            waits.add("b%d: { waitForAmsJob jobId: '%s', pollInterval: 2 }"
                    .formatted(i, emulated.get(i).id()));
        }
        sessions.then(jenkins -> {
            WorkflowRun run = start(jenkins, "parallel " + String.join(", ", waits));
            await().atMost(Duration.ofMinutes(1)).until(() -> count(saved(run), "Encoding \\d+</name>") == jobs);
            await().atMost(Duration.ofMinutes(1)).until(() -> count(saved(run), "<stateNumber>2<") == 2 * jobs);
            int before = SaveCounter.COUNT.get();
            long begin = System.nanoTime();
            emulated.forEach(job -> job.setState(StateNumbers.of(JobState.CANCELING)));
            await().atMost(Duration.ofMinutes(1)).until(() -> count(saved(run), "<stateNumber>6<") >= jobs);
            long pauses = (System.nanoTime() - begin) / PageSaver.pause(jobs).toNanos();
            assertThat((long) SaveCounter.COUNT.get() - before, lessThan(pauses + 3));
            emulated.forEach(EmulatedJob::finish);
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
        });
    }

    @Test
    public void isLoadedWithTheBuild() throws Throwable {
        EmulatedJob job = ams.addFinishedJob("Encoding");
        sessions.then(jenkins -> {
            WorkflowRun run = start(jenkins, "waitForAmsJob '" + job.id() + "'");
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
            jenkins.jenkins.reload();
            WorkflowRun reloaded = run(jenkins);
            assertNotSame(run, reloaded);
            assertEquals("Finished", only(reloaded).getState());
            assertEquals(reloaded, reloaded.getAction(AmsJobsAction.class).getRun());
        });
    }

    private WorkflowRun start(JenkinsRule jenkins, String script) throws Exception {
        ams.configure();
        WorkflowJob project = jenkins.createProject(WorkflowJob.class, PROJECT);
        project.setDefinition(new CpsFlowDefinition(script, true));
        WorkflowRun run = project.scheduleBuild2(0).waitForStart();
        await().until(() -> run.getAction(AmsJobsAction.class) != null);
        return run;
    }

    private static WorkflowRun run(JenkinsRule jenkins) {
        return jenkins.jenkins.getItemByFullName(PROJECT, WorkflowJob.class).getBuildByNumber(1);
    }

    private static WaitRecord only(WorkflowRun run) {
        List<WaitRecord> jobs = run.getAction(AmsJobsAction.class).getJobs();
        assertEquals(1, jobs.size());
        return jobs.get(0);
    }

    private static String saved(WorkflowRun run) throws IOException {
        return Files.readString(run.getRootDir().toPath().resolve("build.xml"));
    }

    private static long count(String text, String pattern) {
        return Pattern.compile(pattern).matcher(text).results().count();
    }

    private long polls() {
        return ams.emulator().requests().count(RequestKind.JOBS);
    }

    /** Counts how often a build is written. */
    @TestExtension
    public static final class SaveCounter extends SaveableListener {

        static final AtomicInteger COUNT = new AtomicInteger();

        @Override
        public void onChange(Saveable saved, XmlFile file) {
            if (saved instanceof WorkflowRun) {
                COUNT.incrementAndGet();
            }
        }
    }
}
