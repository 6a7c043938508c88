/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.pipeline;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.junit.Assert.assertEquals;

import io.jenkins.plugins.ams.testing.AmsJenkinsRule;
import java.util.List;
import java.util.Map;
import org.htmlunit.html.DomElement;
import org.htmlunit.html.HtmlOption;
import org.htmlunit.html.HtmlPage;
import org.htmlunit.html.HtmlSelect;
import org.htmlunit.html.HtmlTextArea;
import org.htmlunit.html.HtmlTextInput;
import org.jenkinsci.plugins.structs.describable.DescribableModel;
import org.jenkinsci.plugins.workflow.cps.SnippetizerTester;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.steps.StepConfigTester;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.junit.rules.RuleChain;
import org.jvnet.hudson.test.JenkinsRule;

public class WaitForAmsJobStepFormJenkinsTest {

    private static final String JOB = "nb:jid:UUID:f3c43f94-327f-2347-90bb-3bf79f8559f1";

    private static final AmsJenkinsRule ams = new AmsJenkinsRule();
    private static final JenkinsRule jenkins = new JenkinsRule();

    @ClassRule
    public static final RuleChain RULES = RuleChain.outerRule(ams).around(jenkins);

    private final SnippetizerTester snippets = new SnippetizerTester(jenkins);

    @BeforeClass
    public static void configure() throws Exception {
        ams.configure();
    }

    @Test
    public void theFormKeepsSetFields() throws Exception {
        jenkins.assertEqualDataBoundBeans(full(), new StepConfigTester(jenkins).configRoundTrip(full()));
    }

    @Test
    public void theFormKeepsFieldsUnset() throws Exception {
        WaitForAmsJobStep after = new StepConfigTester(jenkins).configRoundTrip(new WaitForAmsJobStep(JOB));

        assertEquals(
                Map.of("jobId", JOB), DescribableModel.uninstantiate2_(after).getArguments());
    }

    @Test
    public void theSnippetContainsOnlySetFields() throws Exception {
        snippets.assertRoundTrip(new WaitForAmsJobStep(JOB), "waitForAmsJob '" + JOB + "'");
        snippets.assertRoundTrip(
                full(),
                "waitForAmsJob account: 'media-test', cancelOnAbort: true, credentialsId: 'ams-ci', jobId: '" + JOB
                        + "', pollInterval: 30, propagate: false, timeout: 90");
        assertEquals(
                Map.of(
                        "jobId",
                        JOB,
                        "account",
                        "media-test",
                        "credentialsId",
                        "ams-ci",
                        "propagate",
                        false,
                        "timeout",
                        90,
                        "cancelOnAbort",
                        true,
                        "pollInterval",
                        30),
                DescribableModel.uninstantiate2_(full()).getArguments());
    }

    @Test
    public void emptyTextIsUnset() throws Exception {
        WaitForAmsJobStep step = new WaitForAmsJobStep(JOB);
        step.setAccount(" ");
        step.setCredentialsId("");
        snippets.assertRoundTrip(step, "waitForAmsJob '" + JOB + "'");
    }

    @Test
    public void theSnippetGeneratorOmitsDefaults() throws Exception {
        snippets.assertGenerateSnippet(
                """
                {"stapler-class": "%s", "$class": "%1$s", "jobId": " %s ", "account": "", "credentialsId": "",
                 "timeout": "0", "propagate": true, "cancelOnAbort": false, "pollInterval": "60"}
                """.formatted(WaitForAmsJobStep.class.getName(), JOB), "waitForAmsJob '" + JOB + "'", null);
    }

    @Test
    public void anEmptyNumberIsTheDefault() throws Exception {
        snippets.assertGenerateSnippet(
                """
                {"stapler-class": "%s", "$class": "%1$s", "jobId": "%s", "account": "", "credentialsId": "",
                 "timeout": "", "propagate": true, "cancelOnAbort": false, "pollInterval": ""}
                """.formatted(WaitForAmsJobStep.class.getName(), JOB), "waitForAmsJob '" + JOB + "'", null);
    }

    @Test
    public void thePageListsOnlyTheStep() throws Exception {
        WorkflowJob project = jenkins.createProject(WorkflowJob.class);
        JenkinsRule.WebClient client = jenkins.createWebClient();
        HtmlPage page = client.getPage(project, "pipeline-syntax");
        HtmlSelect steps = page.querySelector("select.dropdownList");
        List<HtmlOption> ours = steps.getOptions().stream()
                .filter(option -> option.getText().startsWith("waitForAmsJob"))
                .toList();
        assertEquals(1, ours.size());
        assertEquals(
                "waitForAmsJob: Wait for an Azure Media Services job",
                ours.get(0).getText());

        steps.setSelectedAttribute(ours.get(0), true);
        client.waitForBackgroundJavaScript(10_000);
        List<HtmlTextInput> ids = page.getByXPath("//input[@name='_.jobId']");
        ids.get(0).setValue(JOB);
        client.waitForBackgroundJavaScript(10_000);
        ((DomElement) page.getElementById("generatePipelineScript")).click();
        client.waitForBackgroundJavaScript(10_000);

        assertEquals("waitForAmsJob '" + JOB + "'", ((HtmlTextArea) page.getElementById("prototypeText")).getText());
    }

    @Test
    public void theReferenceDescribesTheStep() throws Exception {
        SnippetizerTester.assertDocGeneration(WaitForAmsJobStep.class);
        String reference = jenkins.createWebClient()
                .goTo("pipeline-syntax/html")
                .getWebResponse()
                .getContentAsString();
        assertThat(reference, containsString("waitForAmsJob"));
        assertThat(reference, containsString("The maximum polling interval"));
    }

    private static WaitForAmsJobStep full() {
        WaitForAmsJobStep step = new WaitForAmsJobStep(JOB);
        step.setAccount(AmsJenkinsRule.ACCOUNT);
        step.setCredentialsId(AmsJenkinsRule.CREDENTIALS);
        step.setPropagate(false);
        step.setTimeout(90);
        step.setCancelOnAbort(true);
        step.setPollInterval(30);
        return step;
    }
}
