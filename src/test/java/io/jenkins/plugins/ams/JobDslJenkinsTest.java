/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams;

import static org.junit.Assert.assertEquals;

import hudson.model.FreeStyleProject;
import hudson.model.ParametersAction;
import hudson.model.StringParameterValue;
import io.jenkins.plugins.ams.freestyle.WaitForAmsJobBuilder;
import io.jenkins.plugins.ams.testing.AmsJenkinsRule;
import javaposse.jobdsl.plugin.ExecuteDslScripts;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.RuleChain;
import org.jvnet.hudson.test.JenkinsRule;

/** Jobs that the Job DSL plugin makes, by the symbols of its dynamic DSL. */
public class JobDslJenkinsTest {

    private final AmsJenkinsRule ams = new AmsJenkinsRule();
    private final JenkinsRule j = new JenkinsRule();

    @Rule
    public final RuleChain rules = RuleChain.outerRule(ams).around(j);

    @Before
    public void configure() throws Exception {
        ams.configure();
    }

    @Test
    public void createsAFreestyleJobFromTheSymbol() throws Exception {
        seed("""
                freeStyleJob('encode') {
                  parameters { stringParam('AMS_JOB_ID') }
                  steps {
                    waitForAmsJob {
                      jobId('$AMS_JOB_ID')
                      account('media-test')
                      credentialsId('ams-ci')
                      propagate(false)
                      timeout(90)
                      cancelOnAbort(true)
                      pollInterval(30)
                    }
                  }
                }
                """);

        FreeStyleProject project = j.jenkins.getItemByFullName("encode", FreeStyleProject.class);
        WaitForAmsJobBuilder expected = new WaitForAmsJobBuilder("$AMS_JOB_ID");
        expected.setAccount("media-test");
        expected.setCredentialsId("ams-ci");
        expected.setPropagate(false);
        expected.setTimeout(90);
        expected.setCancelOnAbort(true);
        expected.setPollInterval(30);
        j.assertEqualDataBoundBeans(expected, project.getBuildersList().get(WaitForAmsJobBuilder.class));
        String jobId = ams.addFinishedJob("Encoding").id();
        j.assertBuildStatusSuccess(
                project.scheduleBuild2(0, new ParametersAction(new StringParameterValue("AMS_JOB_ID", jobId))));
    }

    @Test
    public void appliesDefaultsToUnsetFields() throws Exception {
        seed("freeStyleJob('encode') { steps { waitForAmsJob { jobId('$AMS_JOB_ID') } } }");

        FreeStyleProject project = j.jenkins.getItemByFullName("encode", FreeStyleProject.class);
        j.assertEqualDataBoundBeans(
                new WaitForAmsJobBuilder("$AMS_JOB_ID"),
                project.getBuildersList().get(WaitForAmsJobBuilder.class));
    }

    @Test
    public void createsAPipeline() throws Exception {
        seed("""
                pipelineJob('encode') {
                  definition { cps { script("waitForAmsJob '%s'"); sandbox(true) } }
                }
                """.formatted(ams.addFinishedJob("Encoding").id()));

        WorkflowJob project = j.jenkins.getItemByFullName("encode", WorkflowJob.class);
        j.assertLogContains("'Encoding': Finished", j.buildAndAssertSuccess(project));
    }

    private void seed(String script) throws Exception {
        FreeStyleProject seed = j.createFreeStyleProject("seed");
        ExecuteDslScripts builder = new ExecuteDslScripts();
        builder.setScriptText(script);
        seed.getBuildersList().add(builder);
        j.buildAndAssertSuccess(seed);
        assertEquals(2, j.jenkins.getItems().size());
    }
}
