/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.wait;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.ams.config.AmsGlobalConfiguration;
import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.emulator.Fault;
import io.jenkins.plugins.ams.emulator.JobScript;
import io.jenkins.plugins.ams.emulator.RequestKind;
import io.jenkins.plugins.ams.emulator.StateNumbers;
import io.jenkins.plugins.ams.freestyle.WaitForAmsJobBuilder;
import io.jenkins.plugins.ams.page.AmsJobsAction;
import io.jenkins.plugins.ams.result.CancelStatus;
import io.jenkins.plugins.ams.result.WaitRecord;
import io.jenkins.plugins.ams.result.WaitStatus;
import io.jenkins.plugins.ams.runtime.AmsRuntime;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.testing.AmsJenkinsRule;
import io.jenkins.plugins.ams.testing.CapturedLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.JenkinsSessionRule;

/** Cancellations that were not done when Jenkins was stopped or killed. */
public class CancellationRestartJenkinsTest {

    private static final String PROJECT = "encode";

    @Rule
    public final AmsJenkinsRule ams = new AmsJenkinsRule();

    @Rule
    public final JenkinsSessionRule sessions = new JenkinsSessionRule();

    private EmulatedJob job;

    @Before
    public void addJob() {
        job = ams.emulator()
                .addJob(JobScript.named("Encoding")
                        .task("Encode", Duration.ofHours(1))
                        .canceling(Duration.ofSeconds(1)));
    }

