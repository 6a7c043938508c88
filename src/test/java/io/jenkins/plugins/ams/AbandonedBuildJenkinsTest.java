/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams;

import static org.awaitility.Awaitility.await;
import static org.junit.Assert.assertEquals;

import hudson.AbortException;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Result;
import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.emulator.JobScript;
import io.jenkins.plugins.ams.emulator.StateNumbers;
import io.jenkins.plugins.ams.freestyle.WaitForAmsJobBuilder;
import io.jenkins.plugins.ams.page.AmsJobsAction;
import io.jenkins.plugins.ams.polling.Heartbeats;
import io.jenkins.plugins.ams.polling.JobPoller;
import io.jenkins.plugins.ams.result.CancelStatus;
import io.jenkins.plugins.ams.result.WaitStatus;
import io.jenkins.plugins.ams.runtime.AmsRuntime;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.testing.AmsJenkinsRule;
import java.time.Duration;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.RuleChain;
import org.jvnet.hudson.test.JenkinsRule;

/** Builds that end without stopping their steps: their jobs are not polled for until these end by themselves. */
public class AbandonedBuildJenkinsTest {

    private final AmsJenkinsRule ams = new AmsJenkinsRule();
    private final JenkinsRule j = new JenkinsRule();

    @Rule
    public final RuleChain rules = RuleChain.outerRule(ams).around(j);

    @Before
    public void configure() throws Exception {
        ams.configure();
    }

    @Test
    public void stopsPollingForAKilledPipeline() throws Exception {
        WorkflowRun run =
                start("waitForAmsJob '" + ams.addRunningJob("Encoding").id() + "'");
        j.waitForMessage("Processing", run);
        run.doKill();
        j.assertBuildStatus(Result.ABORTED, j.waitForCompletion(run));
        assertEquals("nobody has stopped it", 1, poller().size());

        Heartbeats.trigger(poller());
        await().until(() -> poller().size() == 0);
    }

    @Test
    public void aPipelineThatIsKilledCancelsItsJobIfAskedTo() throws Exception {
        EmulatedJob job = ams.emulator()
                .addJob(JobScript.named("Encoding")
                        .task("Encode", Duration.ofHours(1))
                        .canceling(Duration.ofSeconds(1)));
        WorkflowRun run = start("waitForAmsJob jobId: '%s', cancelOnAbort: true".formatted(job.id()));
        j.waitForMessage("Processing", run);
        run.doKill();
        j.assertBuildStatus(Result.ABORTED, j.waitForCompletion(run));

        Heartbeats.trigger(poller());
        await().until(() -> poller().size() == 0);
        await().until(() -> job.state() != StateNumbers.of(JobState.PROCESSING));
        AmsJobsAction page = run.getAction(AmsJobsAction.class);
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() ->
                        assertEquals("Canceled", page.getJobs().get(0).getJob().getState()));
        assertEquals(CancelStatus.ACCEPTED, page.getJobs().get(0).getCancelStatus());
        assertEquals(WaitStatus.ABORTED, page.getJobs().get(0).getStatus());
    }

    @Test
    public void stopsPollingForAStepCompletedElsewhere() throws Exception {
        EmulatedJob first = ams.addRunningJob("first");
        EmulatedJob second = ams.addRunningJob("second");
        WorkflowRun run =
                start("try { waitForAmsJob '%s' } catch (e) { waitForAmsJob '%s' }".formatted(first.id(), second.id()));
        j.waitForMessage("'first': Processing", run);
        StepExecution step = run.getExecution().getCurrentExecutions(true).get().get(0);
        step.getContext().onFailure(new AbortException("completed by somebody else"));
        j.waitForMessage("'second': Processing", run);
        assertEquals(2, poller().size());

        Heartbeats.trigger(poller());
        await().until(() -> poller().size() == 1);
        second.finish();
        j.assertBuildStatusSuccess(j.waitForCompletion(run));
    }

    @Test
    public void keepsPollingForRunningBuilds() throws Exception {
        EmulatedJob job = ams.addRunningJob("Encoding");
        WorkflowRun run = start(
                "stage('Encode') { timeout(30) { parallel a: { waitForAmsJob '%1$s' }, b: { retry(2) { waitForAmsJob '%1$s' } } } }"
                        .formatted(job.id()));
        FreeStyleProject project = j.createFreeStyleProject();
        project.getBuildersList().add(new WaitForAmsJobBuilder(job.id()));
        FreeStyleBuild build = project.scheduleBuild2(0).waitForStart();
        j.waitForMessage("Processing", build);
        await().until(() -> poller().size() == 3);
        for (int i = 0; i < 5; i++) {
            Heartbeats.trigger(poller());
        }
        job.finish();
        j.assertBuildStatusSuccess(j.waitForCompletion(run));
        j.assertBuildStatusSuccess(j.waitForCompletion(build));
    }

    private WorkflowRun start(String script) throws Exception {
        WorkflowJob project = j.createProject(WorkflowJob.class);
        project.setDefinition(new CpsFlowDefinition(script, true));
        return project.scheduleBuild2(0).waitForStart();
    }

    private static JobPoller poller() {
        return AmsRuntime.get().poller();
    }
}
