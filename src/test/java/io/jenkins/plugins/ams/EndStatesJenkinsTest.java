/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.junit.Assert.assertEquals;

import hudson.model.FreeStyleProject;
import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.emulator.StateNumbers;
import io.jenkins.plugins.ams.freestyle.WaitForAmsJobBuilder;
import io.jenkins.plugins.ams.runtime.AmsRuntime;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.testing.AmsJenkinsRule;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.ClassRule;
import org.junit.Test;
import org.junit.rules.RuleChain;
import org.jvnet.hudson.test.JenkinsRule;

/** Each state that a job can end in, propagated or not, at each of the two doors. */
public class EndStatesJenkinsTest {

    private static final AmsJenkinsRule ams = new AmsJenkinsRule();
    private static final JenkinsRule j = new JenkinsRule();

    @ClassRule
    public static final RuleChain RULES = RuleChain.outerRule(ams).around(j);

    @Test
    public void theStepEndsLikeItsJob() throws Exception {
        ams.configure();
        for (JobState state : new JobState[] {JobState.FINISHED, JobState.ERROR, JobState.CANCELED}) {
            for (boolean propagate : new boolean[] {true, false}) {
                WorkflowJob project = j.createProject(WorkflowJob.class);
                project.setDefinition(new CpsFlowDefinition(
                        "def done = waitForAmsJob jobId: '%s', propagate: %s; echo \"it is ${done.state}\""
                                .formatted(ended(state).id(), propagate),
                        true));
                Run<?, ?> run = project.scheduleBuild2(0).get();
                boolean fails = assertEnd(run, state, propagate);
                if (fails) {
                    j.assertLogNotContains("it is ", run);
                } else {
                    j.assertLogContains("it is " + state.label(), run);
                }
            }
        }
    }

    @Test
    public void theBuildStepEndsLikeItsJob() throws Exception {
        ams.configure();
        for (JobState state : new JobState[] {JobState.FINISHED, JobState.ERROR, JobState.CANCELED}) {
            for (boolean propagate : new boolean[] {true, false}) {
                FreeStyleProject project = j.createFreeStyleProject();
                WaitForAmsJobBuilder builder =
                        new WaitForAmsJobBuilder(ended(state).id());
                builder.setPropagate(propagate);
                project.getBuildersList().add(builder);
                assertEnd(project.scheduleBuild2(0).get(), state, propagate);
            }
        }
    }

    /** Says whether the build had to fail. */
    private static boolean assertEnd(Run<?, ?> run, JobState state, boolean propagate) throws Exception {
        boolean fails = propagate && state != JobState.FINISHED;
        j.assertBuildStatus(fails ? Result.FAILURE : Result.SUCCESS, run);
        String log = JenkinsRule.getLog(run);
        assertEquals(log, 2, log.split("\\[AMS] 'Encoding': " + state.label(), -1).length);
        assertThat(
                log, state == JobState.ERROR ? containsString("ErrorProcessingTask: no") : not(containsString("no\n")));
        assertThat(log, not(containsString("\tat ")));
        assertEquals(0, AmsRuntime.get().poller().size());
        return fails;
    }

    private static EmulatedJob ended(JobState state) {
        EmulatedJob job = ams.addRunningJob("Encoding");
        switch (state) {
            case FINISHED -> job.finish();
            case ERROR -> job.fail("ErrorProcessingTask", "no");
            default -> job.setState(StateNumbers.of(state));
        }
        return job;
    }
}
