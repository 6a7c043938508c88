/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.pipeline;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.not;
import static org.junit.Assert.assertEquals;

import hudson.model.Result;
import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.emulator.RequestKind;
import io.jenkins.plugins.ams.emulator.StateNumbers;
import io.jenkins.plugins.ams.result.WaitStatus;
import io.jenkins.plugins.ams.runtime.AmsRuntime;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.testing.AmsJenkinsRule;
import io.jenkins.plugins.ams.wait.AmsJobFailureCause;
import jenkins.model.InterruptedBuildAction;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.cps.CpsFlowExecution;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.jvnet.hudson.test.BuildWatcher;
import org.jvnet.hudson.test.JenkinsRule;

public class WaitForAmsJobStepJenkinsTest {

    @ClassRule
    public static final BuildWatcher WATCHER = new BuildWatcher();

    @Rule
    public final AmsJenkinsRule ams = new AmsJenkinsRule();

    @Rule
    public final JenkinsRule jenkins = new JenkinsRule();

    @Before
    public void configure() throws Exception {
        ams.configure();
        jenkins.jenkins.setNumExecutors(0); // nothing here may need one
    }

    @Test
    public void returnsTheFinishedJobToASandboxedScript() throws Exception {
        EmulatedJob job = ams.addFinishedJob("Encoding BigBuckBunny");
        WorkflowRun run = jenkins.assertBuildStatusSuccess(finish("""
                def done = waitForAmsJob jobId: '%s'
                echo "${done.id} is ${done.state}, ${done.name}, ran ${done.runningDuration} ms"
                echo "from ${done.created} by ${done.startTime} to ${done.endTime}"
                for (task in done.tasks) { echo "task ${task.id} ${task.name} ${task.state} ${task.progress} ${task.errors.size()}" }
                for (asset in done.outputAssets) { echo "asset ${asset.id} ${asset.name} ${asset.uri}" }
                """.formatted(job.id())));

        jenkins.assertLogContains(
                "Waiting for job " + job.id() + " on account 'media-test' (credentials 'ams-ci')", run);
        jenkins.assertLogContains("[AMS] 'Encoding BigBuckBunny': Finished after", run);
        jenkins.assertLogContains(job.id() + " is Finished, Encoding BigBuckBunny, ran ", run);
        jenkins.assertLogContains("task nb:tid:UUID:", run);
        jenkins.assertLogContains("asset nb:cid:UUID:", run);
    }

    @Test
    public void worksInADeclarativePipelineWithoutAnAgent() throws Exception {
        EmulatedJob job = ams.addRunningJob("Encoding");
        WorkflowRun run = start("""
                pipeline {
                  agent none
                  stages {
                    stage('Encode') {
                      steps { waitForAmsJob jobId: '%s' }
                    }
                  }
                  post { success { echo 'gate is open' } }
                }
                """.formatted(job.id()));
        jenkins.waitForMessage("Processing, task 1 of 1 'Encode'", run);
        job.finish();

        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
        jenkins.assertLogContains("gate is open", run);
    }

    @Test
    public void failsTheBuildWhenTheJobEndsInError() throws Exception {
        EmulatedJob job = ams.addRunningJob("Encoding");
        job.fail("ErrorParsingConfiguration", "The preset 'H264 Magic' is not known.");
        WorkflowRun run = jenkins.assertBuildStatus(Result.FAILURE, finish("waitForAmsJob '" + job.id() + "'"));

        jenkins.assertLogContains(
                "[AMS] Task 1 of 1 'Encode': ErrorParsingConfiguration: The preset 'H264 Magic' is not known.", run);
        jenkins.assertLogNotContains("\tat ", run);
        AmsJobFailureCause cause = cause(run);
        assertEquals(WaitStatus.ERROR, cause.getReason());
        assertEquals(job.id(), cause.getJobId());
        assertThat(cause.getShortDescription(), containsString("ErrorParsingConfiguration"));
    }

