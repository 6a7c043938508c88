/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.freestyle;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.ParameterDefinition;
import hudson.model.ParametersAction;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.Result;
import hudson.model.StringParameterDefinition;
import hudson.model.StringParameterValue;
import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.emulator.StateNumbers;
import io.jenkins.plugins.ams.http.PlainText;
import io.jenkins.plugins.ams.runtime.AmsRuntime;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.testing.AmsJenkinsRule;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.util.NameValuePair;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;

public class WaitForAmsJobBuilderJenkinsTest {

    @Rule
    public final AmsJenkinsRule ams = new AmsJenkinsRule();

    @Rule
    public final JenkinsRule jenkins = new JenkinsRule();

    @Before
    public void configure() throws Exception {
        ams.configure();
    }

    @Test
    public void waitsForAJobWhoseIdIsAParameter() throws Exception {
        EmulatedJob job = ams.addFinishedJob("Encoding");
        FreeStyleProject project = project(new WaitForAmsJobBuilder("$AMS_JOB_ID"));
        project.addProperty(new ParametersDefinitionProperty(new StringParameterDefinition("AMS_JOB_ID")));
        FreeStyleBuild build = jenkins.assertBuildStatusSuccess(
                project.scheduleBuild2(0, new ParametersAction(new StringParameterValue("AMS_JOB_ID", job.id()))));

        jenkins.assertLogContains("[AMS] 'Encoding': Finished after", build);
    }

    @Test
    public void failsTheBuildWhenTheJobEndsInError() throws Exception {
        EmulatedJob job = ams.addRunningJob("Encoding");
        job.fail("ErrorProcessingTask", "no");
        FreeStyleBuild build =
                jenkins.buildAndAssertStatus(Result.FAILURE, project(new WaitForAmsJobBuilder(job.id())));

        jenkins.assertLogContains("[AMS] Task 1 of 1 'Encode': ErrorProcessingTask: no", build);
        jenkins.assertLogContains("ERROR: AMS job 'Encoding' ended in Error: ErrorProcessingTask: no", build);
        jenkins.assertLogNotContains("\tat ", build);
    }

    @Test
    public void failsTheBuildWhenTheJobIsCanceled() throws Exception {
        EmulatedJob job = ams.addRunningJob("Encoding");
        job.setState(StateNumbers.of(JobState.CANCELED));
        FreeStyleBuild build =
                jenkins.buildAndAssertStatus(Result.FAILURE, project(new WaitForAmsJobBuilder(job.id())));

        jenkins.assertLogContains("ERROR: AMS job 'Encoding' was canceled", build);
    }

    @Test
    public void continuesWithoutPropagation() throws Exception {
        EmulatedJob job = ams.addRunningJob("Encoding");
        job.fail("ErrorProcessingTask", "no");
        WaitForAmsJobBuilder builder = new WaitForAmsJobBuilder(job.id());
        builder.setPropagate(false);

        jenkins.buildAndAssertSuccess(project(builder));
    }

    @Test
    public void doesNotCancelTheJobByDefault() throws Exception {
        EmulatedJob job = ams.addRunningJob("Encoding");
        FreeStyleBuild build = abort(new WaitForAmsJobBuilder(job.id()));

        jenkins.assertLogContains("Aborted; the job continues", build);
        assertEquals(StateNumbers.of(JobState.PROCESSING), job.state());
    }

    @Test
    public void cancelsTheJobOnAbort() throws Exception {
        EmulatedJob job = ams.addRunningJob("Encoding");
        WaitForAmsJobBuilder builder = new WaitForAmsJobBuilder(job.id());
        builder.setCancelOnAbort(true);
        FreeStyleBuild build = abort(builder);

        jenkins.assertLogContains("The service is canceling the job", build);
        await().until(() -> job.state() != StateNumbers.of(JobState.PROCESSING));
    }

    @Test
    public void reportsAnUnexpandedVariable() throws Exception {
        FreeStyleBuild build =
                jenkins.buildAndAssertStatus(Result.FAILURE, project(new WaitForAmsJobBuilder("$NO_SUCH_VARIABLE")));

        jenkins.assertLogContains("'$NO_SUCH_VARIABLE' is not an AMS job ID", build);
    }

    /** Whoever may start a build may choose its parameters, and with these what an error message quotes. */
    @Test
    public void parametersForgeNoConsoleLine() throws Exception {
        EmulatedJob job = ams.addFinishedJob("Encoding");
        WaitForAmsJobBuilder builder = new WaitForAmsJobBuilder("$JOB_ID");
        builder.setAccount("$ACCOUNT");
        builder.setCredentialsId("$CREDENTIALS");
        FreeStyleProject project = project(builder);
        Map<String, String> right = Map.of(
                "JOB_ID", job.id(), "ACCOUNT", AmsJenkinsRule.ACCOUNT, "CREDENTIALS", AmsJenkinsRule.CREDENTIALS);
        project.addProperty(new ParametersDefinitionProperty(right.keySet().stream()
                .<ParameterDefinition>map(StringParameterDefinition::new)
                .toList()));
        String hostile = "x\r\nFinished: SUCCESS\r\n\u001b[8mha:\u202e\u2066" + "y".repeat(50_000);
        for (String name : right.keySet()) {
            Map<String, String> parameters = new HashMap<>(right);
            parameters.put(name, hostile);
            FreeStyleBuild build = startOverHttp(project, parameters);
            jenkins.assertBuildStatus(Result.FAILURE, build);
            List<String> lines = Files.readAllLines(build.getLogFile().toPath(), StandardCharsets.UTF_8);
            assertThat(name, lines, not(hasItem("Finished: SUCCESS")));
            List<String> quoting = lines.stream()
                    .filter(line -> line.contains("x Finished: SUCCESS [8mha:"))
                    .toList();
            assertThat(name, quoting, not(empty()));
            for (String line : quoting) {
                assertTrue(name, PlainText.isPlain(line.replaceAll("^(\u001b\\[8mha:[^\u001b]*\u001b\\[0m)+", "")));
                assertThat(name, line.length(), lessThan(3000));
            }
            jenkins.assertLogNotContains("\tat ", build);
        }
    }

    private FreeStyleBuild startOverHttp(FreeStyleProject project, Map<String, String> parameters) throws Exception {
        int number = project.getNextBuildNumber();
        JenkinsRule.WebClient client = jenkins.createWebClient();
        WebRequest request =
                new WebRequest(client.createCrumbedUrl(project.getUrl() + "buildWithParameters"), HttpMethod.POST);
        List<NameValuePair> pairs = new ArrayList<>();
        parameters.forEach((name, value) -> pairs.add(new NameValuePair(name, value)));
        pairs.add(new NameValuePair("delay", "0sec")); // instead of the quiet period
        request.setRequestParameters(pairs);
        assertEquals(201, client.loadWebResponse(request).getStatusCode());
        await().until(() -> project.getBuildByNumber(number) != null);
        return jenkins.waitForCompletion(project.getBuildByNumber(number));
    }

    private FreeStyleBuild abort(WaitForAmsJobBuilder builder) throws Exception {
        FreeStyleBuild build = project(builder).scheduleBuild2(0).waitForStart();
        jenkins.waitForMessage("Processing", build);
        build.doStop();
        jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(build));
        assertEquals(0, AmsRuntime.get().poller().size());
        return build;
    }

    private FreeStyleProject project(WaitForAmsJobBuilder builder) throws Exception {
        FreeStyleProject project = jenkins.createFreeStyleProject();
        project.getBuildersList().add(builder);
        return project;
    }
}
