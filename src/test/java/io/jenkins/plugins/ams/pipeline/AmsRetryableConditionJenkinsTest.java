/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.pipeline;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.instanceOf;
import static org.junit.Assert.assertEquals;

import hudson.model.Result;
import io.jenkins.plugins.ams.config.AmsAccount;
import io.jenkins.plugins.ams.config.AmsGlobalConfiguration;
import io.jenkins.plugins.ams.config.MkIoApi;
import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.emulator.LiveApi;
import io.jenkins.plugins.ams.emulator.LiveServices;
import io.jenkins.plugins.ams.testing.AmsJenkinsRule;
import java.util.ArrayList;
import java.util.List;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.cps.SnippetizerTester;
import org.jenkinsci.plugins.workflow.flow.ErrorCondition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.steps.RetryStep;
import org.jenkinsci.plugins.workflow.steps.StepConfigTester;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.junit.rules.RuleChain;
import org.jvnet.hudson.test.JenkinsRule;

/** Another try of a block, where the service says that it may succeed; and what a Pipeline learns of that by itself. */
public class AmsRetryableConditionJenkinsTest {

    private static final AmsJenkinsRule ams = new AmsJenkinsRule();
    private static final JenkinsRule j = new JenkinsRule();

    @ClassRule
    public static final RuleChain RULES = RuleChain.outerRule(ams).around(j);

    @BeforeClass
    public static void configure() throws Exception {
        ams.configure();
        AmsJenkinsRule.addSecretText("mkio-token", ams.emulator().live().mkIoToken());
        MkIoApi api = new MkIoApi();
        api.setProject(LiveServices.PROJECT);
        AmsAccount account =
                new AmsAccount("mkio", ams.emulator().endpoint(LiveApi.MK_IO).toString(), "mkio-token");
        account.setApi(api);
        List<AmsAccount> accounts = new ArrayList<>(AmsGlobalConfiguration.get().getAccounts());
        accounts.add(account);
        AmsGlobalConfiguration.get().setAccounts(accounts);
    }

    @Test
    public void retriesTheBlockAfterATransientError() throws Exception {
        WorkflowRun build = run(
                Result.SUCCESS,
                """
                def ids = ['%s', '%s']
                def tries = 0
                def job = retry(count: 5, conditions: [amsRetryable()]) {
                    waitForAmsJob account: 'mkio', jobId: ids[tries++]
                }
                echo "${job.state} after ${tries} tries"
                """,
                failed("TransientError").v3Id(),
                ams.addFinishedJob("Sintel").v3Id());

        j.assertLogContains("Finished after 2 tries", build);
        assertEquals(1, retries(build));
    }

    @Test
    public void worksInADeclarativePipeline() throws Exception {
        WorkflowRun build = run(
                Result.SUCCESS,
                """
                def ids = ['%s', '%s']
                def tries = 0
                pipeline {
                    agent none
                    stages {
                        stage('Encode') {
                            options {
                                retry(count: 2, conditions: [amsRetryable()])
                            }
                            steps {
                                waitForAmsJob account: 'mkio', jobId: ids[tries++]
                            }
                        }
                    }
                }
                """,
                failed("TransientError").v3Id(),
                ams.addFinishedJob("Sintel").v3Id());

        assertEquals(1, retries(build));
    }

    @Test
    public void failsAfterTheMaximumOfAttempts() throws Exception {
        WorkflowRun build = run(
                Result.FAILURE,
                "retry(count: 2, conditions: [amsRetryable()]) { waitForAmsJob account: 'mkio', jobId: '%s' }",
                failed("TransientError").v3Id());

        assertEquals(1, retries(build));
        j.assertLogContains("ServiceTransientError", build);
    }

    @Test
    public void doesNotRetryPermanentFailures() throws Exception {
        for (String step : List.of(
                "waitForAmsJob account: 'mkio', jobId: '"
                        + failed("ErrorParsingConfiguration").v3Id() + "'",
                "waitForAmsJob jobId: '" + failed("TransientError").id() + "'", // AMS v2 does not tell
                "waitForAmsJob account: 'mkio', jobId: 'no-id'",
                "waitForAmsJob account: 'gone', jobId: 'Encoding/job-1'",
                "error 'of the Pipeline itself'")) {
            WorkflowRun build = run(Result.FAILURE, "retry(count: 3, conditions: [amsRetryable()]) { %s }", step);
            assertEquals(step, 0, retries(build));
        }
    }

    @Test
    public void isAvailableInTheSnippetGenerator() throws Exception {
        RetryStep step = new RetryStep(3);
        step.setConditions(List.of(new AmsRetryableCondition()));
        List<ErrorCondition> chosen =
                new StepConfigTester(j).configRoundTrip(step).getConditions();
        assertThat(chosen, contains(instanceOf(AmsRetryableCondition.class)));
        new SnippetizerTester(j)
                .assertRoundTrip(step, "retry(conditions: [amsRetryable()], count: 3) {\n    // some block\n}");
    }

    @Test
    public void trustedPipelinesReadTheCause() throws Exception {
        String script = """
                import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException
                for (id in ['%s', '%s']) {
                    try {
                        waitForAmsJob account: 'mkio', jobId: id
                    } catch (FlowInterruptedException e) {
                        def failed = e.causes[0]
                        echo "${failed.jobId == id} ${failed.reason} ${failed.retryable}"
                    }
                }
                """.formatted(
                        failed("TransientError").v3Id(),
                        failed("ErrorParsingConfiguration").v3Id());
        WorkflowRun build = run(script, false, Result.SUCCESS);
        j.assertLogContains("true ERROR true", build);
        j.assertLogContains("true ERROR false", build);
    }

    @Test
    public void theSandboxHidesTheCauses() throws Exception {
        WorkflowRun build = run(Result.FAILURE, """
                import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException
                try {
                    waitForAmsJob account: 'mkio', jobId: '%s'
                } catch (FlowInterruptedException e) {
                    echo "may succeed: ${e.causes[0].retryable}"
                }
                """, failed("TransientError").v3Id());
        j.assertLogContains("FlowInterruptedException getCauses", build);
        j.assertLogNotContains("may succeed", build);
    }

    private static EmulatedJob failed(String code) {
        EmulatedJob job = ams.addRunningJob("Sintel");
        job.fail(code, "What the service says.");
        return job;
    }

    private static long retries(WorkflowRun build) throws Exception {
        return build.getLog(1000).stream().filter("Retrying"::equals).count();
    }

    private static WorkflowRun run(Result expected, String script, Object... ids) throws Exception {
        return run(script.formatted(ids), true, expected);
    }

    private static WorkflowRun run(String script, boolean sandbox, Result expected) throws Exception {
        WorkflowJob project = j.createProject(WorkflowJob.class);
        project.setDefinition(new CpsFlowDefinition(script, sandbox));
        return j.assertBuildStatus(expected, project.scheduleBuild2(0));
    }
}
