/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.page;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotSame;

import hudson.XmlFile;
import hudson.model.Result;
import hudson.model.Saveable;
import hudson.model.listeners.SaveableListener;
import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.emulator.JobScript;
import io.jenkins.plugins.ams.emulator.RequestKind;
import io.jenkins.plugins.ams.emulator.StateNumbers;
import io.jenkins.plugins.ams.result.AmsJobResult;
import io.jenkins.plugins.ams.result.WaitRecord;
import io.jenkins.plugins.ams.result.WaitStatus;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.testing.AmsJenkinsRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
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
            .record(JobSaver.class, Level.WARNING)
            .record(BuildJobs.class, Level.WARNING)
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
            WaitRecord record = only(run(jenkins));
            AmsJobResult kept = record.getJob();
            assertEquals(job.id(), kept.getId());
            assertEquals("Encoding", kept.getName());
            assertEquals("Error", kept.getState());
            assertEquals(WaitStatus.ERROR, record.getStatus());
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
            await().until(() -> "Processing".equals(only(run).getJob().getState()));
        });
        sessions.then(jenkins -> {
            WorkflowRun run = run(jenkins);
            assertEquals("Encoding", only(run).getJob().getName());
            assertEquals("Processing", only(run).getJob().getState());
            assertEquals("media-test", only(run).getJob().getAccount());
            jenkins.waitForMessage("still waiting", run);
            job.finish();
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
            assertEquals("Finished", only(run).getJob().getState());
        });
        assertEquals(List.of(), warnings.getMessages());
    }

    @Test
    public void savesTheLastChangeOnShutdown() throws Throwable {
        EmulatedJob job = ams.emulator()
                .addJob(JobScript.named("Encoding").queued(Duration.ofHours(1)).task("Encode", Duration.ofHours(1)));
        sessions.then(jenkins -> {
            WorkflowRun run = start(jenkins, "waitForAmsJob jobId: '" + job.id() + "', pollInterval: 2");
            await().until(() -> "Queued".equals(only(run).getJob().getState()));
            job.setState(StateNumbers.of(JobState.SCHEDULED));
            await().until(() -> "Scheduled".equals(only(run).getJob().getState()));
        });
        sessions.then(
                jenkins -> assertEquals("Scheduled", only(run(jenkins)).getJob().getState()));
    }

    /** Pipeline itself saves the whole build at each step. */
    @Test
    public void savesNoBuildForItsJobs() throws Throwable {
        EmulatedJob job = ams.addRunningJob("Encoding");
        sessions.then(jenkins -> {
            WorkflowRun run = start(jenkins, "waitForAmsJob jobId: '" + job.id() + "', pollInterval: 2");
            await().until(() -> "Processing".equals(only(run).getJob().getState()));
            await().until(() -> stored(run).contains("\"state\":\"Processing\""));

            int before = SaveCounter.COUNT.get();
            long bytes = Files.size(file(run));
            long polls = polls();
            job.setProgress(0, 5);
            await().until(() -> polls() >= polls + 3 && only(run).getJob().getProgress() == 5);
            assertEquals("progress alone is not stored", bytes, Files.size(file(run)));
            job.setState(StateNumbers.of(JobState.CANCELING));
            await().until(() -> stored(run).contains("\"state\":\"Canceling\""));
            assertEquals(before, SaveCounter.COUNT.get());

            job.finish();
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
            await().until(() -> stored(run).strip().lines().count() == 1);
            assertThat(stored(run), containsString("\"status\":\"FINISHED\""));
            String build = Files.readString(run.getRootDir().toPath().resolve("build.xml"));
            assertThat(build, containsString("<io.jenkins.plugins.ams.page.AmsJobsAction"));
            assertThat(build, not(containsString("Encoding")));
        });
    }

    @Test
    public void theFileIsDeletedWithTheBuild() throws Throwable {
        EmulatedJob job = ams.addFinishedJob("Encoding");
        sessions.then(jenkins -> {
            WorkflowRun run = start(jenkins, "waitForAmsJob '" + job.id() + "'");
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
            Path folder = run.getRootDir().toPath();
            await().until(() -> Files.exists(file(run)));
            run.delete();
            assertFalse(Files.exists(folder));
        });
    }

    @Test
    public void aMissingFileLeavesAnEmptyPage() throws Throwable {
        EmulatedJob job = ams.addFinishedJob("Encoding");
        sessions.then(jenkins -> {
            WorkflowRun run = start(jenkins, "waitForAmsJob '" + job.id() + "'");
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
            await().until(() -> Files.exists(file(run)));
        });
        sessions.then(jenkins -> {
            Files.delete(file(run(jenkins)));
            assertEquals(List.of(), run(jenkins).getAction(AmsJobsAction.class).getJobs());
            try (JenkinsRule.WebClient client = jenkins.createWebClient()) {
                client.getPage(run(jenkins));
                client.getPage(run(jenkins), "ams-jobs/");
            }
            assertEquals(1, warnings.getMessages().size());
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
            assertEquals("Finished", only(reloaded).getJob().getState());
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

    private static Path file(WorkflowRun run) {
        return run.getRootDir().toPath().resolve(JobFile.NAME);
    }

    private static String stored(WorkflowRun run) throws IOException {
        return Files.exists(file(run)) ? Files.readString(file(run)) : "";
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
