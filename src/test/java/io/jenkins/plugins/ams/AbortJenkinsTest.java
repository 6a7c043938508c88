/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.emulator.Fault;
import io.jenkins.plugins.ams.emulator.RequestKind;
import io.jenkins.plugins.ams.emulator.StateNumbers;
import io.jenkins.plugins.ams.freestyle.WaitForAmsJobBuilder;
import io.jenkins.plugins.ams.runtime.AmsRuntime;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.testing.AmsJenkinsRule;
import io.jenkins.plugins.ams.testing.CapturedLog;
import java.util.List;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.RuleChain;
import org.jvnet.hudson.test.JenkinsRule;

/**
 * Builds that are aborted at the moments that matter, with the job left alone and with it cancelled. Those that are
 * aborted while their job runs, and after a restart, are in the tests of the doors and in RestartJenkinsTest.
 */
public class AbortJenkinsTest {

    private final AmsJenkinsRule ams = new AmsJenkinsRule();
    private final JenkinsRule j = new JenkinsRule();

    @Rule
    public final RuleChain rules = RuleChain.outerRule(ams).around(j);

    @Before
    public void configure() throws Exception {
        ams.configure();
    }

    @Test
    public void abortsAStepBeforeItsFirstPoll() throws Exception {
        for (boolean cancel : new boolean[] {false, true}) {
            hangFirstPoll();
            EmulatedJob job = ams.addRunningJob("Encoding");
            WorkflowRun run = step(job, cancel);
            awaitFirstPoll();
            assertAborted(run, job, cancel);
            j.assertLogNotContains("Processing", run);
        }
    }

    @Test
    public void abortsABuildStepBeforeItsFirstPoll() throws Exception {
        for (boolean cancel : new boolean[] {false, true}) {
            hangFirstPoll();
            EmulatedJob job = ams.addRunningJob("Encoding");
            FreeStyleBuild build = buildStep(job, cancel);
            awaitFirstPoll();
            build.doStop();
            j.assertBuildStatus(Result.ABORTED, j.waitForCompletion(build));
            assertJob(job, cancel);
        }
    }

    @Test
    public void abortsAStepDuringServiceErrors() throws Exception {
        for (boolean cancel : new boolean[] {false, true}) {
            EmulatedJob job = ams.addRunningJob("Encoding");
            ams.emulator().faults().inject(Fault.status(500).on(RequestKind.JOBS));
            WorkflowRun run = step(job, cancel);
            j.waitForMessage("retrying in", run);
            assertAborted(run, job, cancel);
            ams.emulator().faults().clear();
        }
    }

    @Test
    public void endsTheBuildWhenTheJobCannotBeCanceled() throws Exception {
        ams.emulator().faults().inject(Fault.status(403).on(RequestKind.CANCEL));
        EmulatedJob job = ams.addRunningJob("Encoding");
        try (CapturedLog log = CapturedLog.start()) {
            WorkflowRun run = step(job, true);
            j.waitForMessage("Processing", run);
            run.doStop();
            j.assertBuildStatus(Result.ABORTED, j.waitForCompletion(run));
            await().untilAsserted(() -> assertThat(
                    log.text(),
                    containsString("Could not cancel AMS job " + job.id() + " of build " + run.getExternalizableId())));
            j.assertLogContains("The job " + job.id() + " could not be canceled; cancel it manually: ", run);
        }
        assertEquals(StateNumbers.of(JobState.PROCESSING), job.state());

        FreeStyleBuild build = buildStep(job, true);
        j.waitForMessage("Processing", build);
        build.doStop();
        j.assertBuildStatus(Result.ABORTED, j.waitForCompletion(build));
        j.assertLogContains("The job " + job.id() + " could not be canceled; cancel it manually: ", build);
        assertEquals(0, AmsRuntime.get().poller().size());
    }

    @Test
    public void waitsSomeSecondsForAMissingCancelResponse() throws Exception {
        WorkflowRun run = abortWhileCancelHangs();
        j.assertBuildStatus(Result.ABORTED, j.waitForCompletion(run));
        j.assertLogContains("The service has not responded yet", run);
    }

    @Test
    public void endsAtOnceWhenAbortedAgain() throws Exception {
        WorkflowRun run = abortWhileCancelHangs();
        run.doStop();
        j.assertBuildStatus(Result.ABORTED, j.waitForCompletion(run));
        j.assertLogNotContains("The service has not responded yet", run);
    }

    @Test
    public void endsAtOnceWhenTerminated() throws Exception {
        WorkflowRun run = abortWhileCancelHangs();
        run.doTerm();
        j.assertBuildStatus(Result.ABORTED, j.waitForCompletion(run));
        j.assertLogNotContains("The service has not responded yet", run);
    }

