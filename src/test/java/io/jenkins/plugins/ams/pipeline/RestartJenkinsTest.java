/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.pipeline;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;

import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.model.Result;
import io.jenkins.plugins.ams.config.AmsAccount;
import io.jenkins.plugins.ams.config.AmsGlobalConfiguration;
import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.emulator.Fault;
import io.jenkins.plugins.ams.emulator.JobScript;
import io.jenkins.plugins.ams.emulator.RequestKind;
import io.jenkins.plugins.ams.emulator.StateNumbers;
import io.jenkins.plugins.ams.page.AmsJobsAction;
import io.jenkins.plugins.ams.polling.Heartbeats;
import io.jenkins.plugins.ams.runtime.AmsRuntime;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.testing.AmsJenkinsRule;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import jenkins.model.InterruptedBuildAction;
import org.apache.commons.io.IOUtils;
import org.awaitility.Awaitility;
import org.jenkinsci.plugins.workflow.actions.LabelAction;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.graphanalysis.DepthFirstScanner;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.junit.Rule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.JenkinsSessionRule;

/** Waits that Jenkins is stopped and started under. */
public class RestartJenkinsTest {

    private static final String PROJECT = "encode";

    @Rule
    public final AmsJenkinsRule ams = new AmsJenkinsRule();

    @Rule
    public final JenkinsSessionRule sessions = new JenkinsSessionRule();

