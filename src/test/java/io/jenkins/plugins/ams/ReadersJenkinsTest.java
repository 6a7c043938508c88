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
import hudson.model.Item;
import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.ams.config.AmsAccount;
import io.jenkins.plugins.ams.config.AmsGlobalConfiguration;
import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.freestyle.WaitForAmsJobBuilder;
import io.jenkins.plugins.ams.testing.AmsJenkinsRule;
import java.util.ArrayList;
import java.util.List;
import jenkins.model.Jenkins;
import org.htmlunit.WebResponse;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.RuleChain;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;

/** What users who may read a job, and nothing else, see of it: what {@code docs/security.md} says. */
public class ReadersJenkinsTest {

    private static final String OTHER_ACCOUNT = "account-of-another-team";
    private static final String OTHER_CREDENTIALS = "credentials-of-another-team";

    private final AmsJenkinsRule ams = new AmsJenkinsRule();
    private final JenkinsRule j = new JenkinsRule();

    @Rule
    public final RuleChain rules = RuleChain.outerRule(ams).around(j);

    @Test
    public void readersSeeOnlyWhatABuildUsed() throws Exception {
        ams.configure();
        ams.addCredentials(OTHER_CREDENTIALS, "another secret");
        List<AmsAccount> accounts = new ArrayList<>(AmsGlobalConfiguration.get().getAccounts());
        accounts.add(new AmsAccount(OTHER_ACCOUNT, ams.emulator().endpoint().toString(), OTHER_CREDENTIALS));
        AmsGlobalConfiguration.get().setAccounts(accounts);
        EmulatedJob job = ams.addRunningJob("Encoding");
        job.fail("ErrorProcessingTask", "no");
        FreeStyleProject project = j.createFreeStyleProject("encode");
        project.getBuildersList().add(new WaitForAmsJobBuilder(job.id()));
        Run<?, ?> failed = j.buildAndAssertStatus(Result.FAILURE, project);
        j.jenkins.setSecurityRealm(j.createDummySecurityRealm());
        j.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ, Item.READ)
                .everywhere()
                .to("reader"));

        assertThat(
                seen(failed, "consoleText"),
                containsString("on account 'media-test' (credentials '" + AmsJenkinsRule.CREDENTIALS + "')"));
        for (String path : List.of("ams-jobs/", "ams-jobs/api/json?depth=5", "api/json?depth=5")) {
            String text = seen(failed, path);
            assertThat(path, text, containsString(AmsJenkinsRule.ACCOUNT));
            assertThat(path, text, not(containsString(AmsJenkinsRule.CREDENTIALS)));
        }
        for (String path :
                List.of("", "console", "ams-jobs/sections", "ams-jobs/lines", "../api/json?depth=5", "../")) {
            seen(failed, path);
        }
    }

    /** What "reader" is shown, which never is what the build did not use. */
    private String seen(Run<?, ?> run, String path) throws Exception {
        try (JenkinsRule.WebClient client = j.createWebClient().withJavaScriptEnabled(false)) {
            WebResponse response =
                    client.login("reader").goTo(run.getUrl() + path, null).getWebResponse();
            assertEquals(path, 200, response.getStatusCode());
            String text = response.getContentAsString();
            for (String hidden : List.of(
                    OTHER_ACCOUNT,
                    OTHER_CREDENTIALS,
                    ams.emulator().clientSecret(),
                    ams.emulator().clientId(),
                    ams.emulator().tenant())) {
                assertThat(path, text, not(containsString(hidden)));
            }
            return text;
        }
    }
}
