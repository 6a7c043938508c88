/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.instanceOf;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import hudson.model.FreeStyleProject;
import hudson.model.Result;
import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.emulator.JobScript;
import io.jenkins.plugins.ams.freestyle.WaitForAmsJobBuilder;
import io.jenkins.plugins.ams.page.AmsJobsAction;
import io.jenkins.plugins.ams.result.AmsJobResult;
import io.jenkins.plugins.ams.result.WaitStatus;
import io.jenkins.plugins.ams.runtime.AmsRuntime;
import io.jenkins.plugins.ams.testing.AmsJenkinsRule;
import io.jenkins.plugins.ams.wait.AmsJobFailureCause;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import jenkins.model.InterruptedBuildAction;
import org.apache.commons.io.FileUtils;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.Rule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsSessionRule;

/**
 * What the first version wrote into Jenkins' home is read back for good: {@code jobs-of-version-1} holds a build that
 * was killed while it waited, one that has failed and a freestyle project, as that version left them.
 */
public class StoredStateJenkinsTest {

    private static final Path STORED =
            Path.of("src/test/resources/io/jenkins/plugins/ams/StoredStateJenkinsTest/jobs-of-version-1");

    private static final String RUNNING = "nb:jid:UUID:f3c43f94-327f-2347-90bb-3bf79f8559f1";
    private static final String BROKEN = "nb:jid:UUID:0e5b4c3a-7d1f-4a52-9c86-2b1d7f3e6a90";

    @Rule
    public final AmsJenkinsRule ams = new AmsJenkinsRule();

    @Rule
    public final JenkinsSessionRule sessions = new JenkinsSessionRule();

    @Test
    public void aWaitingBuildResumes() throws Throwable {
        EmulatedJob job =
                ams.emulator().addJob(JobScript.named("Encoding").id(RUNNING).task("Encode", Duration.ofHours(1)));
        restore();
        sessions.then(jenkins -> {
            WorkflowRun run = pipeline(jenkins.jenkins, "waiting");
            jenkins.waitForMessage("Jenkins was restarted; still waiting for job " + RUNNING, run);
            job.fail("ErrorProcessingTask", "no");
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run)); // propagate: false
            jenkins.assertLogContains("it is Error", run);
            assertThat(run.getAction(AmsJobsAction.class).getJobs(), hasSize(1));
            assertEquals(0, AmsRuntime.get().poller().size());
        });
    }

    @Test
    public void aFailedBuildKeepsItsCauseAndPage() throws Throwable {
        restore();
        sessions.then(jenkins -> {
            WorkflowRun run = pipeline(jenkins.jenkins, "broken");
            assertEquals(Result.FAILURE, run.getResult());
            Object cause =
                    run.getAction(InterruptedBuildAction.class).getCauses().get(0);
            assertThat(cause, instanceOf(AmsJobFailureCause.class));
            AmsJobFailureCause failure = (AmsJobFailureCause) cause;
            assertEquals(WaitStatus.ERROR, failure.getReason());
            assertEquals(BROKEN, failure.getJobId());
            assertFalse(failure.isRetryable()); // which nobody saved then
            assertEquals(
                    "AMS job 'Broken preset' ended in Error: ErrorParsingConfiguration: The preset is not valid.",
                    failure.getShortDescription());
            AmsJobResult page =
                    run.getAction(AmsJobsAction.class).getJobs().get(0).getJob();
            assertEquals("Broken preset", page.getName());
            assertEquals("Error", page.getState());
            assertThat(page.getErrors(), hasSize(1));
            assertThat(page.getTasks(), hasSize(1));
        });
    }

    @Test
    public void aFreestyleProjectKeepsItsSettings() throws Throwable {
        restore();
        sessions.then(jenkins -> {
            FreeStyleProject project = jenkins.jenkins.getItemByFullName("freestyle", FreeStyleProject.class);
            assertThat(project.getBuilders(), contains(instanceOf(WaitForAmsJobBuilder.class)));
            WaitForAmsJobBuilder builder =
                    (WaitForAmsJobBuilder) project.getBuilders().get(0);
            assertEquals("$AMS_JOB_ID", builder.getJobId());
            assertEquals("media-test", builder.getAccount());
            assertEquals("ams-ci", builder.getCredentialsId());
            assertFalse(builder.isPropagate());
            assertTrue(builder.isCancelOnAbort());
            assertEquals(90, builder.getTimeout());
            assertEquals(30, builder.getPollInterval());
        });
    }

    private void restore() throws Throwable {
        sessions.then(jenkins -> {
            ams.configure();
            FileUtils.copyDirectory(STORED.toFile(), new File(jenkins.jenkins.getRootDir(), "jobs"));
        });
    }

    private static WorkflowRun pipeline(jenkins.model.Jenkins jenkins, String name) throws IOException {
        return jenkins.getItemByFullName(name, WorkflowJob.class).getBuildByNumber(1);
    }
}
