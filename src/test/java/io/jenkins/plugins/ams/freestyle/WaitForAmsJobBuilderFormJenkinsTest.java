/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.freestyle;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;

import hudson.model.FreeStyleProject;
import io.jenkins.plugins.ams.testing.AmsJenkinsRule;
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
    public void theFormKeepsWhatIsSet() throws Exception {
        WaitForAmsJobBuilder builder = new WaitForAmsJobBuilder("$AMS_JOB_ID");
        builder.setAccount(AmsJenkinsRule.ACCOUNT);
        builder.setCredentialsId(AmsJenkinsRule.CREDENTIALS);
        builder.setPropagate(false);
        builder.setTimeout(90);
        builder.setCancelOnAbort(true);
        builder.setPollInterval(30);

        jenkins.assertEqualDataBoundBeans(builder, jenkins.configRoundtrip(builder));
    }

    @Test
    public void theFormKeepsExpressions() throws Exception {
        WaitForAmsJobBuilder builder = new WaitForAmsJobBuilder("$AMS_JOB_ID");
        builder.setAccount("$ACCOUNT");
        builder.setCredentialsId("${CRED}");

        jenkins.assertEqualDataBoundBeans(builder, jenkins.configRoundtrip(builder));
    }

    @Test
    public void theFormAddsNothingToWhatIsNotSet() throws Exception {
        WaitForAmsJobBuilder after = jenkins.configRoundtrip(new WaitForAmsJobBuilder("$AMS_JOB_ID"));

        jenkins.assertEqualDataBoundBeans(new WaitForAmsJobBuilder("$AMS_JOB_ID"), after);
        assertNull(after.getAccount());
        assertNull(after.getCredentialsId());
    }

    @Test
    public void anEmptiedNumberIsTheDefault() throws Exception {
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
}