    @Test
    public void resumesAndSeesTheEnd() throws Throwable {
        EmulatedJob job = ams.addRunningJob("Encoding");
        sessions.then(jenkins -> startAndAwait(jenkins, "waitForAmsJob '" + job.id() + "'", "Processing"));
        sessions.then(jenkins -> {
            jenkins.waitForMessage("Jenkins was restarted; still waiting for job " + job.id(), run(jenkins));
            Heartbeats.trigger(AmsRuntime.get().poller()); // does not take a resumed step for one that nobody waits for
            job.finish();
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run(jenkins)));
            assertEquals("said once: " + log(jenkins), 2, log(jenkins).split("'Encoding': Processing", -1).length);
        });
    }

    @Test
    public void seesAJobThatEndedDuringDowntime() throws Throwable {
        EmulatedJob job = ams.emulator()
                .addJob(JobScript.named("Encoding").queued(Duration.ofHours(1)).task("Encode", Duration.ofHours(1)));
        sessions.then(jenkins -> startAndAwait(jenkins, "waitForAmsJob '" + job.id() + "'", "Queued"));
        job.fail("ErrorProcessingTask", "it broke meanwhile");
        sessions.then(jenkins -> {
            jenkins.assertBuildStatus(Result.FAILURE, jenkins.waitForCompletion(run(jenkins)));
            jenkins.assertLogContains("ErrorProcessingTask: it broke meanwhile", run(jenkins));
        });
    }

    @Test
    public void survivesTwoRestarts() throws Throwable {
        EmulatedJob job = ams.addRunningJob("Encoding");
        sessions.then(jenkins -> startAndAwait(
                jenkins, "def done = waitForAmsJob '" + job.id() + "'; echo \"it is ${done.state}\"", "Processing"));
        sessions.then(jenkins -> {});
        sessions.then(jenkins -> {
            job.finish();
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run(jenkins)));
            jenkins.assertLogContains("it is Finished", run(jenkins));
        });
    }

    @Test
    public void pollsOnceAfterAPassedDeadline() throws Throwable {
        EmulatedJob job = ams.addRunningJob("Encoding");
        sessions.then(
                jenkins -> startAndAwait(jenkins, "waitForAmsJob jobId: '" + job.id() + "', timeout: 1", "Processing"));
        job.finish();
        sessions.then(jenkins -> jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run(jenkins))));
    }

    @Test
    public void canBeAborted() throws Throwable {
        EmulatedJob kept = ams.addRunningJob("kept");
        EmulatedJob cancelled = ams.addRunningJob("cancelled");
        sessions.then(jenkins -> startAndAwait(
                jenkins,
                "parallel a: { waitForAmsJob '%s' }, b: { waitForAmsJob jobId: '%s', cancelOnAbort: true }"
                        .formatted(kept.id(), cancelled.id()),
                "'kept': Processing",
                "'cancelled': Processing"));
        sessions.then(jenkins -> {
            WorkflowRun run = run(jenkins);
            jenkins.waitForMessage("still waiting for job " + kept.id(), run);
            jenkins.waitForMessage("still waiting for job " + cancelled.id(), run);
            run.doStop();
            jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(run));
            Awaitility.await().until(() -> cancelled.state() != StateNumbers.of(JobState.PROCESSING));
            assertEquals(StateNumbers.of(JobState.PROCESSING), kept.state());
            assertEquals(0, AmsRuntime.get().poller().size());
        });
    }

    @Test
    public void resumesTheCancellation() throws Throwable {
        EmulatedJob job = ams.addRunningJob("Encoding");
        sessions.then(jenkins -> abortWhileCancelHangs(jenkins, job));
        sessions.then(jenkins -> {
            jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(run(jenkins)));
            jenkins.assertLogContains("The service is canceling the job", run(jenkins));
            assertThat(log(jenkins), not(containsString("still waiting")));
            assertNotEquals(StateNumbers.of(JobState.PROCESSING), job.state());
            assertEquals(0, AmsRuntime.get().poller().size());
        });
    }

    @Test
    public void canBeAbortedAgain() throws Throwable {
        EmulatedJob job = ams.addRunningJob("Encoding");
        sessions.then(jenkins -> abortWhileCancelHangs(jenkins, job));
        ams.emulator().faults().inject(Fault.hang().on(RequestKind.CANCEL).once());
        sessions.then(jenkins -> {
            Awaitility.await().until(() -> ams.emulator().requests().count(RequestKind.CANCEL) == 2);
            run(jenkins).doStop();
            jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(run(jenkins)));
            assertThat(log(jenkins), not(containsString("The service has not responded yet")));
        });
    }

    private void abortWhileCancelHangs(JenkinsRule jenkins, EmulatedJob job) throws Exception {
        ams.emulator().faults().inject(Fault.hang().on(RequestKind.CANCEL).once());
        startAndAwait(jenkins, "waitForAmsJob jobId: '" + job.id() + "', cancelOnAbort: true", "Processing");
        run(jenkins).doStop();
        Awaitility.await().until(() -> ams.emulator().requests().count(RequestKind.CANCEL) == 1);
        assertTrue(run(jenkins).isBuilding());
    }

    /** A step is resumed by one thread and can be stopped by another meanwhile. */
    @Test
    public void doesNotResumeAnAbortedStep() throws Throwable {
        EmulatedJob job = ams.addRunningJob("Encoding");
        sessions.then(jenkins -> {
            startAndAwait(jenkins, "waitForAmsJob '" + job.id() + "'", "Processing");
            StepExecution step =
                    run(jenkins).getExecution().getCurrentExecutions(true).get().get(0);
            step.stop(new FlowInterruptedException(Result.ABORTED, true));
            step.onResume();
            jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(run(jenkins)));
            assertEquals(0, AmsRuntime.get().poller().size());
            assertThat(log(jenkins), not(containsString("still waiting")));
        });
    }

    @Test
    public void reportsMissingCredentialsAndRetries() throws Throwable {
        EmulatedJob job = ams.addRunningJob("Encoding");
        sessions.then(jenkins -> {
            startAndAwait(jenkins, "waitForAmsJob '" + job.id() + "'", "Processing");
            SystemCredentialsProvider.getInstance().getCredentials().clear();
            SystemCredentialsProvider.getInstance().save();
        });
        sessions.then(jenkins -> {
            jenkins.waitForMessage("There are no Microsoft Entra ID credentials with the ID 'ams-ci'", run(jenkins));
            jenkins.assertLogContains("retrying in", run(jenkins));
            assertThat(log(jenkins), not(containsString("\tat ")));
            job.finish();
            ams.addCredentials(AmsJenkinsRule.CREDENTIALS, ams.emulator().clientSecret());
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run(jenkins)));
        });
    }

    @Test
    public void reportsAMissingAccount() throws Throwable {
        EmulatedJob job = ams.addRunningJob("Encoding");
        sessions.then(jenkins -> {
            startAndAwait(jenkins, "waitForAmsJob '" + job.id() + "'", "Processing");
            AmsGlobalConfiguration.get().setAccounts(List.of());
        });
        sessions.then(jenkins -> {
            jenkins.waitForMessage("Manage Jenkins", run(jenkins));
            jenkins.assertLogContains("retrying in", run(jenkins));
            assertThat(log(jenkins), not(containsString("\tat ")));
            run(jenkins).doStop();
            jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(run(jenkins)));
        });
    }

    @Test
    public void resumesAfterAFailedPoll() throws Throwable {
        EmulatedJob job = ams.addRunningJob("Encoding");
        sessions.then(jenkins -> {
            startAndAwait(jenkins, "waitForAmsJob '" + job.id() + "'", "Processing");
            ams.emulator().faults().inject(Fault.status(503).on(RequestKind.JOBS));
            jenkins.waitForMessage("retrying in", run(jenkins));
        });
        sessions.then(jenkins -> {
            ams.emulator().faults().clear();
            job.finish();
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run(jenkins)));
            jenkins.assertLogContains("'Encoding': Finished", run(jenkins));
        });
    }

    @Test
    public void namesInvalidInXmlBreakNoBuild() throws Throwable {
        String hostile = "a\u0000b\u0085c\ufffed\uffff e";
        EmulatedJob job = ams.addRunningJob(hostile);
        EmulatedJob bad = ams.addRunningJob(hostile);
        sessions.then(jenkins -> startAndAwait(
                jenkins,
                "catchError { waitForAmsJob '%s' }; waitForAmsJob '%s'".formatted(failed(bad, hostile), job.id()),
                "Processing"));
        sessions.then(jenkins -> {
            assertEquals(
                    2, run(jenkins).getAction(AmsJobsAction.class).getJobs().size());
            job.fail(hostile, hostile);
            jenkins.assertBuildStatus(Result.FAILURE, jenkins.waitForCompletion(run(jenkins)));
        });
        sessions.then(jenkins -> {
            assertEquals(Result.FAILURE, run(jenkins).getResult());
            assertEquals(
                    2, run(jenkins).getAction(AmsJobsAction.class).getJobs().size());
            assertNotNull(run(jenkins).getAction(InterruptedBuildAction.class));
            List<String> labels = new DepthFirstScanner()
                    .allNodes(run(jenkins).getExecution()).stream()
                            .map(node -> node.getPersistentAction(LabelAction.class))
                            .filter(Objects::nonNull)
                            .map(LabelAction::getDisplayName)
                            .toList();
            assertEquals(List.of("a b c d e", "a b c d e"), labels);
        });
    }

    private static String failed(EmulatedJob job, String text) {
        job.fail(text, text);
        return job.id();
    }

    @Test
    public void findsARenamedDefaultAccount() throws Throwable {
        EmulatedJob job = ams.addRunningJob("Encoding");
        sessions.then(jenkins -> {
            startAndAwait(jenkins, "waitForAmsJob '" + job.id() + "'", "Processing");
            rename("renamed");
        });
        sessions.then(jenkins -> {
            job.finish();
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run(jenkins)));
        });
    }

    @Test
    public void keepsItsAccountWhenTheDefaultChanges() throws Throwable {
        EmulatedJob job = ams.addRunningJob("Encoding");
        sessions.then(jenkins -> {
            startAndAwait(jenkins, "waitForAmsJob '" + job.id() + "'", "Processing");
            AmsAccount before = AmsGlobalConfiguration.get().getAccounts().get(0);
            AmsAccount added = new AmsAccount("added", before.getEndpoint(), "no-such-credentials");
            AmsGlobalConfiguration.get().setAccounts(List.of(added, before));
        });
        sessions.then(jenkins -> {
            job.finish();
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run(jenkins)));
        });
    }

    @Test
    public void reportsARenamedAccountAndContinuesOnceItIsBack() throws Throwable {
        EmulatedJob job = ams.addRunningJob("Encoding");
        sessions.then(jenkins -> {
            startAndAwait(
                    jenkins,
                    "waitForAmsJob jobId: '" + job.id() + "', account: '" + AmsJenkinsRule.ACCOUNT + "'",
                    "Processing");
            rename("renamed");
        });
        sessions.then(jenkins -> {
            jenkins.waitForMessage("There is no AMS account '" + AmsJenkinsRule.ACCOUNT + "'", run(jenkins));
            jenkins.assertLogContains("retrying in", run(jenkins));
            assertThat(log(jenkins), not(containsString("\tat ")));
            job.finish();
            rename(AmsJenkinsRule.ACCOUNT);
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run(jenkins)));
        });
    }

    private static void rename(String name) {
        AmsAccount before = AmsGlobalConfiguration.get().getAccounts().get(0);
        AmsAccount account = new AmsAccount(name, before.getEndpoint(), before.getCredentialsId());
        account.setCloud(before.getCloud());
        account.setAuthority(before.getAuthority());
        AmsGlobalConfiguration.get().setAccounts(List.of(account));
    }

    private void startAndAwait(JenkinsRule jenkins, String script, String... messages) throws Exception {
        ams.configure();
        WorkflowJob project = jenkins.createProject(WorkflowJob.class, PROJECT);
        project.setDefinition(new CpsFlowDefinition(script, true));
        WorkflowRun run = project.scheduleBuild2(0).waitForStart();
        for (String message : messages) {
            jenkins.waitForMessage(message, run);
        }
        assertTrue(run.isBuilding());
    }

    private static WorkflowRun run(JenkinsRule jenkins) {
        return jenkins.jenkins.getItemByFullName(PROJECT, WorkflowJob.class).getBuildByNumber(1);
    }

    private static String log(JenkinsRule jenkins) throws Exception {
        return IOUtils.toString(run(jenkins).getLogReader());
    }
}