    @Test
    public void cancelsTheJobOfAnEndedBuild() throws Throwable {
        ams.emulator().faults().inject(Fault.status(503).on(RequestKind.CANCEL));
        sessions.then(this::abortFreestyleBuild);
        String stored = Files.readString(file());
        assertThat(stored, containsString(job.id()));
        assertThat(stored, containsString(PROJECT + "#1"));
        assertThat(stored, not(containsString(ams.emulator().clientSecret())));
        assertEquals(StateNumbers.of(JobState.PROCESSING), job.state());

        ams.emulator().faults().clear();
        sessions.then(jenkins -> {
            await().until(() -> job.state() != StateNumbers.of(JobState.PROCESSING));
            await().untilAsserted(() ->
                    assertEquals(CancelStatus.ACCEPTED, shown(jenkins).getCancelStatus()));
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() ->
                            assertEquals("Canceled", shown(jenkins).getJob().getState()));
            await().until(() -> !Files.exists(file()));
        });
        // the build had ended long before, so nothing else has saved it
        sessions.then(jenkins -> {
            assertEquals(CancelStatus.ACCEPTED, shown(jenkins).getCancelStatus());
            assertEquals("Canceled", shown(jenkins).getJob().getState());
            assertEquals(WaitStatus.ABORTED, shown(jenkins).getStatus());
            try (JenkinsRule.WebClient client = jenkins.createWebClient()) {
                assertThat(
                        client.getPage(run(jenkins), "ams-jobs/")
                                .querySelector(".ams-message")
                                .getTextContent(),
                        containsString("The job has since ended in state Canceled."));
            }
        });
    }

    /** A process that is killed at any moment from now on leaves the request on the disk. */
    @Test
    public void storesTheRequestBeforeSendingIt() throws Throwable {
        ams.emulator().faults().inject(Fault.hang().on(RequestKind.CANCEL).once());
        sessions.then(jenkins -> {
            FreeStyleBuild build = startFreestyleBuild(jenkins);
            build.doStop();
            await().until(() -> ams.emulator().requests().count(RequestKind.CANCEL) == 1);
            assertThat(Files.readString(file()), containsString(job.id()));
            jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(build));
            jenkins.assertLogContains("The service has not responded yet. The plugin keeps trying", build);
        });
        sessions.then(jenkins -> await().until(() -> job.state() != StateNumbers.of(JobState.PROCESSING)));
    }

    /** Jenkins interrupts freestyle builds while it goes down. */
    @Test
    public void cancelsTheJobOfABuildInterruptedByJenkins() throws Throwable {
        sessions.then(this::startFreestyleBuild);
        await().until(() -> Files.exists(file()));
        assertEquals(0, ams.emulator().requests().count(RequestKind.CANCEL));
        sessions.then(jenkins -> await().until(() -> job.state() != StateNumbers.of(JobState.PROCESSING)));
    }

    @Test
    public void cancelsTheJobOfAStepAbortedAgain() throws Throwable {
        ams.emulator().faults().inject(Fault.hang().on(RequestKind.CANCEL).once());
        sessions.then(jenkins -> {
            ams.configure();
            WorkflowJob project = jenkins.createProject(WorkflowJob.class, PROJECT);
            project.setDefinition(
                    new CpsFlowDefinition("waitForAmsJob jobId: '" + job.id() + "', cancelOnAbort: true", true));
            WorkflowRun run = project.scheduleBuild2(0).waitForStart();
            jenkins.waitForMessage("Processing", run);
            run.doStop();
            await().until(() -> ams.emulator().requests().count(RequestKind.CANCEL) == 1);
            run.doStop();
            jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(run));
        });
        assertThat(Files.readString(file()), containsString(job.id()));
        sessions.then(jenkins -> {
            await().until(() -> job.state() != StateNumbers.of(JobState.PROCESSING));
            await().untilAsserted(() ->
                    assertEquals(CancelStatus.ACCEPTED, shown(jenkins).getCancelStatus()));
        });
    }

    /** The step asks again, as does the stored request. */
    @Test
    public void reportsTheOutcomeOnce() throws Throwable {
        ams.emulator().faults().inject(Fault.hang().on(RequestKind.CANCEL).once());
        sessions.then(jenkins -> {
            ams.configure();
            WorkflowJob project = jenkins.createProject(WorkflowJob.class, PROJECT);
            project.setDefinition(
                    new CpsFlowDefinition("waitForAmsJob jobId: '" + job.id() + "', cancelOnAbort: true", true));
            WorkflowRun run = project.scheduleBuild2(0).waitForStart();
            jenkins.waitForMessage("Processing", run);
            run.doStop();
            await().until(() -> ams.emulator().requests().count(RequestKind.CANCEL) == 1);
            assertTrue(run.isBuilding());
        });
        sessions.then(jenkins -> {
            Run<?, ?> run = run(jenkins);
            jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion((WorkflowRun) run));
            assertEquals(CancelStatus.ACCEPTED, shown(jenkins).getCancelStatus());
            await().until(() -> !Files.exists(file()));
        });
    }

    @Test
    public void cancelsTheJobOfADeletedBuild() throws Throwable {
        ams.emulator().faults().inject(Fault.status(503).on(RequestKind.CANCEL));
        sessions.then(jenkins -> {
            abortFreestyleBuild(jenkins);
            run(jenkins).delete();
        });
        ams.emulator().faults().clear();
        sessions.then(jenkins -> {
            await().until(() -> job.state() != StateNumbers.of(JobState.PROCESSING));
            await().until(() -> !Files.exists(file()));
            assertEquals("is not brought back", null, run(jenkins));
        });
    }

    @Test
    public void logsTheJobOfADeletedProject() throws Throwable {
        ams.emulator().faults().inject(Fault.status(503).on(RequestKind.CANCEL));
        sessions.then(jenkins -> {
            abortFreestyleBuild(jenkins);
            run(jenkins).getParent().delete();
        });
        ams.emulator().faults().clear();
        ams.emulator().requests().clear();
        try (CapturedLog log = CapturedLog.start()) {
            sessions.then(jenkins -> await().until(() -> !Files.exists(file())));
            assertThat(log.text(), containsString("of build encode#1, requested at "));
            assertThat(log.text(), containsString("The build encode#1 and its project no longer exist"));
        }
        assertEquals(0, ams.emulator().requests().count(RequestKind.CANCEL));
    }

    @Test
    public void showsWhyTheJobCouldNotBeCanceled() throws Throwable {
        ams.emulator().faults().inject(Fault.status(503).on(RequestKind.CANCEL));
        sessions.then(jenkins -> {
            abortFreestyleBuild(jenkins);
            AmsGlobalConfiguration.get().setAccounts(List.of());
        });
        sessions.then(jenkins -> {
            await().untilAsserted(() ->
                    assertEquals(CancelStatus.FAILED, shown(jenkins).getCancelStatus()));
            assertThat(shown(jenkins).getCancelError(), containsString("Manage Jenkins"));
            await().until(() -> !Files.exists(file()));
        });
    }

    @Test
    public void keepsAndReportsAnUnreadableFile() throws Throwable {
        sessions.then(jenkins -> Files.writeString(file(), "<?xml version='1.1' encoding='UTF-8'?>\n<list><io.jen"));
        try (CapturedLog log = CapturedLog.start()) {
            sessions.then(jenkins -> await().untilAsserted(
                            () -> assertThat(log.text(), containsString("Could not read the pending cancellations"))));
        }
        assertThat(Files.readString(Path.of(file() + ".unreadable")), startsWith("<?xml"));
        sessions.then(jenkins -> {
            abortFreestyleBuild(jenkins);
            assertEquals(CancelStatus.ACCEPTED, shown(jenkins).getCancelStatus());
        });
    }

    private void abortFreestyleBuild(JenkinsRule jenkins) throws Exception {
        FreeStyleBuild build = startFreestyleBuild(jenkins);
        build.doStop();
        jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(build));
        assertEquals(0, AmsRuntime.get().poller().size());
    }

    private FreeStyleBuild startFreestyleBuild(JenkinsRule jenkins) throws Exception {
        ams.configure();
        WaitForAmsJobBuilder builder = new WaitForAmsJobBuilder(job.id());
        builder.setCancelOnAbort(true);
        FreeStyleProject project = jenkins.createFreeStyleProject(PROJECT);
        project.getBuildersList().add(builder);
        FreeStyleBuild build = project.scheduleBuild2(0).waitForStart();
        jenkins.waitForMessage("Processing", build);
        return build;
    }

    private Path file() {
        return sessions.getHome().toPath().resolve(CancellationFile.NAME);
    }

    private static Run<?, ?> run(JenkinsRule jenkins) {
        return jenkins.jenkins
                .getItemByFullName(PROJECT, hudson.model.Job.class)
                .getBuildByNumber(1);
    }

    private static WaitRecord shown(JenkinsRule jenkins) {
        return run(jenkins).getAction(AmsJobsAction.class).getJobs().get(0);
    }
}