    @Test
    public void failsTheBuildWhenTheJobIsCanceled() throws Exception {
        EmulatedJob job = ams.addRunningJob("Encoding");
        job.setState(StateNumbers.of(JobState.CANCELED));
        WorkflowRun run = jenkins.assertBuildStatus(Result.FAILURE, finish("waitForAmsJob '" + job.id() + "'"));

        assertEquals(WaitStatus.CANCELED, cause(run).getReason());
    }

    @Test
    public void returnsTheResultWithoutPropagation() throws Exception {
        EmulatedJob job = ams.addRunningJob("Encoding");
        job.fail("ErrorProcessingTask", "no");
        WorkflowRun run = jenkins.assertBuildStatusSuccess(finish("""
                def done = waitForAmsJob jobId: '%s', propagate: false
                echo "${done.state}: ${done.tasks[0].errors[0].code} ${done.tasks[0].errors[0].message}"
                """.formatted(job.id())));

        jenkins.assertLogContains("Error: ErrorProcessingTask no", run);
    }

    @Test
    public void anErrorCanBeCaughtAndRetried() throws Exception {
        EmulatedJob job = ams.addRunningJob("Encoding");
        job.fail("TransientError", "no");
        WorkflowRun run = jenkins.assertBuildStatusSuccess(finish(
                """
                def attempts = 0
                retry(3) {
                  attempts++
                  waitForAmsJob jobId: attempts < 3 ? '%s' : '%s'
                }
                echo "after ${attempts} attempts"
                """.formatted(job.id(), ams.addFinishedJob("Encoding again").id())));

        jenkins.assertLogContains("after 3 attempts", run);
    }