    @Test
    public void cancelsTheJobWhenABlockAborts() throws Exception {
        EmulatedJob slow = ams.addRunningJob("slow");
        WorkflowRun timedOut = j.waitForCompletion(
                pipeline("timeout(time: 3, unit: 'SECONDS') { waitForAmsJob jobId: '%s', cancelOnAbort: true }"
                        .formatted(slow.id())));
        j.assertBuildStatus(Result.ABORTED, timedOut);
        assertJob(slow, true);
        j.assertLogContains("The service is canceling the job", timedOut);

        EmulatedJob bad = ams.addRunningJob("bad");
        EmulatedJob other = ams.addRunningJob("other");
        WorkflowRun failed = pipeline(
                "parallel failFast: true, a: { waitForAmsJob '%s' }, b: { waitForAmsJob jobId: '%s', cancelOnAbort: true }"
                        .formatted(bad.id(), other.id()));
        j.waitForMessage("'bad': Processing", failed);
        j.waitForMessage("'other': Processing", failed);
        bad.fail("ErrorProcessingTask", "no");
        j.assertBuildStatus(Result.FAILURE, j.waitForCompletion(failed));
        assertJob(other, true);
        j.assertLogContains("The service is canceling the job", failed);
        assertEquals(StateNumbers.of(JobState.ERROR), bad.state());
    }

    /** The shortest time limit that there is, so this takes a minute. */
    @Test
    public void failsAndCancelsTheJobOnTimeout() throws Exception {
        EmulatedJob ofStep = ams.addRunningJob("of the step");
        EmulatedJob ofBuildStep = ams.addRunningJob("of the build step");
        WorkflowRun run = pipeline("waitForAmsJob jobId: '%s', timeout: 1, cancelOnAbort: true".formatted(ofStep.id()));
        WaitForAmsJobBuilder builder = new WaitForAmsJobBuilder(ofBuildStep.id());
        builder.setTimeout(1);
        builder.setCancelOnAbort(true);
        FreeStyleBuild build = buildStep(builder);
        for (Run<?, ?> each : List.of(run, build)) {
            j.assertBuildStatus(Result.FAILURE, j.waitForCompletion(each));
            j.assertLogContains("[AMS] Timed out after 1 min", each);
            j.assertLogContains("the last known state of the job is Processing", each);
            j.assertLogContains("did not end within 1 min", each);
            j.assertLogContains("The service is canceling the job", each);
            j.assertLogNotContains("\tat ", each);
        }
        assertJob(ofStep, true);
        assertJob(ofBuildStep, true);
    }

    private void assertAborted(WorkflowRun run, EmulatedJob job, boolean cancel) throws Exception {
        run.doStop();
        j.assertBuildStatus(Result.ABORTED, j.waitForCompletion(run));
        assertJob(job, cancel);
        if (cancel) {
            j.assertLogContains("The service is canceling the job", run);
        }
    }

    private WorkflowRun abortWhileCancelHangs() throws Exception {
        ams.emulator().faults().inject(Fault.hang().on(RequestKind.CANCEL).once());
        WorkflowRun run = step(ams.addRunningJob("Encoding"), true);
        j.waitForMessage("Processing", run);
        run.doStop();
        await().until(() -> ams.emulator().requests().count(RequestKind.CANCEL) == 1);
        assertTrue(run.isBuilding());
        return run;
    }

    private void assertJob(EmulatedJob job, boolean cancel) {
        assertEquals(0, AmsRuntime.get().poller().size());
        if (cancel) {
            await().until(() -> job.state() != StateNumbers.of(JobState.PROCESSING));
        } else {
            assertEquals(0, ams.emulator().requests().count(RequestKind.CANCEL));
            assertEquals(StateNumbers.of(JobState.PROCESSING), job.state());
        }
    }

    private void hangFirstPoll() {
        ams.emulator().requests().clear();
        ams.emulator().faults().inject(Fault.hang().on(RequestKind.JOBS).once());
    }

    private void awaitFirstPoll() {
        await().until(() -> ams.emulator().requests().count(RequestKind.JOBS) == 1);
    }

    private WorkflowRun step(EmulatedJob job, boolean cancel) throws Exception {
        return pipeline("waitForAmsJob jobId: '%s', cancelOnAbort: %s".formatted(job.id(), cancel));
    }

    private WorkflowRun pipeline(String script) throws Exception {
        WorkflowJob project = j.createProject(WorkflowJob.class);
        project.setDefinition(new CpsFlowDefinition(script, true));
        return project.scheduleBuild2(0).waitForStart();
    }

    private FreeStyleBuild buildStep(EmulatedJob job, boolean cancel) throws Exception {
        WaitForAmsJobBuilder builder = new WaitForAmsJobBuilder(job.id());
        builder.setCancelOnAbort(cancel);
        return buildStep(builder);
    }

    private FreeStyleBuild buildStep(WaitForAmsJobBuilder builder) throws Exception {
        FreeStyleProject project = j.createFreeStyleProject();
        project.getBuildersList().add(builder);
        return project.scheduleBuild2(0).waitForStart();
    }
}
