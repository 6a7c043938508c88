/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.freestyle;

import static org.hamcrest.CoreMatchers.containsString;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import hudson.model.FreeStyleProject;
import io.jenkins.plugins.ams.testing.AmsJenkinsRule;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.htmlunit.html.HtmlForm;
import org.htmlunit.html.HtmlNumberInput;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.junit.rules.RuleChain;
import org.jvnet.hudson.test.JenkinsRule;

public class WaitForAmsJobBuilderFormJenkinsTest {

    private static final AmsJenkinsRule ams = new AmsJenkinsRule();
    private static final JenkinsRule jenkins = new JenkinsRule();

    @ClassRule
    public static final RuleChain RULES = RuleChain.outerRule(ams).around(jenkins);

    @BeforeClass
    public static void configure() throws Exception {
        ams.configure();
    }

    @Test
    public void theFormKeepsSetFields() throws Exception {
        WaitForAmsJobBuilder builder = new WaitForAmsJobBuilder("$AMS_JOB_ID");
        builder.setAccount(AmsJenkinsRule.ACCOUNT);
        builder.setCredentialsId(AmsJenkinsRule.CREDENTIALS);
        builder.setPropagate(false);
        builder.setTimeout(90);
        builder.setCancelOnAbort(true);
        builder.setPollInterval(30);

        jenkins.assertEqualDataBoundBeans(builder, jenkins.configRoundtrip(builder));
    }

    /** A job that was created from a file somebody wrote must not take Error for a success because of what is missing. */
    @Test
    public void aMinimalConfigurationHasTheDefaults() throws Exception {
        String xml = "<project><builders><%1$s><jobId>$AMS_JOB_ID</jobId></%1$s></builders></project>"
                .formatted(WaitForAmsJobBuilder.class.getName());
        FreeStyleProject project = (FreeStyleProject) jenkins.jenkins.createProjectFromXML(
                "by-hand", new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));

        WaitForAmsJobBuilder builder = project.getBuildersList().get(WaitForAmsJobBuilder.class);
        jenkins.assertEqualDataBoundBeans(new WaitForAmsJobBuilder("$AMS_JOB_ID"), builder);
        assertTrue(builder.isPropagate());
        assertEquals(60, builder.getPollInterval());
    }

    @Test
    public void theFormKeepsExpressions() throws Exception {
        WaitForAmsJobBuilder builder = new WaitForAmsJobBuilder("$AMS_JOB_ID");
        builder.setAccount("$ACCOUNT");
        builder.setCredentialsId("${CRED}");

        jenkins.assertEqualDataBoundBeans(builder, jenkins.configRoundtrip(builder));
    }

    @Test
    public void theFormKeepsFieldsUnset() throws Exception {
        WaitForAmsJobBuilder after = jenkins.configRoundtrip(new WaitForAmsJobBuilder("$AMS_JOB_ID"));

        jenkins.assertEqualDataBoundBeans(new WaitForAmsJobBuilder("$AMS_JOB_ID"), after);
        assertNull(after.getAccount());
        assertNull(after.getCredentialsId());
    }

    @Test
    public void anEmptyNumberIsTheDefault() throws Exception {
        FreeStyleProject project = jenkins.createFreeStyleProject();
        WaitForAmsJobBuilder builder = new WaitForAmsJobBuilder("$AMS_JOB_ID");
        builder.setTimeout(90);
        builder.setPollInterval(30);
        project.getBuildersList().add(builder);
        HtmlForm form = jenkins.createWebClient().getPage(project, "configure").getFormByName("config");
        form.<HtmlNumberInput>getInputByName("_.timeout").setValue("");
        form.<HtmlNumberInput>getInputByName("_.pollInterval").setValue("");

        jenkins.submit(form);

        WaitForAmsJobBuilder after = project.getBuildersList().get(WaitForAmsJobBuilder.class);
        assertEquals(0, after.getTimeout());
        assertEquals(60, after.getPollInterval());
    }

    /** The form and the help are those of the Pipeline step. */
    @Test
    public void eachFieldHasHelp() throws Exception {
        FreeStyleProject project = jenkins.createFreeStyleProject();
        project.getBuildersList().add(new WaitForAmsJobBuilder("$AMS_JOB_ID"));
        JenkinsRule.WebClient client = jenkins.createWebClient();
        HtmlForm form = client.getPage(project, "configure").getFormByName("config");
        WaitForAmsJobBuilder.DescriptorImpl descriptor =
                jenkins.jenkins.getDescriptorByType(WaitForAmsJobBuilder.DescriptorImpl.class);
        Map<String, String> expected = Map.of(
                "jobId", "which are expanded when the build runs",
                "account", "The name of the account",
                "credentialsId", "such as <code>${CREDENTIALS}</code>",
                "timeout", "The maximum time to wait",
                "propagate", "Fails the build",
                "cancelOnAbort", "Cancels the Azure Media Services job",
                "pollInterval", "The maximum polling interval");
        for (Map.Entry<String, String> field : expected.entrySet()) {
            String help = descriptor.getHelpFile(field.getKey());
            assertThat(form.asXml(), containsString(help));
            assertThat(
                    client.goTo(help.substring(1)).getWebResponse().getContentAsString(),
                    containsString(field.getValue()));
        }
    }
}