    @Test
    public void doesNotCancelTheJobByDefault() throws Exception {
        EmulatedJob job = ams.addRunningJob("Encoding");
        WorkflowRun run = start("waitForAmsJob '" + job.id() + "'");
        jenkins.waitForMessage("Processing", run);
        run.doStop();

        jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(run));
        jenkins.assertLogContains("Aborted; the job continues", run);
        assertEquals(StateNumbers.of(JobState.PROCESSING), job.state());
        assertEquals(0, AmsRuntime.get().poller().size());
    }

    @Test
    public void cancelsTheJobOnAbort() throws Exception {
        EmulatedJob job = ams.addRunningJob("Encoding");
        WorkflowRun run = start("waitForAmsJob jobId: '" + job.id() + "', cancelOnAbort: true");
        jenkins.waitForMessage("Processing", run);
        run.doStop();

        jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(run));
        jenkins.assertLogContains("Aborted; requesting cancellation of the job", run);
        await().until(() -> ams.emulator().requests().count(RequestKind.CANCEL) == 1);
        await().until(() -> job.state() != StateNumbers.of(JobState.PROCESSING));
    }

    @Test
    public void timeoutBlockAborts() throws Exception {
        EmulatedJob job = ams.addRunningJob("Encoding");
        WorkflowRun run = jenkins.assertBuildStatus(
                Result.ABORTED, finish("timeout(time: 3, unit: 'SECONDS') { waitForAmsJob '" + job.id() + "' }"));

        assertThat(run.getAction(InterruptedBuildAction.class).getCauses().toString(), not(containsString("Ams")));
        assertEquals(0, AmsRuntime.get().poller().size());
    }

    @Test
    public void postConditionsSeeTheFailureAndCanWait() throws Exception {
        EmulatedJob bad = ams.addRunningJob("bad");
        bad.fail("ErrorProcessingTask", "no");
        WorkflowRun run = jenkins.assertBuildStatus(Result.FAILURE, finish("""
                pipeline {
                  agent none
                  stages {
                    stage('Encode') {
                      steps { waitForAmsJob jobId: '%s' }
                    }
                  }
                  post {
                    failure { waitForAmsJob jobId: '%s' }
                    success { echo 'gate is open' }
                  }
                }
                """.formatted(
                        bad.id(), ams.addFinishedJob("fallback").id())));

        jenkins.assertLogContains("'bad': Error", run);
        jenkins.assertLogContains("'fallback': Finished", run);
        jenkins.assertLogNotContains("gate is open", run);
    }

    @Test
    public void theThreadDumpShowsTheJob() throws Exception {
        EmulatedJob job = ams.addRunningJob("Encoding");
        WorkflowRun run = start("waitForAmsJob '" + job.id() + "'");
        jenkins.waitForMessage("Processing", run);
        CpsFlowExecution execution = (CpsFlowExecution) run.getExecution();
        assertThat(
                execution.getThreadDump().toString(),
                containsString("waiting for AMS job " + job.id() + ", PROCESSING"));

        job.finish();
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
    }

    @Test
    public void parallelBranchesShareATokenAndFailFast() throws Exception {
        EmulatedJob bad = ams.addRunningJob("bad");
        StringBuilder branches = new StringBuilder("def branches = [failFast: true]\n");
        for (int i = 0; i < 20; i++) {
            branches.append("branches['b%d'] = { waitForAmsJob '%s' }%n"
                    .formatted(i, ams.addRunningJob("job " + i).id()));
        }
        branches.append("branches.bad = { waitForAmsJob '").append(bad.id()).append("' }\nparallel branches");
        WorkflowRun run = start(branches.toString());
        jenkins.waitForMessage("'bad': Processing", run);
        bad.fail("ErrorProcessingTask", "no");

        jenkins.assertBuildStatus(Result.FAILURE, jenkins.waitForCompletion(run));
        assertEquals(1, ams.emulator().requests().count(RequestKind.TOKEN));
        assertEquals(0, AmsRuntime.get().poller().size());
    }

    @Test
    public void reportsInvalidParameters() throws Exception {
        assertFailsWith("'job-1' is not an AMS job ID", "waitForAmsJob 'job-1'");
        assertFailsWith("another entity (nb:cid)", "waitForAmsJob 'nb:cid:UUID:f3c43f94-327f-2347-90bb-3bf79f8559f1'");
        String id = ams.addFinishedJob("x").id();
        assertFailsWith("no-such", "waitForAmsJob jobId: '" + id + "', account: 'no-such'");
        assertFailsWith("'nobody'", "waitForAmsJob jobId: '" + id + "', credentialsId: 'nobody'");
        assertFailsWith("pollInterval is 1", "waitForAmsJob jobId: '" + id + "', pollInterval: 1");
        assertFailsWith("timeout is -1", "waitForAmsJob jobId: '" + id + "', timeout: -1");
    }

    @Test
    public void explainsAWrongSecret() throws Exception {
        ams.addCredentials("stale", "not the secret");
        WorkflowRun run = assertFailsWith(
                "AADSTS7000215",
                "waitForAmsJob jobId: '" + ams.addFinishedJob("x").id() + "', credentialsId: 'stale'");

        jenkins.assertLogContains("the client secret is wrong", run);
        jenkins.assertLogNotContains("not the secret", run);
        assertEquals(WaitStatus.FAILED, cause(run).getReason());
    }

    private WorkflowRun assertFailsWith(String message, String script) throws Exception {
        WorkflowRun run = jenkins.assertBuildStatus(Result.FAILURE, finish(script));
        jenkins.assertLogContains(message, run);
        jenkins.assertLogNotContains("\tat ", run);
        return run;
    }

    private WorkflowRun start(String script) throws Exception {
        WorkflowJob project = jenkins.createProject(WorkflowJob.class);
        project.setDefinition(new CpsFlowDefinition(script, true));
        return project.scheduleBuild2(0).waitForStart();
    }

    private WorkflowRun finish(String script) throws Exception {
        return jenkins.waitForCompletion(start(script));
    }

    private static AmsJobFailureCause cause(WorkflowRun run) {
        Object cause = run.getAction(InterruptedBuildAction.class).getCauses().get(0);
        assertThat(cause, instanceOf(AmsJobFailureCause.class));
        return (AmsJobFailureCause) cause;
    }
}
